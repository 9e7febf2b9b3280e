// All kernels, for the instruction set that the including file has described, as the table
// VARIANT called VARIANT_NAME. Included once per instruction set.
#include "CEspalierKernels.h"

#pragma STDC FP_CONTRACT OFF

#include "vector.h"

#include "partial.h"

#include "product.h"

#include "elementwise.h"

#include "activation.h"

#include "rows.h"

#include "window.h"

#include "transpose.h"

#define BINARY(name) {name##_vectors, name##_vector_scalar, name##_scalar_vector}
const espalier_kernels VARIANT = {
    .name = VARIANT_NAME,
    .fused = FUSED,
    .product = compute_product,
    .relu = relu,
    .sigmoid = sigmoid,
    .hyperbolic_tangent = hyperbolic_tangent,
    .exponential = exponential,
    .logarithm = logarithm,
    .negate = negate,
    .absolute = absolute,
    .square_root = square_root,
    .add = BINARY(add),
    .subtract = BINARY(subtract),
    .multiply = BINARY(multiply),
    .divide = BINARY(divide),
    .minimum = BINARY(minimum),
    .maximum = BINARY(maximum),
    .sum = sum,
    .largest = largest,
    .softmax = softmax,
    .maximum_pool = maximum_pool,
    .average_pool = average_pool,
    .depthwise = depthwise,
    .add_scaled = add_scaled,
    .transpose = transpose,
    .reciprocal = reciprocal,
    .round_down = round_down,
    .round_up = round_up,
    .round_to_even = round_to_even,
    .sign = sign,
    .softplus = softplus,
    .softsign = softsign,
    .hard_swish = hard_swish,
    .gelu_tanh = gelu_tanh,
    .mish = mish,
    .elu = elu,
    .celu = celu,
    .leaky_relu = leaky_relu,
    .thresholded_relu = thresholded_relu,
    .hard_sigmoid = hard_sigmoid,
    .swish = swish,
    .shrink = shrink,
    .clip = clip,
    .prelu = BINARY(prelu),
    .log_softmax = log_softmax,
    .sum_of_squares = sum_of_squares,
    .add_squares = add_squares,
};
#undef BINARY
