#include <zlib.h>

// zlib's initialisers are macros, which Swift does not import.

static inline int espalier_inflate_init(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

static inline int espalier_deflate_init(
    z_stream *stream, int level, int window_bits, int strategy) {
  // The most memory: the longest blocks, each of which costs a table of codes.
  return deflateInit2(stream, level, Z_DEFLATED, window_bits, 9, strategy);
}
