// Vectors of floats as wide as the registers, and the few operations on them that C does not spell.
//
// The including file says what the instruction set can do:
//   LANES         floats in a register: 4, 8 or 16
//   FUSED         1 if multiply-add is one instruction that rounds once
//   MASKED_LOADS  1 if it defines load_first and store_first itself, with masks
#ifndef ESPALIER_VECTOR_H
#define ESPALIER_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline, unused))
#define UNROLLED _Pragma("clang loop unroll(full)")

typedef float Vector __attribute__((ext_vector_type(LANES)));
typedef int32_t Integers __attribute__((ext_vector_type(LANES)));
typedef uint32_t Bits __attribute__((ext_vector_type(LANES)));

INLINE Vector splat(float value) { return (Vector)(value); }

INLINE Vector load(const float *source) {
  Vector result;
  __builtin_memcpy(&result, source, sizeof result);
  return result;
}

INLINE void store(float *target, Vector value) {
  __builtin_memcpy(target, &value, sizeof value);
}

// x * y + z
INLINE Vector multiply_add(Vector x, Vector y, Vector z) {
#if FUSED
  return __builtin_elementwise_fma(x, y, z);
#else
  return x * y + z;
#endif
}

INLINE Vector minimum_of(Vector left, Vector right) {
  return ((left < right) | (left != left)) ? left : right;
}

INLINE Vector maximum_of(Vector left, Vector right) {
  return ((left > right) | (left != left)) ? left : right;
}

#endif
