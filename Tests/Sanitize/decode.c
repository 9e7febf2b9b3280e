// Runs the loops of CEspalierDecode over valid, shortened, damaged and random input, against zlib, in allocations that
// end where input and output do, so that AddressSanitizer sees every byte too far. tools/sanitize builds and runs it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "espalier-decode.h"

static uint64_t state = 1;

// SplitMix64 (Steele, Lea, Flood 2014).
static uint64_t next_random(void) {
  uint64_t mixed = state += 0x9E3779B97F4A7C15;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
  return mixed ^ mixed >> 31;
}

static void expect(bool holds, const char *what, unsigned round) {
  if (holds) return;
  fprintf(stderr, "sanitize: round %u: %s\n", round, what);
  exit(1);
}

static uint8_t *allocate(size_t count) {
  uint8_t *bytes = malloc(count > 0 ? count : 1);
  if (bytes == NULL) abort();
  return bytes;
}

static void fill(uint8_t *bytes, size_t count, unsigned distribution) {
  for (size_t index = 0; index < count; index++) {
    const uint64_t bits = next_random();
    switch (distribution) {
      case 0: bytes[index] = 7; break;
      case 1: bytes[index] = (uint8_t)(120 + __builtin_ctzll(bits | 1ull << 40)); break;
      case 2: bytes[index] = (uint8_t)(bits & bits >> 8); break;
      default: bytes[index] = (uint8_t)bits; break;
    }
  }
}

static size_t deflated(
    const uint8_t *bytes, size_t count, uint8_t *stream, size_t capacity, unsigned kind) {
  static const int levels[] = {9, 0, 9, 9}, strategies[] = {Z_HUFFMAN_ONLY, 0, Z_FIXED, 0};
  z_stream z = {0};
  if (deflateInit2(&z, levels[kind], Z_DEFLATED, -15, 8, strategies[kind]) != Z_OK) abort();
  z.next_in = (uint8_t *)bytes;
  z.avail_in = (uInt)count;
  z.next_out = stream;
  z.avail_out = (uInt)capacity;
  if (deflate(&z, Z_FINISH) != Z_STREAM_END) abort();
  deflateEnd(&z);
  return z.total_out;
}

static bool inflated(const uint8_t *stream, size_t stream_count, uint8_t *bytes, size_t count) {
  z_stream z = {0};
  if (inflateInit2(&z, -15) != Z_OK) abort();
  z.next_in = (uint8_t *)stream;
  z.avail_in = (uInt)stream_count;
  z.next_out = bytes;
  z.avail_out = (uInt)count;
  const int status = inflate(&z, Z_NO_FLUSH);
  inflateEnd(&z);
  return status == Z_STREAM_END && z.avail_in == 0 && z.avail_out == 0;
}

// Returns whether the stream was taken.
static bool compare(const uint8_t *stream, size_t stream_count, size_t count, unsigned round) {
  espalier_literals *work = (espalier_literals *)allocate(sizeof *work);
  uint8_t *input = allocate(stream_count), *ours = allocate(count), *theirs = allocate(count);
  memcpy(input, stream, stream_count);
  const bool is_taken = espalier_inflate_literals(work, input, stream_count, ours, count);
  if (is_taken) {
    expect(inflated(input, stream_count, theirs, count), "zlib refuses what was taken", round);
    expect(memcmp(ours, theirs, count) == 0, "zlib decodes to other bytes", round);
  }
  free(work), free(input), free(ours), free(theirs);
  return is_taken;
}

static void check_literals(unsigned rounds) {
  enum { most = 40000, capacity = 2 * most };
  uint8_t *bytes = allocate(most), *stream = allocate(capacity);
  unsigned taken = 0;
  for (unsigned round = 0; round < rounds; round++) {
    const size_t count = next_random() % (round % 64 == 0 ? most : 300) + 1;
    const unsigned kind = round % 4;
    fill(bytes, count, round / 4 % 4);
    size_t size = deflated(bytes, count, stream, capacity, kind);
    const bool is_whole = compare(stream, size, count, round);
    expect(is_whole || kind > 1, "a stream of literals was not taken", round);
    expect(!compare(stream, next_random() % size, count, round), "half a stream was taken", round);
    compare(stream, size, next_random() % (2 * count), round);
    for (unsigned flips = next_random() % 3 + 1; flips > 0; flips--) {
      const size_t bit = next_random() % (8 * size);
      stream[bit / 8] ^= 1u << bit % 8;
    }
    taken += compare(stream, size, count, round);
    // Noise that begins as the last block of some kind.
    size = next_random() % 200 + 1;
    fill(stream, size, 3);
    stream[0] = (uint8_t)((stream[0] & 0xF8) | 1 | round % 3 << 1);
    taken += compare(stream, size, next_random() % 40, round);
  }
  expect(taken > 0, "no damaged stream was ever taken", rounds);
  free(bytes), free(stream);
}

static void check_checksums(void) {
  for (unsigned count = 0; count < 1500; count++) {
    uint8_t *bytes = allocate(count);
    fill(bytes, count, 3);
    const uint32_t before = (uint32_t)next_random();
    const uint32_t expected = count > 0 ? (uint32_t)crc32(before, bytes, count) : before;
    expect(espalier_crc32(before, bytes, count) == expected, "another checksum", count);
    free(bytes);
  }
}

static void check_planes(void) {
  for (unsigned count = 0; count < 300; count++) {
    uint8_t *planes = allocate(4 * count), *numbers = allocate(8 * count);
    fill(planes, 4 * count, 3);
    espalier_join_planes2(planes, count, numbers, count);
    espalier_join_planes4(planes, count, numbers, count);
    for (unsigned at = 0; at < count; at++) {
      uint32_t bits = 0, found = 0;
      for (unsigned byte = 0; byte < 4; byte++) {
        bits |= (uint32_t)planes[byte * count + at] << 8 * byte;
        found |= (uint32_t)numbers[4 * at + byte] << 8 * byte;
      }
      expect(found == (bits >> 1 | bits << 31), "another number", count);
    }
    if (count > 0) espalier_join_half_planes8(planes, count, numbers + 4, count);
    free(planes), free(numbers);
  }
}

int main(int count, char **words) {
  const unsigned rounds = count > 1 ? (unsigned)strtoul(words[1], NULL, 10) : 20000;
  check_literals(rounds);
  check_checksums();
  check_planes();
  printf("%u rounds of streams, checksums and planes: no fault\n", rounds);
  return 0;
}
