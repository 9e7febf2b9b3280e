// Loops over functions of the C library. The same code serves every instruction set.
#include "CEspalierKernels.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

static float gelu(float x) { return 0.5f * x * erfcf(-0x1.6a09e6p-1f * x); }

// fmod is exact, and so is the step from a remainder of the other sign unless the divisor is tiny beside it.
static float modulo(float left, float right) {
  const float rest = fmodf(left, right);
  if (rest == 0)
    return copysignf(rest, right);
  return (rest < 0) == (right < 0) ? rest : rest + right;
}

#define UNARY(name, function)                                                                      \
  void espalier_##name(const float *input, float *output, size_t count) {                          \
    for (size_t i = 0; i < count; i++)                                                             \
      output[i] = function(input[i]);                                                              \
  }
UNARY(erf, erff)
UNARY(sine, sinf)
UNARY(cosine, cosf)
UNARY(tangent, tanf)
UNARY(arc_sine, asinf)
UNARY(arc_cosine, acosf)
UNARY(arc_tangent, atanf)
UNARY(hyperbolic_sine, sinhf)
UNARY(hyperbolic_cosine, coshf)
UNARY(area_sine, asinhf)
UNARY(area_cosine, acoshf)
UNARY(area_tangent, atanhf)
UNARY(gelu, gelu)
#undef UNARY

#define PAIRWISE(name, function)                                                                   \
  void espalier_##name(const float *left, size_t left_step, const float *right, size_t right_step, \
                       float *output, size_t count) {                                              \
    for (size_t i = 0; i < count; i++)                                                             \
      output[i] = function(left[i * left_step], right[i * right_step]);                            \
  }
PAIRWISE(power, powf)
PAIRWISE(remainder, fmodf)
PAIRWISE(modulo, modulo)
#undef PAIRWISE

double espalier_power_of(double left, double right) { return pow(left, right); }

double espalier_remainder_of(double left, double right) { return fmod(left, right); }
