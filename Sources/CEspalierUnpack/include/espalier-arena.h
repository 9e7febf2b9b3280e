// Memory for unpacking untrusted messages with protobuf-c: zeroed, bounded, and released all at once.
#ifndef ESPALIER_ARENA_H
#define ESPALIER_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

struct EspalierBlock;

// The memory of one unpacked message.
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
  int unknown_field;    // whether the message was refused because it has a field that the schema does not
  struct EspalierBlock *last_block;
} EspalierArena;

// Unpacks a message into an arena; NULL when an allocation failed (see `refused_bytes` and `exhausted`), or when the
// bytes are no message of the schema.
const ProtobufCMessage *espalier_arena_unpack(
    EspalierArena *arena, const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes,
    size_t count);

// Gives back all memory of an arena, and with it the messages in it.
void espalier_arena_release(EspalierArena *arena);

#endif
