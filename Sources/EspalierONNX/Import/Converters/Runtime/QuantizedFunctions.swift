internal import EspalierGraph

extension Importer {
  /// Operators of ONNX Runtime on quantized numbers: the function of what they stand for, quantized again.
  static let quantizedFunctionConverters: [String: Converter] = [
    "QuantizeLinear": { importer, node in [try importer.quantized(node)] },
    "DequantizeLinear": { importer, node in [try importer.dequantized(node)] },
    "QLinearAdd": { importer, node in [try importer.quantizedArithmetic(node, .add)] },
    "QLinearMul": { importer, node in [try importer.quantizedArithmetic(node, .multiply)] },
    "QLinearSigmoid": { importer, node in
      [try importer.quantizedFunction(node) { try $0.applied(.init(.sigmoid), to: $1) }]
    },
    "QLinearLeakyRelu": { importer, node in
      let alpha = try importer.number(node, "alpha", default: 0.01)
      return [
        try importer.quantizedFunction(node) {
          try $0.applied(.init(.leakyRelu, alpha: alpha), to: $1)
        }
      ]
    },
    "QLinearSoftmax": { importer, node in
      let version = try importer.integer(node, "opset", default: 13)
      return [
        try importer.quantizedFunction(node) {
          try $0.softmax(node, .softmax, of: $1, isOld: version < 13)
        }
      ]
    },
    "QLinearReduceMean": { importer, node in [try importer.quantizedMean(node)] },
    "QLinearGlobalAveragePool": { importer, node in
      let isLast = try importer.flag(node, "channels_last")
      return [
        try importer.quantizedFunction(node) { importer, input in
          let axes = isLast ? Array(1..<max(input.rank - 1, 1)) : Array(2..<max(input.rank, 2))
          return try importer.reduce(.mean, input, axes: axes)
        }
      ]
    },
    "QLinearAveragePool": { importer, node in
      let isLast = try importer.flag(node, "channels_last")
      let result = try importer.channelsLast(node, when: isLast) { importer, image in
        let input = try importer.dequantized(image, node, scale: 1, zero: 2)
        return try importer.pooling(node, .average, of: input)[0]
      }
      return [try importer.quantizedAsOne(result, node, scale: 3, zero: 4)]
    },
    "QLinearConv": { importer, node in
      let isLast = try importer.flag(node, "channels_last")
      return [
        try importer.channelsLast(node, when: isLast) { importer, image in
          try importer.quantizedConvolution(node, of: image)
        }
      ]
    },
    "QLinearConcat": { importer, node in [try importer.quantizedConcatenation(node)] },
    "QLinearWhere": { importer, node in [try importer.quantizedChoice(node)] },
  ]

  /// An operand by the scale and the zero point that inputs of a node have for all of it.
  mutating func dequantized(
    _ operand: Operand, _ node: ONNXNode, scale: Int, zero: Int
  ) throws -> Operand {
    try dequantized(
      operand, scale: try required(node, scale), zero: self.operand(node, zero), axis: 0)
  }

  /// A function of input 0, whose scale and zero point follow it, with those of the result behind them.
  private mutating func quantizedFunction(
    _ node: ONNXNode, _ function: (inout Importer, Operand) throws -> Operand
  ) throws -> Operand {
    let input = try dequantized(try required(node, 0), node, scale: 1, zero: 2)
    return try quantizedAsOne(try function(&self, input), node, scale: 3, zero: 4)
  }

  private mutating func quantizedArithmetic(
    _ node: ONNXNode, _ function: Operator.Binary.Function
  ) throws -> Operand {
    let left = try dequantized(try required(node, 0), node, scale: 1, zero: 2)
    let right = try dequantized(try required(node, 3), node, scale: 4, zero: 5)
    return try quantizedAsOne(try arithmetic(function, [left, right]), node, scale: 6, zero: 7)
  }

  private mutating func quantizedMean(_ node: ONNXNode) throws -> Operand {
    let isKept = try flag(node, "keepdims", default: true)
    let given = try integers(node, "axes") ?? []
    return try quantizedFunction(node) { importer, input in
      let axes = try importer.axes(given.isEmpty ? Array(0..<input.rank) : given, rank: input.rank)
      let mean = try importer.reduce(.mean, input, axes: axes)
      return isKept ? mean : try importer.squeezed(mean, axes)
    }
  }

  /// Inputs from the third on come as numbers, scale and zero point each.
  private mutating func quantizedConcatenation(_ node: ONNXNode) throws -> Operand {
    guard node.inputs.count > 2, (node.inputs.count - 2) % 3 == 0 else {
      throw ImportProblem("its inputs are not numbers with scale and zero point each")
    }
    var operands: [Operand] = []
    for index in stride(from: 2, to: node.inputs.count, by: 3) {
      operands.append(
        try dequantized(try required(node, index), node, scale: index + 1, zero: index + 2))
    }
    let whole = try concatenated(operands, axis: try integer(node, "axis", default: 0))
    return try quantizedAsOne(whole, node, scale: 0, zero: 1)
  }

  private mutating func quantizedChoice(_ node: ONNXNode) throws -> Operand {
    let operands = [
      try required(node, 0), try dequantized(try required(node, 1), node, scale: 2, zero: 3),
      try dequantized(try required(node, 4), node, scale: 5, zero: 6),
    ]
    let (values, order) = try aligned(operands)
    let chosen = Operand(
      value: try draft.emit(.select(.init()), values), order: order, element: .float32)
    return try quantizedAsOne(chosen, node, scale: 7, zero: 8)
  }
}
