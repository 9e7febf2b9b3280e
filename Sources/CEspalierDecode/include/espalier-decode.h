// The inner loops of reading weights: checksums, bare deflate streams of literals, byte planes.
//
// Nothing here allocates memory or calls the operating system. No function reads beyond its input or writes beyond
// its output, whatever the bytes are.
#ifndef ESPALIER_DECODE_H
#define ESPALIER_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The CRC-32 (ISO 3309, as zlib computes it) of bytes that follow others of CRC-32 `crc`; 0 when there are none.
uint32_t espalier_crc32(uint32_t crc, const void *bytes, size_t count);

// The CRC-32 of bytes, given those of a first and a second piece and the length of the second.
uint32_t espalier_crc32_joined(uint32_t first, uint32_t second, size_t second_count);

enum {
  espalier_lookup_bits = 10,
  espalier_code_bits = 15,
  espalier_symbols = 288,
};

// A prefix code as RFC 1951 defines it: how many codes there are of each length, and their symbols in order.
typedef struct {
  uint16_t counts[espalier_code_bits + 1];
  uint16_t symbols[espalier_symbols];
} espalier_code;

// What `espalier_inflate_literals` works in; nothing in it has to be set before, or outlives a call.
typedef struct {
  // For the next bits of the input the literals that they stand for: how many bits those take in bits 0 to 7, how
  // many literals they are in bits 8 to 15, and then up to six literals.
  uint64_t runs[1 << espalier_lookup_bits];
  // For the next bits the first symbol times 16 plus its length, or 0 when its code is longer.
  uint16_t firsts[1 << espalier_lookup_bits];
  espalier_code code;
  uint8_t lengths[espalier_symbols + 32];
} espalier_literals;

// Inflates a bare deflate stream (RFC 1951) that holds literals and no matches.
//
// Returns true only when the stream is valid, ends with the input and fills the output. False says nothing of the
// stream's validity: it may hold a match, or a code that this decoder leaves to others. The output is then undefined.
bool espalier_inflate_literals(
    espalier_literals *work, const uint8_t *input, size_t input_count, uint8_t *output,
    size_t output_count);

// Puts numbers of 2 or 4 bytes together from their byte planes and rotates each right by one bit.
//
// Plane p begins at `planes + p * stride` and holds byte p, the least significant first, of each number.
void espalier_join_planes2(const uint8_t *planes, size_t stride, uint8_t *numbers, size_t count);
void espalier_join_planes4(const uint8_t *planes, size_t stride, uint8_t *numbers, size_t count);

// Puts four bytes of each number of 8 bytes together from four byte planes; `numbers` is where those of the first go.
void espalier_join_half_planes8(
    const uint8_t *planes, size_t stride, uint8_t *numbers, size_t count);

#endif
