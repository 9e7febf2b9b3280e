#include "espalier-system.h"

#if defined(__GLIBC__)

#include <malloc.h>

void espalier_return_freed_memory(void) { mallopt(M_MMAP_THRESHOLD, 1 << 16); }

#else

void espalier_return_freed_memory(void) {}

#endif
