#include "espalier-arena.h"

#include <stdlib.h>

// A piece above kLargeBytes has a block of its own, so that small ones go on filling the last block.
enum { kAlignment = 16, kBlockBytes = 1 << 16, kLargeBytes = 1 << 12 };

typedef struct EspalierBlock {
  struct EspalierBlock *previous;
  size_t capacity;
  size_t used;
  _Alignas(kAlignment) unsigned char bytes[];
} EspalierBlock;

static EspalierBlock *create_block(EspalierArena *arena, size_t capacity) {
  if (capacity > SIZE_MAX - sizeof(EspalierBlock)) return NULL;
  EspalierBlock *block = calloc(1, sizeof(EspalierBlock) + capacity);
  if (block == NULL) return NULL;
  block->capacity = capacity;
  arena->live_blocks++;
  return block;
}

// A block with room for a piece.
static EspalierBlock *block_for(EspalierArena *arena, size_t size) {
  EspalierBlock *last = arena->last_block;
  if (last != NULL && size <= last->capacity - last->used) return last;
  EspalierBlock *block = create_block(arena, size > kLargeBytes ? size : kBlockBytes);
  if (block == NULL) return NULL;
  if (last != NULL && size > kLargeBytes) {
    block->previous = last->previous;
    last->previous = block;
  } else {
    block->previous = last;
    arena->last_block = block;
  }
  return block;
}

static void *allocate(void *data, size_t size) {
  EspalierArena *arena = data;
  arena->calls++;
  size_t rounded = (size + kAlignment - 1) & ~(size_t)(kAlignment - 1);
  if (rounded < size || rounded > arena->budget) {
    size_t sum = arena->used + (rounded < size ? size : rounded);
    arena->refused_bytes = sum < size ? SIZE_MAX : sum;
    return NULL;
  }
  EspalierBlock *block = NULL;
  if (arena->calls == arena->failing_call || (block = block_for(arena, rounded)) == NULL) {
    arena->exhausted = 1;
    return NULL;
  }
  void *piece = block->bytes + block->used;
  block->used += rounded;
  arena->budget -= rounded;
  arena->used += rounded;
  return piece;
}

static void keep(void *data, void *piece) {
  (void)data;
  (void)piece;
}

const ProtobufCMessage *espalier_arena_unpack(
    EspalierArena *arena, const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes,
    size_t count) {
  ProtobufCAllocator allocator = {.alloc = allocate, .free = keep, .allocator_data = arena};
  return protobuf_c_message_unpack(descriptor, &allocator, count, bytes);
}

void espalier_arena_release(EspalierArena *arena) {
  while (arena->last_block != NULL) {
    EspalierBlock *block = arena->last_block;
    arena->last_block = block->previous;
    arena->live_blocks--;
    free(block);
  }
}
