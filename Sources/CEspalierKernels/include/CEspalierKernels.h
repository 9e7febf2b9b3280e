/// Arithmetic kernels on 32-bit floats, compiled once per instruction set.
///
/// Every kernel combines numbers in one order that does not depend on the width of the registers.
/// Variants that fuse multiplication and addition therefore give the same bits on every machine; a
/// variant that cannot fuse rounds twice and differs in the last bits.
///
/// Kernels allocate nothing, keep no state, and touch no memory outside the arrays they are given
/// and up to 40 kB of stack (4 kB on microcontrollers).
/// Sizes are trusted: the callers check them. Unless said otherwise, an output may be the same array
/// as an input but must not overlap it in any other way.
#ifndef ESPALIER_KERNELS_H
#define ESPALIER_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/// One product of matrices: c = start + a * b.
///
/// a is [rows, depth] with any strides, b is [depth, columns] and c is [rows, columns] with
/// contiguous rows; strides count floats. The start value of an element is its old value if
/// `accumulate`, otherwise zero, plus the element of `bias` [columns] if that is not NULL.
/// Each element is one chain of multiply-adds in ascending depth, so that a row of the result does
/// not depend on the number of rows or on any other row. c must not overlap a, b or bias.
typedef struct {
  size_t rows, columns, depth;
  const float *a;
  ptrdiff_t a_row_stride, a_column_stride;
  const float *b;
  ptrdiff_t b_row_stride;
  float *c;
  ptrdiff_t c_row_stride;
  const float *bias;
  bool accumulate;
} espalier_product;

/// The taps of a sliding window that lie inside the input, along depth, height and width:
/// how many there are and how many floats lie between neighbours.
typedef struct {
  size_t taps[3];
  ptrdiff_t input_stride[3];
} espalier_window;

/// output[i] = f(input[i]).
typedef void espalier_unary(const float *input, float *output, size_t count);

/// output[i] = f(input[i]) with the parameters of f.
typedef void espalier_parametric(const float *input, float *output, size_t count, float alpha,
                                 float beta);

/// One binary function, with either side a vector or one number.
typedef struct {
  /// output[i] = f(left[i], right[i])
  void (*vectors)(const float *left, const float *right, float *output, size_t count);
  /// output[i] = f(left[i], right)
  void (*vector_scalar)(const float *left, float right, float *output, size_t count);
  /// output[i] = f(left, right[i])
  void (*scalar_vector)(float left, const float *right, float *output, size_t count);
} espalier_binary;

