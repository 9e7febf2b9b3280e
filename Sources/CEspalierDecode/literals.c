// Bare deflate streams that hold literals only, as a compressor makes them that codes bytes but looks for no repetitions.
//
// Without matches no byte depends on those before it, and one look at the next bits can give several literals: a
// table maps every ten bits to as many literals as they hold whole. Skewed distributions, which such streams exist for,
// have codes of two or three bits. Whatever is unusual is refused and left to a general decoder, so everything that
// is accepted here is valid there too: only complete codes are taken, and no matches. Longer codes and the ends of
// the input and of the output go symbol by symbol, with every bit and byte counted.
#include "espalier-decode.h"

#include <string.h>

enum { lookup_size = 1 << espalier_lookup_bits, run_literals = 6, end_of_block = 256 };

// The rest of the input, of which up to 63 bits are in `bits`, the next one lowest.
typedef struct {
  const uint8_t *next, *end;
  uint64_t bits;
  unsigned count;
} Input;

typedef struct {
  uint8_t *next, *end;
} Output;

static uint64_t load64(const uint8_t *bytes) {
  uint64_t value;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  memcpy(&value, bytes, sizeof value);
#else
  value = 0;
  for (unsigned index = 0; index < 8; index++) value |= (uint64_t)bytes[index] << 8 * index;
#endif
  return value;
}

static void store64(uint8_t *bytes, uint64_t value) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  memcpy(bytes, &value, sizeof value);
#else
  for (unsigned index = 0; index < 8; index++) bytes[index] = (uint8_t)(value >> 8 * index);
#endif
}

// Fills `bits` from at least 8 bytes of input to at least 56 bits. Bits above `count` may be set as well; they are
// those of the next byte, so that adding this byte later changes nothing.
static inline void refill_fast(Input *input) {
  input->bits |= load64(input->next) << input->count;
  input->next += (63 - input->count) >> 3;
  input->count |= 56;
}

static void refill(Input *input) {
  while (input->count < 56 && input->next < input->end) {
    input->bits |= (uint64_t)*input->next++ << input->count;
    input->count += 8;
  }
}

static inline void drop(Input *input, unsigned count) {
  input->bits >>= count;
  input->count -= count;
}

// The next `count` <= 16 bits, or -1 when there are not as many.
static int take(Input *input, unsigned count) {
  refill(input);
  if (input->count < count) return -1;
  const int value = (int)(input->bits & ((1u << count) - 1));
  drop(input, count);
  return value;
}

// Orders the symbols by their codes. False unless every sequence of bits begins with exactly one code.
static bool make_code(espalier_code *code, const uint8_t *lengths, unsigned symbols) {
  memset(code->counts, 0, sizeof code->counts);
  for (unsigned symbol = 0; symbol < symbols; symbol++) code->counts[lengths[symbol]]++;
  code->counts[0] = 0;
  int free_codes = 1;
  uint16_t offsets[espalier_code_bits + 2] = {0};
  for (unsigned length = 1; length <= espalier_code_bits; length++) {
    free_codes = 2 * free_codes - code->counts[length];
    if (free_codes < 0) return false;
    offsets[length + 1] = offsets[length] + code->counts[length];
  }
  if (free_codes != 0) return false;
  for (unsigned symbol = 0; symbol < symbols; symbol++) {
    if (lengths[symbol] != 0) code->symbols[offsets[lengths[symbol]]++] = (uint16_t)symbol;
  }
  return true;
}

// The next symbol, bit by bit, or -1 when the input ends in it.
static int next_symbol(Input *input, const espalier_code *code) {
  refill(input);
  unsigned bits = 0, first = 0, index = 0;
  for (unsigned length = 1; length <= espalier_code_bits && length <= input->count; length++) {
    const unsigned count = code->counts[length];
    bits = bits << 1 | (input->bits >> (length - 1) & 1);
    if (bits - first < count) {
      drop(input, length);
      return code->symbols[index + bits - first];
    }
    index += count;
    first = (first + count) << 1;
  }
  return -1;
}

// `bits` with its lowest `count` in the opposite order.
static unsigned reversed(unsigned bits, unsigned count) {
  unsigned result = 0;
  for (; count > 0; count--, bits >>= 1) result = result << 1 | (bits & 1);
  return result;
}

static void make_firsts(espalier_literals *work) {
  memset(work->firsts, 0, sizeof work->firsts);
  const uint16_t *symbol = work->code.symbols;
  unsigned bits = 0;
  for (unsigned length = 1; length <= espalier_lookup_bits; length++, bits <<= 1) {
    for (unsigned left = work->code.counts[length]; left > 0; left--, bits++, symbol++) {
      // Deflate sends a code from its highest bit on.
      for (unsigned at = reversed(bits, length); at < lookup_size; at += 1u << length)
        work->firsts[at] = (uint16_t)(*symbol << 4 | length);
    }
  }
}

