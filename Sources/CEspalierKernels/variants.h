// The tables that this build contains.
#include "CEspalierKernels.h"

extern const espalier_kernels espalier_kernels_baseline;
#if defined(__x86_64__)
extern const espalier_kernels espalier_kernels_avx2;
extern const espalier_kernels espalier_kernels_avx512;
#endif
