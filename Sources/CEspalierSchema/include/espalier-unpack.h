// Unpacking of untrusted graph payloads: bounded, leak-free and strict.
#ifndef ESPALIER_UNPACK_H
#define ESPALIER_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "espalier.pb-c.h"

struct EspalierBlock;

// The memory of one unpacked message: zeroed, bounded, and released all at once.
//
// protobuf-c frees piece by piece, on error paths also pieces that it has not filled yet. Here its calls to free do
// nothing and every piece goes with the arena, so no such path can leak or free twice.
typedef struct EspalierArena {
  size_t budget;        // bytes that may still be handed out
  size_t used;          // bytes that were handed out
  size_t failing_call;  // the allocation that fails, counted from 1; 0 for none
  size_t calls;         // allocations asked for so far
  size_t live_blocks;   // blocks that espalier_arena_release has yet to give back
  size_t refused_bytes; // what the allocation that exceeded the budget would have brought the sum to; 0 if none did
  int exhausted;        // whether the machine had no memory for an allocation
  int unknown_field;    // whether the message has a field that the schema does not
  struct EspalierBlock *last_block;
} EspalierArena;

// Unpacks a message into an arena; NULL when an allocation failed (see `refused_bytes` and `exhausted`), when there is a
// field that the schema does not know (see `unknown_field`), or when the bytes are not exactly what protobuf-c would
// pack for the message: a default value written out, a longer varint, another order of fields, a zero byte in a string.
const Espalier__Trunk *espalier_unpack_trunk(
    const uint8_t *bytes, size_t count, EspalierArena *arena);
const Espalier__Head *espalier_unpack_head(
    const uint8_t *bytes, size_t count, EspalierArena *arena);

const Espalier__About *espalier_unpack_about(
    const uint8_t *bytes, size_t count, EspalierArena *arena);
const Espalier__Example *espalier_unpack_example(
    const uint8_t *bytes, size_t count, EspalierArena *arena);
const Espalier__Signature *espalier_unpack_signature(
    const uint8_t *bytes, size_t count, EspalierArena *arena);

// Gives back all memory of an arena, and with it the messages in it.
void espalier_arena_release(EspalierArena *arena);

// The bytes of a string before its terminating zero.
size_t espalier_string_length(const char *text);

#endif
