// The kernels for x86 with AVX2 and FMA: 16 registers of 8 floats.
#include "variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VARIANT espalier_kernels_avx2
#define VARIANT_NAME "AVX2"
#define LANES 8
#define FUSED 1
#define MASKED_LOADS 1
#define TILE_ROWS 6
#define TILE_SHAPES(SHAPE) SHAPE(6, 2) SHAPE(4, 2) SHAPE(2, 4) SHAPE(1, 8)
#define PANEL_FLOATS 4096
#define PACKING_ROWS 48

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "vector.h"

INLINE __m256i first_lanes(size_t count) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lane);
}

INLINE Vector load_first(const float *source, size_t count, float rest) {
  const __m256i lanes = first_lanes(count);
  const __m256 values = _mm256_maskload_ps(source, lanes);
  return (Vector)_mm256_blendv_ps(_mm256_set1_ps(rest), values, _mm256_castsi256_ps(lanes));
}

INLINE void store_first(float *target, Vector value, size_t count) {
  _mm256_maskstore_ps(target, first_lanes(count), (__m256)value);
}

#include "kernels.h"
#pragma clang attribute pop
#endif
