#include "espalier-unpack.h"

#include <stdbool.h>
#include <string.h>

// ---------------------------------------------------------------- canonical form

// A sink that compares what is packed with what was read.
typedef struct {
  ProtobufCBuffer base;
  const uint8_t *expected;
  size_t remaining;
  bool differs;
} Comparison;

static void compare(ProtobufCBuffer *buffer, size_t count, const uint8_t *bytes) {
  Comparison *comparison = (Comparison *)buffer;
  if (comparison->differs || count > comparison->remaining ||
      memcmp(bytes, comparison->expected, count) != 0) {
    comparison->differs = true;
    return;
  }
  comparison->expected += count;
  comparison->remaining -= count;
}

// The recursion is as deep as the schema, which is not recursive.
static bool has_unknown_field(const ProtobufCMessage *message) {
  if (message->n_unknown_fields != 0) return true;
  for (unsigned index = 0; index < message->descriptor->n_fields; index++) {
    const ProtobufCFieldDescriptor *field = &message->descriptor->fields[index];
    if (field->type != PROTOBUF_C_TYPE_MESSAGE) continue;
    const unsigned char *member = (const unsigned char *)message + field->offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
      size_t count = *(const size_t *)((const unsigned char *)message + field->quantifier_offset);
      ProtobufCMessage *const *elements = *(ProtobufCMessage *const *const *)member;
      for (size_t element = 0; element < count; element++) {
        if (has_unknown_field(elements[element])) return true;
      }
    } else {
      const ProtobufCMessage *element = *(const ProtobufCMessage *const *)member;
      if (element != NULL && has_unknown_field(element)) return true;
    }
  }
  return false;
}

// protobuf-c packs unknown fields as it found them, so they are looked for apart.
static bool is_canonical(const ProtobufCMessage *message, const uint8_t *bytes, size_t count) {
  Comparison comparison = {
      .base = {.append = compare}, .expected = bytes, .remaining = count, .differs = false};
  protobuf_c_message_pack_to_buffer(message, &comparison.base);
  return !comparison.differs && comparison.remaining == 0;
}

// ---------------------------------------------------------------- unpacking

static const ProtobufCMessage *unpack(
    const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count,
    EspalierArena *arena) {
  const ProtobufCMessage *message = espalier_arena_unpack(arena, descriptor, bytes, count);
  if (message == NULL) return NULL;
  if (has_unknown_field(message)) {
    arena->unknown_field = 1;
    return NULL;
  }
  return is_canonical(message, bytes, count) ? message : NULL;
}

const Espalier__Trunk *espalier_unpack_trunk(
    const uint8_t *bytes, size_t count, EspalierArena *arena) {
  return (const Espalier__Trunk *)unpack(&espalier__trunk__descriptor, bytes, count, arena);
}

const Espalier__Head *espalier_unpack_head(
    const uint8_t *bytes, size_t count, EspalierArena *arena) {
  return (const Espalier__Head *)unpack(&espalier__head__descriptor, bytes, count, arena);
}

const Espalier__About *espalier_unpack_about(
    const uint8_t *bytes, size_t count, EspalierArena *arena) {
  return (const Espalier__About *)unpack(&espalier__about__descriptor, bytes, count, arena);
}

const Espalier__Example *espalier_unpack_example(
    const uint8_t *bytes, size_t count, EspalierArena *arena) {
  return (const Espalier__Example *)unpack(&espalier__example__descriptor, bytes, count, arena);
}

const Espalier__Signature *espalier_unpack_signature(
    const uint8_t *bytes, size_t count, EspalierArena *arena) {
  return (const Espalier__Signature *)unpack(
      &espalier__signature__descriptor, bytes, count, arena);
}

size_t espalier_string_length(const char *text) { return strlen(text); }
