// The kernels for x86 with AVX-512: 32 registers of 16 floats, and masks.
#include "variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VARIANT espalier_kernels_avx512
#define VARIANT_NAME "AVX-512"
#define LANES 16
#define FUSED 1
#define MASKED_LOADS 1
#define TILE_ROWS 12
#define TILE_SHAPES(SHAPE) SHAPE(12, 2) SHAPE(8, 2) SHAPE(4, 4) SHAPE(2, 8) SHAPE(1, 8)
#define PANEL_FLOATS 8192
#define PACKING_ROWS 48

#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#include "vector.h"

INLINE Vector load_first(const float *source, size_t count, float rest) {
  const __mmask16 lanes = (__mmask16)((1u << count) - 1);
  return (Vector)_mm512_mask_loadu_ps(_mm512_set1_ps(rest), lanes, source);
}

INLINE void store_first(float *target, Vector value, size_t count) {
  const __mmask16 lanes = (__mmask16)((1u << count) - 1);
  _mm512_mask_storeu_ps(target, lanes, (__m512)value);
}

#include "kernels.h"
#pragma clang attribute pop
#endif
