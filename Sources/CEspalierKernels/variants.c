// Which variants this machine can run.
#include "variants.h"

#include <stdatomic.h>

static const espalier_kernels *const variants[] = {
    &espalier_kernels_baseline,
#if defined(__x86_64__)
    &espalier_kernels_avx2,
    &espalier_kernels_avx512,
#endif
};

// Every variant needs all that the one before it needs.
size_t espalier_kernels_count(void) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
    return 1;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl") ||
      !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512dq"))
    return 2;
#endif
  return sizeof variants / sizeof variants[0];
}

const espalier_kernels *espalier_kernels_at(size_t index) { return variants[index]; }

const espalier_kernels *espalier_kernels_best(void) {
  // Threads that race here all store the same pointer to constant data.
  static _Atomic(const espalier_kernels *) best;
  const espalier_kernels *found = atomic_load_explicit(&best, memory_order_relaxed);
  if (found == NULL) {
    found = variants[espalier_kernels_count() - 1];
    atomic_store_explicit(&best, found, memory_order_relaxed);
  }
  return found;
}
