#include "espalier.h"

// The header is the interface; its functions are written in Swift, in EspalierC.
_Static_assert(sizeof(espalier_error) == 512, "the error of version 1 has 512 bytes");
