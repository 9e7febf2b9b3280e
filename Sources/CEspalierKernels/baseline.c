// The kernels for whatever the target can do without asking: SSE2, NEON or scalar registers.
#include "variants.h"

#define VARIANT espalier_kernels_baseline
#define LANES 4
#define MASKED_LOADS 0

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__riscv_f)
#define FUSED 1
#else
#define FUSED 0
#endif

#if defined(__aarch64__)
#define VARIANT_NAME "NEON"
#define TILE_ROWS 6
#define TILE_SHAPES(SHAPE) SHAPE(6, 4) SHAPE(4, 4) SHAPE(2, 8) SHAPE(1, 8)
#define PANEL_FLOATS 4096
#elif defined(__SSE2__)
#define VARIANT_NAME "SSE2"
#define TILE_ROWS 6
#define TILE_SHAPES(SHAPE) SHAPE(6, 2) SHAPE(4, 2) SHAPE(2, 4) SHAPE(1, 8)
#define PANEL_FLOATS 4096
#else
// A microcontroller: scalar registers, a small stack and little room for code.
#define VARIANT_NAME "scalar"
#define TILE_ROWS 2
#define TILE_SHAPES(SHAPE) SHAPE(2, 2) SHAPE(1, 2)
#define PANEL_FLOATS 512
#endif
#define PACKING_ROWS 48

#include "kernels.h"
