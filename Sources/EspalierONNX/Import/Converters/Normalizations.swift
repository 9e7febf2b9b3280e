internal import EspalierGraph

extension Importer {
  /// Normalisations.
  static let normalizationConverters: [String: Converter] = [
    "BatchNormalization": { importer, node in
      [try importer.batchNormalization(node)]
    },
    "InstanceNormalization": { importer, node in
      let input = try importer.required(node, 0)
      let normal = try importer.normalized(
        input, axes: Array(2..<max(input.rank, 2)), .standard,
        epsilon: try importer.number(node, "epsilon", default: 1e-5))
      return [try importer.channelwise(normal, scale: (node, 1), bias: (node, 2))]
    },
    "GroupNormalization": { importer, node in
      [try importer.groupNormalization(node)]
    },
    "LayerNormalization": { importer, node in
      try importer.layerNormalization(node)
    },
    "RMSNormalization": { importer, node in [try importer.rootMeanSquareNormalization(node)] },
    // ONNX Runtime's name for it, in ONNX's own domain.
    "SimplifiedLayerNormalization": { importer, node in
      [try importer.rootMeanSquareNormalization(node)]
    },
    "MeanVarianceNormalization": { importer, node in
      let input = try importer.required(node, 0)
      let axes = try importer.axes(
        try importer.integers(node, "axes") ?? [0, 2, 3], rank: input.rank)
      return [try importer.normalized(input, axes: axes, .standard, epsilon: 1e-9)]
    },
    "LRN": { importer, node in
      let rule = Operator.LocalResponseNormalization(
        size: try importer.integer(node, "size", default: 1),
        alpha: try importer.number(node, "alpha", default: 0.0001),
        beta: try importer.number(node, "beta", default: 0.75),
        bias: try importer.number(node, "bias", default: 1))
      return [
        try importer.alongLast(try importer.required(node, 0), axis: 1) {
          importer, value in
          try importer.draft.emit(.localResponseNormalization(rule), [value])
        }
      ]
    },
    "LpNormalization": { importer, node in
      let input = try importer.required(node, 0)
      let axis = try importer.axis(
        try importer.integer(node, "axis", default: -1), rank: input.rank)
      let power = try importer.integer(node, "p", default: 2)
      guard power == 1 || power == 2 else {
        throw ImportProblem("its attribute p must be 1 or 2, but is \(power)")
      }
      let isSquare = power == 2
      let terms = try importer.mapped(input) { importer, value in
        isSquare
          ? try importer.binary(.multiply, value, value) : try importer.unary(.absolute, value)
      }
      let norm = try importer.mapped(try importer.reduce(.sum, terms, axes: [axis])) {
        importer, value in
        let norm = isSquare ? try importer.unary(.squareRoot, value) : value
        // ONNX leaves rows of zeros as they are.
        let isZero = try importer.binary(.equal, norm, number: 0)
        let one = try importer.number(1, like: norm)
        return try importer.draft.emit(.select(.init()), [isZero, one, norm])
      }
      return [try importer.arithmetic(.divide, [input, norm])]
    },
  ]

  /// `(x − mean) / √(variance + ε)`, or its like, over axes of the document.
  mutating func normalized(
    _ operand: Operand, axes: [Int], _ function: Operator.Normalization.Function, epsilon: Float
  ) throws -> Operand {
    let places = axes.map { operand.position(of: $0) }.sorted()
    return try mapped(operand) { importer, value in
      try importer.draft.emit(
        .normalization(.init(function, axes: places, epsilon: epsilon)), [value])
    }
  }

  /// A vector with one number for each channel of an operand, which is axis 1 of the document.
  private mutating func channels(
    _ vector: Operand, like operand: Operand
  ) throws -> Operand {
    guard operand.rank > 2, vector.rank == 1 else { return vector }
    let sizes = draft.sizes(vector.value).map { $0 + Array(repeating: 1, count: operand.rank - 2) }
    return plain(try reshape(vector.value, to: sizes), vector.element)
  }

  private mutating func channelwise(
    _ operand: Operand, scale: (ONNXNode, Int), bias: (ONNXNode, Int)
  ) throws -> Operand {
    let scale = try channels(try required(scale.0, scale.1), like: operand)
    let bias = try channels(try required(bias.0, bias.1), like: operand)
    return try arithmetic(.add, [try arithmetic(.multiply, [operand, scale]), bias])
  }

