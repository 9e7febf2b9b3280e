// Byte planes, put together sixteen numbers at a time where there are vectors.
#include "espalier-decode.h"

#include <string.h>

#if (defined(__SSE2__) || defined(__ARM_NEON)) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

typedef uint8_t Bytes __attribute__((ext_vector_type(16)));
typedef uint16_t Halves __attribute__((ext_vector_type(8)));
typedef uint32_t Words __attribute__((ext_vector_type(4)));

#define LOW_HALVES(A, B) \
  ((Halves)__builtin_shufflevector( \
      A, B, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23))
#define HIGH_HALVES(A, B) \
  ((Halves)__builtin_shufflevector( \
      A, B, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31))
#define LOW_WORDS(A, B) ((Words)__builtin_shufflevector(A, B, 0, 8, 1, 9, 2, 10, 3, 11))
#define HIGH_WORDS(A, B) ((Words)__builtin_shufflevector(A, B, 4, 12, 5, 13, 6, 14, 7, 15))

static inline Bytes load(const uint8_t *bytes) {
  Bytes value;
  memcpy(&value, bytes, sizeof value);
  return value;
}

static inline void store_halves(uint8_t *numbers, Halves value) {
  value = value >> 1 | value << 15;
  memcpy(numbers, &value, sizeof value);
}

static inline void store_words(uint8_t *numbers, Words value) {
  value = value >> 1 | value << 31;
  memcpy(numbers, &value, sizeof value);
}

// Returns how many numbers were put together.
static size_t join2(const uint8_t *planes, size_t stride, uint8_t *numbers, size_t count) {
  size_t at = 0;
  for (; count - at >= 16; at += 16, numbers += 32) {
    const Bytes a = load(planes + at), b = load(planes + stride + at);
    store_halves(numbers, LOW_HALVES(a, b));
    store_halves(numbers + 16, HIGH_HALVES(a, b));
  }
  return at;
}

static size_t join4(const uint8_t *planes, size_t stride, uint8_t *numbers, size_t count) {
  size_t at = 0;
  for (; count - at >= 16; at += 16, numbers += 64) {
    const uint8_t *plane = planes + at;
    const Bytes a = load(plane), b = load(plane + stride);
    const Bytes c = load(plane + 2 * stride), d = load(plane + 3 * stride);
    const Halves low = LOW_HALVES(a, b), high = HIGH_HALVES(a, b);
    const Halves top_low = LOW_HALVES(c, d), top_high = HIGH_HALVES(c, d);
    store_words(numbers, LOW_WORDS(low, top_low));
    store_words(numbers + 16, HIGH_WORDS(low, top_low));
    store_words(numbers + 32, LOW_WORDS(high, top_high));
    store_words(numbers + 48, HIGH_WORDS(high, top_high));
  }
  return at;
}

#else

static size_t join2(const uint8_t *planes, size_t stride, uint8_t *numbers, size_t count) {
  return (void)planes, (void)stride, (void)numbers, (void)count, 0;
}

static size_t join4(const uint8_t *planes, size_t stride, uint8_t *numbers, size_t count) {
  return (void)planes, (void)stride, (void)numbers, (void)count, 0;
}

#endif

// Puts `width` <= 4 bytes together.
static inline uint32_t joined(const uint8_t *planes, size_t stride, unsigned width) {
  uint32_t bits = 0;
  for (unsigned plane = 0; plane < width; plane++)
    bits |= (uint32_t)planes[plane * stride] << 8 * plane;
  return bits;
}

// Stores the `width` <= 4 lower bytes of a number, the least significant first.
static inline void store(uint8_t *bytes, uint32_t bits, unsigned width) {
  for (unsigned byte = 0; byte < width; byte++) bytes[byte] = (uint8_t)(bits >> 8 * byte);
}

void espalier_join_planes2(const uint8_t *planes, size_t stride, uint8_t *numbers, size_t count) {
  for (size_t at = join2(planes, stride, numbers, count); at < count; at++) {
    const uint32_t bits = joined(planes + at, stride, 2);
    store(numbers + 2 * at, bits >> 1 | bits << 15, 2);
  }
}

void espalier_join_planes4(const uint8_t *planes, size_t stride, uint8_t *numbers, size_t count) {
  for (size_t at = join4(planes, stride, numbers, count); at < count; at++) {
    const uint32_t bits = joined(planes + at, stride, 4);
    store(numbers + 4 * at, bits >> 1 | bits << 31, 4);
  }
}

void espalier_join_half_planes8(
    const uint8_t *planes, size_t stride, uint8_t *numbers, size_t count) {
  for (size_t at = 0; at < count; at++)
    store(numbers + 8 * at, joined(planes + at, stride, 4), 4);
}
