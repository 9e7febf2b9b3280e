// Reductions of an array, and the softmax built on them.
//
// A reduction keeps 16 partial results, in as many registers as that takes, and combines them as a
// tree: i with i + 8, then with i + 4, i + 2, i + 1. So its order, and its rounding, does not depend
// on the width of the registers.

enum { PARTIALS = 16, PARTS = PARTIALS / LANES };

typedef float Quarter __attribute__((ext_vector_type(4)));

#define FOLD(name, combine)                                                                        \
  INLINE float name(const Vector parts[PARTS]) {                                                   \
    Quarter quarters[4];                                                                           \
    __builtin_memcpy(quarters, parts, sizeof quarters);                                            \
    const Quarter low = combine(quarters[0], quarters[2]);                                         \
    const Quarter high = combine(quarters[1], quarters[3]);                                        \
    const Quarter four = combine(low, high);                                                       \
    const Quarter two = combine(four, four.zwxy);                                                  \
    return combine(two, two.yxwz)[0];                                                              \
  }
#define SUM(left, right) ((left) + (right))
#define MAXIMUM(left, right) ((((left) > (right)) | ((left) != (left))) ? (left) : (right))
FOLD(fold_sum, SUM)
FOLD(fold_maximum, MAXIMUM)
#undef MAXIMUM
#undef SUM
#undef FOLD

// Runs the body for each vector of an array: `at` its first index, `lanes` how many of its lanes
// exist, `part` the partial results it goes to.
#define FOR_EACH_VECTOR(count, body)                                                               \
  size_t start = 0;                                                                                \
  for (; start + PARTIALS <= count; start += PARTIALS)                                             \
    UNROLLED for (size_t part = 0; part < PARTS; part++) {                                         \
      const size_t at = start + part * LANES, lanes = LANES;                                       \
      body                                                                                         \
    }                                                                                              \
  for (size_t part = 0, at = start; at < count; part++, at += LANES) {                             \
    const size_t lanes = lanes_at(at, count);                                                      \
    body                                                                                           \
  }

static float sum(const float *input, size_t count) {
  Vector totals[PARTS];
  UNROLLED for (size_t part = 0; part < PARTS; part++)
    totals[part] = splat(0);
  FOR_EACH_VECTOR(count, { totals[part] += load_up_to(input + at, lanes, 0); })
  return fold_sum(totals);
}

static float sum_of_squares(const float *input, size_t count) {
  Vector totals[PARTS];
  UNROLLED for (size_t part = 0; part < PARTS; part++)
    totals[part] = splat(0);
  FOR_EACH_VECTOR(count, {
    const Vector x = load_up_to(input + at, lanes, 0);
    totals[part] = multiply_add(x, x, totals[part]);
  })
  return fold_sum(totals);
}

static float largest(const float *input, size_t count) {
  const float lowest = -__builtin_inff();
  Vector tops[PARTS];
  UNROLLED for (size_t part = 0; part < PARTS; part++)
    tops[part] = splat(lowest);
  FOR_EACH_VECTOR(count, {
    tops[part] = maximum_of(tops[part], load_up_to(input + at, lanes, lowest));
  })
  return fold_maximum(tops);
}

static void softmax_row(const float *input, float *output, size_t count) {
  const float top = largest(input, count);
  Vector totals[PARTS];
  UNROLLED for (size_t part = 0; part < PARTS; part++)
    totals[part] = splat(0);
  FOR_EACH_VECTOR(count, {
    const Vector e = exponential_of(load_up_to(input + at, lanes, -__builtin_inff()) - top);
    store_up_to(output + at, e, lanes);
    totals[part] += e;
  })
  divide_vector_scalar(output, fold_sum(totals), output, count);
}

// (x - m) - log(sum of e^(x - m)), m the largest number.
static void log_softmax_row(const float *input, float *output, size_t count) {
  const float top = largest(input, count);
  Vector totals[PARTS];
  UNROLLED for (size_t part = 0; part < PARTS; part++)
    totals[part] = splat(0);
  FOR_EACH_VECTOR(count, {
    totals[part] += exponential_of(load_up_to(input + at, lanes, -__builtin_inff()) - top);
  })
  const Vector logarithm = logarithm_of(splat(fold_sum(totals)));
  for (size_t i = 0; i < count; i += LANES) {
    const size_t lanes = lanes_at(i, count);
    store_up_to(output + i, load_up_to(input + i, lanes, 0) - top - logarithm, lanes);
  }
}
#undef FOR_EACH_VECTOR

static void softmax(const float *input, float *output, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++)
    softmax_row(input + row * columns, output + row * columns, columns);
}

static void log_softmax(const float *input, float *output, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++)
    log_softmax_row(input + row * columns, output + row * columns, columns);
}
