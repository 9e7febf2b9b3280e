// Unpacking of untrusted ONNX messages: bounded and leak-free. Fields that the schema does not have are passed over.
#ifndef ESPALIER_ONNX_UNPACK_H
#define ESPALIER_ONNX_UNPACK_H

#include "espalier-arena.h"
#include "onnx.pb-c.h"

// Unpacks a message into an arena; NULL when an allocation failed (see `refused_bytes` and `exhausted`), or when the
// bytes are no such message.
const Onnx__ModelProto *onnx_unpack_model(
    const uint8_t *bytes, size_t count, EspalierArena *arena);
const Onnx__GraphProto *onnx_unpack_graph(
    const uint8_t *bytes, size_t count, EspalierArena *arena);
const Onnx__TensorProto *onnx_unpack_tensor(
    const uint8_t *bytes, size_t count, EspalierArena *arena);

#endif
