// CRC-32 by folding: Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction" (Intel,
// 2009), for the reflected polynomial 0xEDB88320.
//
// Four registers of 128 bits run over the bytes 64 at a time; each is multiplied by a power of x modulo the polynomial,
// which moves it 64 bytes on without changing the remainder. What is left is 16 bytes with the remainder of them all,
// which zlib reduces. zlib computes what is too short for that, and everything where there is no such instruction.
#include "espalier-decode.h"

#include <zlib.h>

static uint32_t zlib_crc32(uint32_t crc, const uint8_t *bytes, size_t count) {
  while (count > 0) {
    const uInt piece = count < 1u << 30 ? (uInt)count : 1u << 30;
    crc = (uint32_t)crc32(crc, bytes, piece);
    bytes += piece;
    count -= piece;
  }
  return crc;
}

#if defined(__x86_64__)

#include <immintrin.h>

#define FOLDING __attribute__((target("pclmul")))

// Moves a register on by the distance that `powers` stand for, and adds what is there.
FOLDING static inline __m128i folded(__m128i value, __m128i powers, __m128i next) {
  const __m128i low = _mm_clmulepi64_si128(value, powers, 0x00);
  const __m128i high = _mm_clmulepi64_si128(value, powers, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

static inline __m128i load(const uint8_t *bytes) { return _mm_loadu_si128((const __m128i *)bytes); }

// For `count` >= 64, a multiple of 64.
FOLDING static uint32_t folded_crc32(uint32_t crc, const uint8_t *bytes, size_t count) {
  // x^544 and x^480, then x^160 and x^96, modulo the polynomial, reflected.
  const __m128i by64 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
  const __m128i by16 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
  __m128i a = _mm_xor_si128(load(bytes), _mm_cvtsi32_si128((int)~crc));
  __m128i b = load(bytes + 16), c = load(bytes + 32), d = load(bytes + 48);
  for (size_t at = 64; at < count; at += 64) {
    a = folded(a, by64, load(bytes + at));
    b = folded(b, by64, load(bytes + at + 16));
    c = folded(c, by64, load(bytes + at + 32));
    d = folded(d, by64, load(bytes + at + 48));
  }
  uint8_t rest[16];
  _mm_storeu_si128((__m128i *)rest, folded(folded(folded(a, by16, b), by16, c), by16, d));
  // zlib complements the checksum before and after; this one is to start from 0.
  return zlib_crc32(~(uint32_t)0, rest, sizeof rest);
}

uint32_t espalier_crc32(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  const size_t whole = count & ~(size_t)63;
  if (whole >= 128 && __builtin_cpu_supports("pclmul")) {
    crc = folded_crc32(crc, next, whole);
    next += whole;
    count -= whole;
  }
  return zlib_crc32(crc, next, count);
}

#else

uint32_t espalier_crc32(uint32_t crc, const void *bytes, size_t count) {
  return zlib_crc32(crc, bytes, count);
}

#endif

uint32_t espalier_crc32_joined(uint32_t first, uint32_t second, size_t second_count) {
  return (uint32_t)crc32_combine(first, second, (z_off_t)second_count);
}
