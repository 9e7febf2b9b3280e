// Functions of one or two arrays, element by element.
//
// The polynomials are minimax fits of the relative error of the whole function (Remez exchange in
// 40 digits, coefficients then rounded to single precision).

// x * 2^exponent for exponents from -252 to 254, in two steps so that each factor is a normal number.
INLINE Vector scale_by_power(Vector x, Integers exponent) {
  const Integers half = exponent >> 1;
  const Bits first = (Bits)(half + 127) << 23;
  const Bits second = (Bits)(exponent - half + 127) << 23;
  return x * (Vector)first * (Vector)second;
}

// e^x = 2^n e^r with n = round(x / ln 2), |r| <= ln 2 / 2 and e^r = 1 + r + r^2 p(r): gives n, and
// e^r - 1 as the result. Beyond what floats hold, x is taken to be where e^x is 0 or infinite.
INLINE Vector reduced_exponential(Vector x, Integers *power) {
  x = x < -104.0f ? splat(-104.0f) : x;
  x = x > 89.0f ? splat(89.0f) : x;
  // Adding 1.5 * 2^23 leaves the rounded number in the low bits.
  const Vector shift = splat(0x1.8p23f);
  const Vector shifted = multiply_add(x, splat(0x1.715476p0f), shift);
  const Vector n = shifted - shift;
  // ln 2 in two parts, the first so short that its product with n is exact.
  Vector r = multiply_add(n, splat(-0x1.63p-1f), x);
  r = multiply_add(n, splat(0x1.bd0106p-13f), r);
  Vector p = splat(0x1.6ac74ep-10f);
  p = multiply_add(p, r, splat(0x1.123dep-7f));
  p = multiply_add(p, r, splat(0x1.555858p-5f));
  p = multiply_add(p, r, splat(0x1.55548cp-3f));
  p = multiply_add(p, r, splat(0x1.fffffcp-2f));
  *power = (Integers)shifted - (Integers)shift;
  return multiply_add(p, r * r, r);
}

INLINE Vector exponential_of(Vector x) {
  Integers power;
  const Vector rest = reduced_exponential(x, &power);
  return scale_by_power(rest + 1.0f, power);
}

// log x = n ln 2 + log(1 + f) with 1 + f from sqrt(1/2) to sqrt(2) and
// log(1 + f) = f - f^2 / 2 + f^3 p(f).
INLINE Vector logarithm_of(Vector x) {
  const Integers subnormal = x < 0x1p-126f;
  const Integers bits = (Integers)(subnormal ? x * 0x1p25f : x);
  const Integers n = (bits - 0x3f3504f3) >> 23;
  const Vector f = (Vector)((Bits)bits - ((Bits)n << 23)) - 1.0f;
  const Vector exponent = __builtin_convertvector(n - (subnormal & 25), Vector);
  Vector p = splat(-0x1.38b57ep-4f);
  p = multiply_add(p, f, splat(0x1.055b68p-3f));
  p = multiply_add(p, f, splat(-0x1.0d8542p-3f));
  p = multiply_add(p, f, splat(0x1.22da1ep-3f));
  p = multiply_add(p, f, splat(-0x1.547244p-3f));
  p = multiply_add(p, f, splat(0x1.99a008p-3f));
  p = multiply_add(p, f, splat(-0x1.000226p-2f));
  p = multiply_add(p, f, splat(0x1.555554p-2f));
  const Vector square = f * f;
  Vector rest = multiply_add(exponent, splat(-0x1.bd0106p-13f), p * f * square);
  rest = multiply_add(square, splat(-0.5f), rest);
  const Vector result = multiply_add(exponent, splat(0x1.63p-1f), f + rest);
  const Vector edge = x == 0 ? splat(-__builtin_inff()) : splat(__builtin_nanf(""));
  return x > 0 ? (x == __builtin_inff() ? x : result) : edge;
}

// 1 / (1 + e^-x), computed from e^-|x| so that nothing overflows.
INLINE Vector sigmoid_of(Vector x) {
  const Vector e = exponential_of(-__builtin_elementwise_abs(x));
  return (x < 0 ? e : splat(1.0f)) / (1.0f + e);
}

