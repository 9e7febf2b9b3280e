internal import EspalierGraph

extension Importer {
  /// Products of ONNX Runtime with quantized weights.
  static let quantizedProductConverters: [String: Converter] = [
    "DynamicQuantizeMatMul": { importer, node in
      let found = try importer.dynamicallyQuantized(try importer.required(node, 0))
      let left = try importer.dequantized(
        found.numbers, scale: found.scale, zero: found.zero, axis: 0)
      let right = try importer.dequantizedColumns(node, 1, scale: 2, zero: 3)
      return [try importer.sum(try importer.product(left, right), importer.operand(node, 4))]
    },
    "MatMulIntegerToFloat": { importer, node in
      let left = try importer.required(node, 0)
      let rows = try importer.dequantized(
        left, scale: try importer.required(node, 2), zero: importer.operand(node, 4),
        axis: left.rank - 2)
      let columns = try importer.dequantizedColumns(node, 1, scale: 3, zero: 5)
      return [try importer.sum(try importer.product(rows, columns), importer.operand(node, 6))]
    },
    "QGemm": { importer, node in [try importer.quantizedGemm(node)] },
    "MatMulNBits": { importer, node in [try importer.packedProduct(node)] },
    "DynamicQuantizeLSTM": { importer, node in
      let inputs = try importer.gateWeights(node, 1, scale: 8, zero: 9)
      let states = try importer.gateWeights(node, 2, scale: 10, zero: 11)
      return try importer.recurrent(node, .lstm, weights: (inputs, states))
    },
  ]

  /// A matrix by scales and zero points of its columns, or one for all of them.
  private mutating func dequantizedColumns(
    _ node: ONNXNode, _ index: Int, scale: Int, zero: Int
  ) throws -> Operand {
    let matrix = try required(node, index)
    return try dequantized(
      matrix, scale: try required(node, scale), zero: operand(node, zero), axis: matrix.rank - 1)
  }

  /// `α · (A · B + C)`, with C in units of both scales; quantized again where the result has a scale.
  private mutating func quantizedGemm(_ node: ONNXNode) throws -> Operand {
    var left = try required(node, 0)
    var right = try required(node, 3)
    try expectRank(2...2, of: left, "input 0")
    try expectRank(2...2, of: right, "input 3")
    let isTurned = try flag(node, "transB")
    left = try dequantized(left, node, scale: 1, zero: 2)
    right = try dequantized(
      right, scale: try required(node, 4), zero: operand(node, 5), axis: isTurned ? 0 : 1)
    if try flag(node, "transA") { left = turned(left) }
    if isTurned { right = turned(right) }
    var result = plain(try matrixProduct(left, right), .float32)
    if let bias = operand(node, 6) {
      let units = try arithmetic(.multiply, [try required(node, 1), try required(node, 4)])
      let term = try arithmetic(.multiply, [try cast(bias, to: .float32), units])
      result = try arithmetic(.add, [result, term])
    }
    let alpha = Double(try number(node, "alpha", default: 1))
    if alpha != 1 {
      result = try mapped(result) { importer, value in
        try importer.binary(.multiply, value, number: alpha)
      }
    }
    return operand(node, 7) == nil ? result : try quantizedAsOne(result, node, scale: 7, zero: 8)
  }

  /// Weights of gates `[directions, inputs, gates · size]` as an LSTM of ONNX has them, `[directions, gates · size, inputs]`.
  ///
  /// ONNX Runtime also rounds what the weights are multiplied with, at each step; models do not.
  private mutating func gateWeights(
    _ node: ONNXNode, _ index: Int, scale: Int, zero: Int
  ) throws -> Operand {
    let weights = try required(node, index)
    try expectRank(3...3, of: weights, "input \(index)")
    var number = Operand(
      value: try cast(weights.value, to: .float32), order: weights.order, element: .float32)
    for (index, function) in [(zero, Operator.Binary.Function.subtract), (scale, .multiply)] {
      let vector = try cast(try required(node, index), to: .float32)
      try expectRank(1...2, of: vector, "input \(index)")
      let shaped = try reshaped(vector) { sizes, _ in
        sizes.count == 1 ? [sizes[0], 1, 1] : [sizes[0], 1, sizes[1]]
      }
      number = try arithmetic(function, [number, shaped])
    }
    return transposed(number, [0, 2, 1])
  }
}
