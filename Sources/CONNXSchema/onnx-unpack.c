#include "onnx-unpack.h"

const Onnx__ModelProto *onnx_unpack_model(
    const uint8_t *bytes, size_t count, EspalierArena *arena) {
  return (const Onnx__ModelProto *)espalier_arena_unpack(
      arena, &onnx__model_proto__descriptor, bytes, count);
}

const Onnx__GraphProto *onnx_unpack_graph(
    const uint8_t *bytes, size_t count, EspalierArena *arena) {
  return (const Onnx__GraphProto *)espalier_arena_unpack(
      arena, &onnx__graph_proto__descriptor, bytes, count);
}

const Onnx__TensorProto *onnx_unpack_tensor(
    const uint8_t *bytes, size_t count, EspalierArena *arena) {
  return (const Onnx__TensorProto *)espalier_arena_unpack(
      arena, &onnx__tensor_proto__descriptor, bytes, count);
}