// Makes the runs of ever more bits from those of fewer: another bit lets a run grow by the symbol that ends with it.
static void make_runs(espalier_literals *work) {
  work->runs[0] = 0;
  for (unsigned bits = 1; bits <= espalier_lookup_bits; bits++) {
    const unsigned half = 1u << (bits - 1);
    // Downwards, so that the runs of the upper half are made before those that they come from are replaced.
    for (unsigned at = 2 * half; at-- > 0;) {
      const uint64_t run = work->runs[at & (half - 1)];
      const unsigned used = run & 0xFF, count = run >> 8 & 0xFF, first = work->firsts[at >> used];
      const bool grows =
          (first & 15) == bits - used && first >> 4 < end_of_block && count < run_literals;
      const uint64_t more = (uint64_t)(first >> 4) << 8 * count << 16 | 1 << 8 | (first & 15);
      work->runs[at] = run + (grows ? more : 0);
    }
  }
}

// Decodes runs of literals while there is room for all that a round may read and write.
static inline void decode_runs(const espalier_literals *work, Input *input, Output *output) {
  enum { lookups = 56 / espalier_lookup_bits, room = lookups * run_literals + 2 };
  Input in = *input;
  uint8_t *out = output->next;
  uint64_t run = 1 << 8;
  // A look that gives no literals takes no bits either, and so do those after it.
  while ((run & 0xFF00) != 0 && in.end - in.next >= 8 && output->end - out >= room) {
    refill_fast(&in);
    for (int lookup = 0; lookup < lookups; lookup++) {
      run = work->runs[in.bits & (lookup_size - 1)];
      store64(out, run >> 16);
      out += run >> 8 & 0xFF;
      drop(&in, run & 0xFF);
    }
  }
  *input = in;
  output->next = out;
}

// Decodes the symbols of a block up to its end.
static bool decode_block(const espalier_literals *work, Input *input, Output *output) {
  while (true) {
    decode_runs(work, input, output);
    const int symbol = next_symbol(input, &work->code);
    if (symbol == end_of_block) return true;
    if (symbol < 0 || symbol > end_of_block || output->next == output->end) return false;
    *output->next++ = (uint8_t)symbol;
  }
}

static bool stored_block(Input *input, Output *output) {
  drop(input, input->count & 7);
  const int length = take(input, 16), complement = take(input, 16);
  if (length < 0 || complement < 0 || (length ^ complement) != 0xFFFF) return false;
  input->next -= input->count >> 3;
  input->bits = input->count = 0;
  if (length > input->end - input->next || length > output->end - output->next) return false;
  if (length > 0) memcpy(output->next, input->next, (size_t)length);
  input->next += length;
  output->next += length;
  return true;
}

static bool fixed_block(espalier_literals *work, Input *input, Output *output) {
  memset(work->lengths, 8, 144);
  memset(work->lengths + 144, 9, 112);
  memset(work->lengths + 256, 7, 24);
  memset(work->lengths + 280, 8, 8);
  if (!make_code(&work->code, work->lengths, espalier_symbols)) return false;
  make_firsts(work);
  make_runs(work);
  return decode_block(work, input, output);
}

// Reads the lengths of the two codes of a block, which are coded themselves.
static bool read_lengths(espalier_literals *work, Input *input, unsigned count) {
  unsigned done = 0;
  while (done < count) {
    const int symbol = next_symbol(input, &work->code);
    if (symbol < 0) return false;
    if (symbol < 16) {
      work->lengths[done++] = (uint8_t)symbol;
      continue;
    }
    static const uint8_t extra[] = {2, 3, 7}, least[] = {3, 3, 11};
    const int more = take(input, extra[symbol - 16]);
    if (more < 0 || (symbol == 16 && done == 0)) return false;
    const unsigned times = least[symbol - 16] + (unsigned)more;
    if (times > count - done) return false;
    memset(work->lengths + done, symbol == 16 ? work->lengths[done - 1] : 0, times);
    done += times;
  }
  return true;
}

static bool dynamic_block(espalier_literals *work, Input *input, Output *output) {
  static const uint8_t order[19] = {
      16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  const int sizes = take(input, 14);
  if (sizes < 0) return false;
  const unsigned literals = 257 + (sizes & 31), distances = 1 + (sizes >> 5 & 31);
  if (literals > 286 || distances > 30) return false;

  memset(work->lengths, 0, sizeof order);
  for (int index = 0; index < 4 + (sizes >> 10); index++) {
    const int length = take(input, 3);
    if (length < 0) return false;
    work->lengths[order[index]] = (uint8_t)length;
  }
  if (!make_code(&work->code, work->lengths, sizeof order)) return false;
  if (!read_lengths(work, input, literals + distances)) return false;
  // The code of distances is not used, but has to be valid.
  if (work->lengths[end_of_block] == 0) return false;
  if (!make_code(&work->code, work->lengths + literals, distances)) return false;
  if (!make_code(&work->code, work->lengths, literals)) return false;
  make_firsts(work);
  make_runs(work);
  return decode_block(work, input, output);
}

bool espalier_inflate_literals(
    espalier_literals *work, const uint8_t *input, size_t input_count, uint8_t *output,
    size_t output_count) {
  Input in = {input, input + input_count, 0, 0};
  Output out = {output, output + output_count};
  bool is_last = false;
  while (!is_last) {
    const int header = take(&in, 3);
    if (header < 0) return false;
    is_last = header & 1;
    bool is_good = false;
    switch (header >> 1) {
      case 0: is_good = stored_block(&in, &out); break;
      case 1: is_good = fixed_block(work, &in, &out); break;
      case 2: is_good = dynamic_block(work, &in, &out); break;
    }
    if (!is_good) return false;
  }
  return out.next == out.end && in.end - in.next + (in.count >> 3) == 0;
}