// Near zero |x| + |x|^3 p(x^2), elsewhere 1 - 2 / (e^2|x| + 1), with the sign of x.
INLINE Vector hyperbolic_tangent_of(Vector x) {
  const Vector size = __builtin_elementwise_abs(x);
  const Vector square = x * x;
  Vector p = splat(-0x1.828776p-8f);
  p = multiply_add(p, square, splat(0x1.54c3c2p-6f));
  p = multiply_add(p, square, splat(-0x1.b89abap-5f));
  p = multiply_add(p, square, splat(0x1.1109bep-3f));
  p = multiply_add(p, square, splat(-0x1.55553ep-2f));
  const Vector near = multiply_add(p, size * square, size);
  const Vector far = 1.0f - 2.0f / (exponential_of(2.0f * size) + 1.0f);
  const Vector result = size < 0.6f ? near : far;
  const Bits sign = (Bits)x & 0x80000000u;
  return (Vector)((Bits)result | sign);
}

INLINE Vector relu_of(Vector x) { return x < 0 ? splat(0) : x; }
INLINE Vector negate_of(Vector x) { return -x; }
INLINE Vector absolute_of(Vector x) { return __builtin_elementwise_abs(x); }
INLINE Vector square_root_of(Vector x) { return __builtin_elementwise_sqrt(x); }

#define UNARY(name, function)                                                                      \
  static void name(const float *input, float *output, size_t count) {                              \
    size_t i = 0;                                                                                  \
    for (; i + LANES <= count; i += LANES)                                                         \
      store(output + i, function(load(input + i)));                                                \
    if (i < count)                                                                                 \
      store_first(output + i, function(load_first(input + i, count - i, 0)), count - i);           \
  }
UNARY(relu, relu_of)
UNARY(sigmoid, sigmoid_of)
UNARY(hyperbolic_tangent, hyperbolic_tangent_of)
UNARY(exponential, exponential_of)
UNARY(logarithm, logarithm_of)
UNARY(negate, negate_of)
UNARY(absolute, absolute_of)
UNARY(square_root, square_root_of)

INLINE Vector add_of(Vector left, Vector right) { return left + right; }
INLINE Vector subtract_of(Vector left, Vector right) { return left - right; }
INLINE Vector multiply_of(Vector left, Vector right) { return left * right; }
INLINE Vector divide_of(Vector left, Vector right) { return left / right; }
INLINE Vector prelu_of(Vector left, Vector right) { return left < 0 ? left * right : left; }

#define BINARY_FORM(name, left_type, right_type, function, left_at, left_rest, right_at, right_rest)  \
  static void name(left_type left, right_type right, float *output, size_t count) {                \
    size_t i = 0;                                                                                  \
    for (; i + LANES <= count; i += LANES)                                                         \
      store(output + i, function(left_at, right_at));                                              \
    if (i < count)                                                                                 \
      store_first(output + i, function(left_rest, right_rest), count - i);                         \
  }
#define BINARY(name, function)                                                                     \
  BINARY_FORM(name##_vectors, const float *, const float *, function, load(left + i),              \
              load_first(left + i, count - i, 1), load(right + i),                                 \
              load_first(right + i, count - i, 1))                                                 \
  BINARY_FORM(name##_vector_scalar, const float *, float, function, load(left + i),                \
              load_first(left + i, count - i, 1), splat(right), splat(right))                      \
  BINARY_FORM(name##_scalar_vector, float, const float *, function, splat(left), splat(left),      \
              load(right + i), load_first(right + i, count - i, 1))
BINARY(add, add_of)
BINARY(subtract, subtract_of)
BINARY(multiply, multiply_of)
BINARY(divide, divide_of)
BINARY(minimum, minimum_of)
BINARY(maximum, maximum_of)
BINARY(prelu, prelu_of)
#undef BINARY
#undef BINARY_FORM

static void add_scaled(float scale, const float *x, float *y, size_t count) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    store(y + i, multiply_add(splat(scale), load(x + i), load(y + i)));
  if (i < count) {
    const Vector rest = load_first(x + i, count - i, 0);
    const Vector start = load_first(y + i, count - i, 0);
    store_first(y + i, multiply_add(splat(scale), rest, start), count - i);
  }
}

static void add_squares(const float *x, float *y, size_t count) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    store(y + i, multiply_add(load(x + i), load(x + i), load(y + i)));
  if (i < count) {
    const Vector rest = load_first(x + i, count - i, 0);
    store_first(y + i, multiply_add(rest, rest, load_first(y + i, count - i, 0)), count - i);
  }
}