  private mutating func batchNormalization(_ node: ONNXNode) throws -> Operand {
    guard node.outputs.dropFirst().allSatisfy(\.isEmpty), !(try flag(node, "training_mode")) else {
      throw ImportProblem("it is in training mode", remedy: "export the network in evaluation mode")
    }
    let input = try required(node, 0)
    let epsilon = Double(try number(node, "epsilon", default: 1e-5))
    let (scale, bias) = (try required(node, 1), try required(node, 2))
    let (mean, variance) = (try required(node, 3), try required(node, 4))
    // y = x · scale / √(variance + ε) + (bias − mean · scale / √(variance + ε))
    let root = try unary(.squareRoot, try binary(.add, variance.value, number: epsilon))
    let factor = try binary(.divide, scale.value, root)
    let offset = try binary(.subtract, bias.value, try binary(.multiply, mean.value, factor))
    let product = try arithmetic(
      .multiply, [input, try channels(plain(factor, scale.element), like: input)])
    return try arithmetic(
      .add, [product, try channels(plain(offset, bias.element), like: input)])
  }

  private mutating func groupNormalization(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let groups = try integer(node, "num_groups", default: 1)
    let order = try channelsLast(input.rank)
    let value = try value(input, order: order)
    let sizes = draft.sizes(value)
    let channels = sizes[0][input.rank - 1]
    guard groups > 0, channels % groups == 0 else {
      throw ImportProblem("\(channels) channels are not \(groups) groups")
    }
    let split = try reshape(
      value, to: sizes.map { $0.dropLast() + [groups, channels / groups] })
    let axes = Array(1..<input.rank - 1) + [input.rank]
    let normal = try draft.emit(
      .normalization(
        .init(.standard, axes: axes, epsilon: try number(node, "epsilon", default: 1e-5))), [split])
    let scale = try required(node, 1)
    // Before version 21 there is one scale and one bias for each group.
    let isOfGroups = version < 21 && draft.sizes(scale.value)[0] == [groups] && groups != channels
    guard !isOfGroups else {
      let column = try [1, 2].map { index in
        try reshape(try required(node, index).value, to: [[groups, 1], [groups, 1]])
      }
      let scaled = try binary(.add, try binary(.multiply, normal, column[0]), column[1])
      return Operand(value: try reshape(scaled, to: sizes), order: order, element: input.element)
    }
    let result = Operand(
      value: try reshape(normal, to: sizes), order: order, element: input.element)
    return try channelwise(result, scale: (node, 1), bias: (node, 2))
  }

  private mutating func rootMeanSquareNormalization(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let axis = try self.axis(try integer(node, "axis", default: -1), rank: input.rank)
    let normal = try normalized(
      input, axes: Array(axis..<input.rank), .rootMeanSquare,
      epsilon: try number(node, "epsilon", default: 1e-5))
    return try arithmetic(.multiply, [normal, try required(node, 1)])
  }

  private mutating func layerNormalization(_ node: ONNXNode) throws -> [Operand] {
    let input = try required(node, 0)
    let axis = try self.axis(try integer(node, "axis", default: -1), rank: input.rank)
    let axes = Array(axis..<input.rank)
    let epsilon = try number(node, "epsilon", default: 1e-5)
    var result = try normalized(input, axes: axes, .standard, epsilon: epsilon)
    result = try arithmetic(.multiply, [result, try required(node, 1)])
    if let bias = operand(node, 2) { result = try arithmetic(.add, [result, bias]) }
    guard node.outputs.count > 1 else { return [result] }
    let mean = try reduce(.mean, input, axes: axes)
    let centred = try arithmetic(.subtract, [input, mean])
    let variance = try reduce(
      .mean, try arithmetic(.multiply, [centred, centred]), axes: axes)
    let inverse = try mapped(variance) { importer, value in
      try importer.unary(
        .reciprocal,
        try importer.unary(.squareRoot, try importer.binary(.add, value, number: Double(epsilon))))
    }
    return [result, mean, inverse]
  }
}
