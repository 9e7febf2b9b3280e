// Unpacking of untrusted graph payloads: bounded, leak-free and strict.
#ifndef ESPALIER_UNPACK_H
#define ESPALIER_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "espalier-arena.h"
#include "espalier.pb-c.h"

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

// The bytes of a string before its terminating zero.
size_t espalier_string_length(const char *text);

#endif
