// Activation functions and roundings, built on the functions of elementwise.h.

// e^x - 1 = 2^n (e^r - 1) + (2^n - 1), which cancels nothing while n is small; elsewhere e^x - 1.
INLINE Vector exponential_minus_one_of(Vector x) {
  Integers power;
  const Vector rest = reduced_exponential(x, &power);
  const Vector scale = scale_by_power(splat(1.0f), power);
  const Vector near = multiply_add(rest, scale, scale - 1.0f);
  const Vector far = scale_by_power(rest + 1.0f, power) - 1.0f;
  const Vector result = ((power > -25) & (power < 25)) ? near : far;
  return x == 0 ? x : result;
}

// log(1 + x) for x from 0 to 1: the logarithm of the rounded sum u, and what rounding took from it.
INLINE Vector logarithm_of_one_plus(Vector x) {
  const Vector u = 1.0f + x;
  return logarithm_of(u) + (x - (u - 1.0f)) / u;
}

INLINE Vector reciprocal_of(Vector x) { return 1.0f / x; }
INLINE Vector floor_of(Vector x) { return __builtin_elementwise_floor(x); }
INLINE Vector ceil_of(Vector x) { return __builtin_elementwise_ceil(x); }
INLINE Vector round_of(Vector x) { return __builtin_elementwise_rint(x); }
INLINE Vector sign_of(Vector x) { return x > 0 ? splat(1) : x < 0 ? splat(-1) : x; }
INLINE Vector softsign_of(Vector x) { return x / (1.0f + __builtin_elementwise_abs(x)); }

// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).
INLINE Vector softplus_of(Vector x) {
  return relu_of(x) + logarithm_of_one_plus(exponential_of(-__builtin_elementwise_abs(x)));
}

INLINE Vector hard_swish_of(Vector x) {
  return x * (minimum_of(maximum_of(x + 3.0f, splat(0)), splat(6)) / 6.0f);
}

// (1 + tanh u) / 2 is the sigmoid of 2u.
INLINE Vector gelu_tanh_of(Vector x) {
  const Vector cubic = multiply_add(x * x, splat(0.044715f), splat(1.0f)) * x;
  return x * sigmoid_of(0x1.988454p0f * cubic);
}

// tanh(log(1 + e)) = (e^2 + 2e) / (e^2 + 2e + 2) with e = e^x, divided by e^2 where that is large.
INLINE Vector mish_of(Vector x) {
  const Vector e = exponential_of(-__builtin_elementwise_abs(x));
  const Vector above = 1.0f + 2.0f * e;
  const Vector below = e * (e + 2.0f);
  return x * (x < 0 ? below / (below + 2.0f) : above / (above + 2.0f * e * e));
}

UNARY(reciprocal, reciprocal_of)
UNARY(round_down, floor_of)
UNARY(round_up, ceil_of)
UNARY(round_to_even, round_of)
UNARY(sign, sign_of)
UNARY(softplus, softplus_of)
UNARY(softsign, softsign_of)
UNARY(hard_swish, hard_swish_of)
UNARY(gelu_tanh, gelu_tanh_of)
UNARY(mish, mish_of)
#undef UNARY

INLINE Vector elu_of(Vector x, float alpha, float beta) {
  return beta * (x > 0 ? x : alpha * exponential_minus_one_of(x));
}
INLINE Vector celu_of(Vector x, float alpha, float beta) {
  return x > 0 ? x : alpha * exponential_minus_one_of(x / alpha);
}
INLINE Vector leaky_relu_of(Vector x, float alpha, float beta) { return x < 0 ? alpha * x : x; }
INLINE Vector thresholded_relu_of(Vector x, float alpha, float beta) {
  return x > alpha ? x : splat(0);
}
INLINE Vector hard_sigmoid_of(Vector x, float alpha, float beta) {
  const Vector line = multiply_add(x, splat(alpha), splat(beta));
  return minimum_of(maximum_of(line, splat(0)), splat(1));
}
INLINE Vector swish_of(Vector x, float alpha, float beta) { return x * sigmoid_of(alpha * x); }
INLINE Vector shrink_of(Vector x, float alpha, float beta) {
  return x < -alpha ? x + beta : x > alpha ? x - beta : splat(0);
}
INLINE Vector clip_of(Vector x, float alpha, float beta) {
  return minimum_of(maximum_of(x, splat(alpha)), splat(beta));
}

#define PARAMETRIC(name)                                                                           \
  static void name(const float *input, float *output, size_t count, float alpha, float beta) {     \
    size_t i = 0;                                                                                  \
    for (; i + LANES <= count; i += LANES)                                                         \
      store(output + i, name##_of(load(input + i), alpha, beta));                                  \
    if (i < count)                                                                                 \
      store_first(output + i, name##_of(load_first(input + i, count - i, 0), alpha, beta),         \
                  count - i);                                                                      \
  }
PARAMETRIC(elu)
PARAMETRIC(celu)
PARAMETRIC(leaky_relu)
PARAMETRIC(thresholded_relu)
PARAMETRIC(hard_sigmoid)
PARAMETRIC(swish)
PARAMETRIC(shrink)
PARAMETRIC(clip)
#undef PARAMETRIC