/// The kernels compiled for one instruction set.
typedef struct {
  /// Name of the instruction set, for people.
  const char *name;
  /// Whether multiplication and addition round once, which makes results equal across machines.
  bool fused;

  void (*product)(const espalier_product *product);

  /// relu keeps NaN and -0. Errors in units in the last place stay below 1.1 for exponential, 1 for
  /// logarithm, 2.5 for sigmoid and 1.5 for hyperbolic_tangent; square_root is correctly rounded.
  espalier_unary *relu, *sigmoid, *hyperbolic_tangent, *exponential, *logarithm, *negate, *absolute,
      *square_root;

  /// minimum and maximum give NaN if either side is NaN, and the right one of equal values.
  espalier_binary add, subtract, multiply, divide, minimum, maximum;

  /// Sum over an array: partial sum i < 16 adds the elements i, i + 16, ...; then they are added as
  /// a tree, i with i + 8, i + 4, i + 2, i + 1.
  float (*sum)(const float *input, size_t count);
  /// Largest element; -infinity if there is none, NaN if one is NaN.
  float (*largest)(const float *input, size_t count);
  /// output[r][i] = exp(input[r][i] - m) / sum over j of exp(input[r][j] - m), m the row's largest.
  /// A row whose largest element is infinite or NaN has no softmax: all of it becomes NaN.
  void (*softmax)(const float *input, float *output, size_t rows, size_t columns);

  /// output[c] = the largest of input[c] over the window; -infinity for a window without taps.
  void (*maximum_pool)(const float *input, const espalier_window *window, float *output,
                       size_t channels);
  /// output[c] = (sum of input[c] over the window) / divisor.
  void (*average_pool)(const float *input, const espalier_window *window, float divisor,
                       float *output, size_t channels);
  /// output[c] = bias[c] + sum over taps of input[c] * weights[c], in ascending taps; bias may be
  /// NULL. weights points at the first tap of the window, weight_stride as input_stride.
  /// output must not overlap an input.
  void (*depthwise)(const float *input, const espalier_window *window, const float *weights,
                    const ptrdiff_t *weight_stride, const float *bias, float *output,
                    size_t channels);

  /// y[i] += scale * x[i].
  void (*add_scaled)(float scale, const float *x, float *y, size_t count);
  /// output[j][i] = input[i][j]; output is [columns, rows] and must not overlap input.
  void (*transpose)(const float *input, float *output, size_t rows, size_t columns);

  /// round_to_even rounds half-way numbers to even ones; sign keeps NaN and zeros; hard_swish is
  /// x * min(max(x + 3, 0), 6) / 6; gelu_tanh is x * sigmoid(1.5957691 (x + 0.044715 x^3)).
  /// reciprocal is correctly rounded; errors of the others that round stay below 2 units in the last
  /// place, and those of gelu_tanh, mish and swish below 6 units of the larger of |result| and
  /// |x| / 64.
  espalier_unary *reciprocal, *round_down, *round_up, *round_to_even, *sign, *softplus, *softsign,
      *hard_swish, *gelu_tanh, *mish;

  /// elu is beta * (x > 0 ? x : alpha (e^x - 1)); celu x > 0 ? x : alpha (e^(x / alpha) - 1);
  /// leaky_relu x < 0 ? alpha x : x; thresholded_relu x > alpha ? x : 0;
  /// hard_sigmoid min(max(alpha x + beta, 0), 1); swish x * sigmoid(alpha x);
  /// shrink x < -alpha ? x + beta : x > alpha ? x - beta : 0; clip min(max(x, alpha), beta).
  espalier_parametric *elu, *celu, *leaky_relu, *thresholded_relu, *hard_sigmoid, *swish, *shrink,
      *clip;

  /// left < 0 ? left * right : left.
  espalier_binary prelu;

  /// output[r][i] = input[r][i] - m - log(sum over j of exp(input[r][j] - m)), m the row's largest.
  /// A row whose largest element is infinite or NaN has none: all of it becomes NaN.
  void (*log_softmax)(const float *input, float *output, size_t rows, size_t columns);
  /// Sum of the squares over an array, in the order of `sum`.
  float (*sum_of_squares)(const float *input, size_t count);
  /// y[i] += x[i] * x[i].
  void (*add_squares)(const float *x, float *y, size_t count);
} espalier_kernels;

/// Number of variants this machine can run; at least one.
size_t espalier_kernels_count(void);

/// The variant at `index`, from the plainest to the fastest; index < espalier_kernels_count().
const espalier_kernels *espalier_kernels_at(size_t index);

/// The fastest variant this machine can run, found at the first call; safe from any thread.
const espalier_kernels *espalier_kernels_best(void);

/// Functions of the C library, element by element, for which there are no kernels; with glibc,
/// errors stay below 2 units in the last place.
espalier_unary espalier_erf, espalier_sine, espalier_cosine, espalier_tangent, espalier_arc_sine,
    espalier_arc_cosine, espalier_arc_tangent, espalier_hyperbolic_sine, espalier_hyperbolic_cosine,
    espalier_area_sine, espalier_area_cosine, espalier_area_tangent;

/// output[i] = input[i] times the share of the normal distribution below it. Errors stay below 6
/// units in the last place of the larger of |output[i]| and |input[i]| / 64.
espalier_unary espalier_gelu;

/// output[i] = f(left[i * left_step], right[i * right_step]); a step is 1, or 0 for one number.
typedef void espalier_pairwise(const float *left, size_t left_step, const float *right,
                               size_t right_step, float *output, size_t count);

/// left to the power of right.
espalier_pairwise espalier_power;
/// The remainder of a division that is rounded toward zero: it has the sign of left.
espalier_pairwise espalier_remainder;
/// The remainder of a division that is rounded down: it has the sign of right.
espalier_pairwise espalier_modulo;

/// left to the power of right.
double espalier_power_of(double left, double right);
/// The remainder of a division that is rounded toward zero: it has the sign of left.
double espalier_remainder_of(double left, double right);

#endif
