import EspalierGraph
import EspalierONNX
import Testing

/// What is said of hostile nodes of ONNX Runtime's own operators.
@Suite struct HostileRuntimeTests {
  typealias Row = HostileMessageTests.Row
  typealias Value = Hostile.Value

  private static let optimised = "; convert the file from before it was optimised"
  private static let words = Value.input(.float32, [2, 3, 8])
  private static let image = Value.input(.float32, [2, 4, 6, 6])
  private static let filters = Value.input(.float32, [8, 4, 3, 3])

  private static func zeros(_ sizes: Int...) -> Value {
    .constant(
      ONNXTensor(
        dimensions: sizes, floats: Array(repeating: 0, count: sizes.reduce(1, *))))
  }

  private static func bytes(_ sizes: Int...) -> Value {
    .constant(
      ONNXTensor(
        name: "", .uint8, dimensions: sizes,
        Array(repeating: 0, count: sizes.reduce(1, *)) as [UInt8]))
  }

  static let layers: [Row] = [
    Row(
      "com.microsoft.FusedConv", ["activation": .string("Magic")], [image, filters],
      "its activation Magic is not supported" + optimised),
    Row(
      "com.microsoft.FusedConv",
      ["activation": .string("Clip"), "activation_params": .floats([1])], [image, filters],
      "its activation Clip has 1 parameters, but must have 2" + optimised),
    Row(
      "com.microsoft.FusedGemm", ["activation": .int(1)],
      [.input(.float32, [2, 2]), .input(.float32, [2, 2])],
      "its attribute activation is not a text" + optimised),
    Row(
      "com.microsoft.BiasSplitGelu", [:], [.input(.float32, [2, 3]), .input(.float32, [3])],
      "it splits 3 numbers into halves" + optimised),
    Row(
      "com.microsoft.BiasSoftmax", ["axis": .int(9)], [words, words],
      "axis 9 is none of the 3 that there are" + optimised),
    Row(
      "com.microsoft.NhwcMaxPool", ["kernel_shape": .ints([2, 2])], [.input(.uint8, [4, 4])],
      "the axes of its input are 2, but must be 3 to 5" + optimised),
    Row(
      "com.microsoft.GroupNorm", [:], [image, .input(.float32, [6]), .input(.float32, [6])],
      "its attribute groups is missing" + optimised),
    Row(
      "com.microsoft.GroupNorm", ["groups": .int(4)],
      [image, .input(.float32, [6]), .input(.float32, [6])],
      "6 channels are not 4 groups" + optimised),
    Row(
      "com.microsoft.SkipGroupNorm", ["groups": .int(2)],
      [image, .input(.float32, [6]), .input(.float32, [6]), .input(.float32, [])],
      "the axes of its input 3 are 0, but must be 1 to 4" + optimised),
    Row(
      "com.microsoft.EmbedLayerNormalization", [:], [words],
      "the axes of its input 0 are 3, but must be 2" + optimised),
  ]

  static let attention: [Row] = [
    Row(
      "com.microsoft.Attention", [:], [words, zeros(8, 24)],
      "its attribute num_heads is missing" + optimised),
    Row(
      "com.microsoft.Attention", ["num_heads": .int(.max)], [words, zeros(8, 24)],
      "its attribute num_heads cannot be 9223372036854775807" + optimised),
    Row(
      "com.microsoft.Attention", ["num_heads": .int(3)], [words, zeros(8, 24)],
      "24 columns of its weights are not queries, keys and values of 3 heads" + optimised),
    Row(
      "com.microsoft.Attention", ["num_heads": .int(2), "qkv_hidden_sizes": .ints([8, 16])],
      [words, zeros(8, 24)],
      "24 columns of its weights are not queries, keys and values of 2 heads" + optimised),
    Row(
      "com.microsoft.Attention", ["num_heads": .int(2), "do_rotary": .int(1)],
      [words, zeros(8, 24)],
      "it turns heads itself, or keeps them in a buffer of another node" + optimised),
    Row(
      "com.microsoft.Attention", ["num_heads": .int(2)],
      [words, zeros(8, 24), zeros(24), .input(.int32, [7])],
      "its mask of the shape 7 is not supported" + optimised),
    Row(
      "com.microsoft.MultiHeadAttention", ["num_heads": .int(2)], [words],
      "its queries, keys and values are packed in one input" + optimised),
    Row(
      "com.microsoft.MultiHeadAttention", ["num_heads": .int(2)], [words, words, words, zeros()],
      "the axes of its input 3 are 0, but must be 1" + optimised),
    Row(
      "com.microsoft.RotaryEmbedding", ["rotary_embedding_dim": .int(6), "num_heads": .int(2)],
      [words, .integers(0), zeros(4, 2), zeros(4, 2)], "it turns 6 of 4 numbers" + optimised),
  ]

  static let quantized: [Row] = [
    Row(
      "com.microsoft.QLinearConcat", ["axis": .int(0)], [zeros(), bytes(), bytes(2), zeros()],
      "its inputs are not numbers with scale and zero point each" + optimised),
    Row(
      "com.microsoft.QLinearSigmoid", [:],
      [.input(.uint8, [2, 3]), zeros(), bytes(), zeros(2), bytes(2)],
      "its input 3 has several numbers, but its result is quantized with one" + optimised),
    Row(
      "com.microsoft.MatMulNBits",
      ["N": .int(1 << 30), "K": .int(1 << 30), "block_size": .int(16)],
      [words, bytes(1), zeros(1)],
      "its result is a constant of 1073741824x1073741824 float32, more memory than converting may "
        + "take; check the sizes that it is given"),
    Row(
      "com.microsoft.MatMulNBits", ["N": .int(.max), "K": .int(8), "block_size": .int(16)],
      [words, bytes(1), zeros(1)], "its attribute N cannot be 9223372036854775807" + optimised),
    Row(
      "com.microsoft.MatMulNBits",
      ["N": .int(2), "K": .int(8), "block_size": .int(16), "bits": .int(3)],
      [words, bytes(2, 1, 8), zeros(2)], "its bits cannot be 3" + optimised),
    Row(
      "com.microsoft.MatMulNBits", ["N": .int(2), "K": .int(8), "block_size": .int(1)],
      [words, bytes(2, 1, 8), zeros(2)], "its block_size cannot be 1" + optimised),
    Row(
      "com.microsoft.MatMulNBits", ["N": .int(2), "K": .int(8), "block_size": .int(16)],
      [words, bytes(2, 1, 7), zeros(2)], "its input 1 has 14 bytes, but must have 16" + optimised),
    Row(
      "com.microsoft.MatMulNBits", ["N": .int(2), "K": .int(8), "block_size": .int(16)],
      [words, bytes(2, 1, 8), zeros(3)], "its input 2 has 3 numbers, but must have 2" + optimised),
    Row(
      "com.microsoft.MatMulNBits", ["N": .int(2), "K": .int(8), "block_size": .int(16)],
      [words, .input(.uint8, [2, 1, 8]), zeros(2)],
      "its input 1 is not a constant of bytes" + optimised),
    Row(
      "com.microsoft.DynamicQuantizeLSTM", ["hidden_size": .int(4)], [words, bytes(1, 8, 16)],
      "its input 9 is missing" + optimised),
  ]

  @Test(arguments: [layers, attention, quantized].joined().map { $0 })
  func message(_ row: Row) throws {
    try HostileMessageTests.expectMessage(row)
  }
}
