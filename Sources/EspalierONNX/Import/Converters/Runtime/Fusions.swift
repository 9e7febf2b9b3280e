internal import EspalierGraph

extension Importer {
  /// Operators of ONNX Runtime that stand for several of ONNX's: layers with an activation, and functions with a bias.
  static let fusionConverters: [String: Converter] = [
    "Gelu": { importer, node in try importer.biased(node, .init(.gelu)) },
    "BiasGelu": { importer, node in try importer.biased(node, .init(.gelu)) },
    "FastGelu": { importer, node in try importer.biased(node, .init(.geluTanh)) },
    "QuickGelu": { importer, node in
      let alpha = try importer.number(node, "alpha", default: 1.702)
      return try importer.biased(node, .init(.swish, alpha: alpha))
    },
    "GemmFastGelu": { importer, node in
      let product = try importer.product(
        try importer.required(node, 0), try importer.required(node, 1))
      let sum = try importer.sum(product, importer.operand(node, 2))
      return [try importer.applied(.init(.geluTanh), to: sum)]
    },
    "BiasSplitGelu": { importer, node in
      let sum = try importer.sum(try importer.required(node, 0), importer.operand(node, 1))
      try importer.expectRank(1...Shape.maximumRank, of: sum, "input 0")
      let axis = sum.rank - 1
      let size = try importer.fixed(
        importer.sizes(sum).map { $0[axis] }, "the size of what it splits")
      guard size % 2 == 0 else { throw ImportProblem("it splits \(size) numbers into halves") }
      let left = try importer.slice(sum, axis: axis, .init(start: 0, count: size / 2))
      let right = try importer.slice(sum, axis: axis, .init(start: size / 2))
      return [
        try importer.arithmetic(.multiply, [left, try importer.applied(.init(.gelu), to: right)])
      ]
    },
    "BiasAdd": { importer, node in
      let sum = try importer.sum(try importer.required(node, 0), importer.operand(node, 1))
      return [try importer.sum(sum, importer.operand(node, 2))]
    },
    "BiasSoftmax": { importer, node in [try importer.biasedSoftmax(node)] },
    "FusedConv": { importer, node in
      let result = try importer.convolution(
        node, try importer.required(node, 0), weights: try importer.required(node, 1),
        bias: importer.operand(node, 2))
      let sum = try importer.sum(result, importer.operand(node, 3))
      let parameters = try importer.numbers(node, "activation_params") ?? []
      return [try importer.activated(sum, node, parameters)]
    },
    "FusedGemm": { importer, node in
      let parameters = try importer.activationParameters(node)
      return [try importer.activated(try importer.gemm(node), node, parameters)]
    },
    "FusedMatMul": { importer, node in [try importer.fusedProduct(node)] },
    "TransposeMatMul": { importer, node in [try importer.fusedProduct(node)] },
    "FusedMatMulActivation": { importer, node in
      let parameters = try importer.activationParameters(node)
      return [try importer.activated(try importer.fusedProduct(node), node, parameters)]
    },
    "NhwcFusedConv": { importer, node in
      let result = try importer.channelsLast(node) { importer, image in
        try importer.convolution(
          node, image, weights: try importer.required(node, 1), bias: importer.operand(node, 2))
      }
      let sum = try importer.sum(result, importer.operand(node, 3))
      let parameters = try importer.numbers(node, "activation_params") ?? []
      return [try importer.activated(sum, node, parameters)]
    },
    "NhwcMaxPool": { importer, node in
      [
        try importer.channelsLast(node) { importer, image in
          try importer.pooling(node, .maximum, of: image)[0]
        }
      ]
    },
  ]

  /// The sum of two operands, of which the second may be missing.
  mutating func sum(_ operand: Operand, _ other: Operand?) throws -> Operand {
    guard let other else { return operand }
    return try arithmetic(.add, [operand, other])
  }

  /// A function of each element.
  mutating func applied(_ function: Operator.Unary, to operand: Operand) throws -> Operand {
    try mapped(operand) { importer, value in
      try importer.draft.emit(.unary(function), [value])
    }
  }

  /// A function of an input and its bias, which may be missing.
  private mutating func biased(_ node: ONNXNode, _ function: Operator.Unary) throws -> [Operand] {
    let sum = try sum(try required(node, 0), operand(node, 1))
    return [try applied(function, to: sum)]
  }

  /// An operation on an image `[batch, spatial..., channels]`, as one on `[batch, channels, spatial...]`.
  mutating func channelsLast(
    _ node: ONNXNode, when isLast: Bool = true,
    _ body: (inout Importer, Operand) throws -> Operand
  ) throws -> Operand {
    let image = try required(node, 0)
    guard isLast else { return try body(&self, image) }
    try expectRank(3...5, of: image, "input")
    let spatial = 1..<image.rank - 1
    let result = try body(&self, transposed(image, [0, image.rank - 1] + spatial))
    return transposed(result, [0] + Array(2..<result.rank) + [1])
  }

  // MARK: activations

  /// What the activation of a fused product has for parameters.
  private func activationParameters(_ node: ONNXNode) throws -> [Float] {
    var parameters: [Float] = []
    for name in ["activation_alpha", "activation_beta", "activation_gamma"]
    where node.attribute(name) != nil {
      parameters.append(try number(node, name, default: 0))
    }
    return parameters
  }

  /// The activation that a node names, after its operation.
  private mutating func activated(
    _ operand: Operand, _ node: ONNXNode, _ parameters: [Float]
  ) throws -> Operand {
    let name = try text(node, "activation", default: "")
    guard !name.isEmpty else { return operand }
    let functions: [String: (function: Operator.Unary.Function, parameters: Int)] = [
      "Relu": (.relu, 0), "Sigmoid": (.sigmoid, 0), "Tanh": (.tanh, 0), "Softplus": (.softplus, 0),
      "Softsign": (.softsign, 0), "HardSwish": (.hardSwish, 0), "LeakyRelu": (.leakyRelu, 1),
      "Elu": (.elu, 1), "ThresholdedRelu": (.thresholdedRelu, 1), "QuickGelu": (.swish, 1),
      "HardSigmoid": (.hardSigmoid, 2), "Selu": (.selu, 2), "Clip": (.clip, 2),
    ]
    guard let (function, count) = functions[name] else {
      throw ImportProblem("its activation \(name) is not supported")
    }
    guard parameters.count >= count else {
      throw ImportProblem(
        "its activation \(name) has \(parameters.count) parameters, but must have \(count)")
    }
    return try applied(
      .init(
        function, alpha: count > 0 ? parameters[0] : nil, beta: count > 1 ? parameters[1] : nil),
      to: operand)
  }

  // MARK: products and softmax

  /// `α · A · B`, matrices of which may be transposed, also with their first axis behind the other leading ones.
  private mutating func fusedProduct(_ node: ONNXNode) throws -> Operand {
    var operands: [Operand] = []
    for (index, letter) in ["A", "B"].enumerated() {
      var operand = try required(node, index)
      if try flag(node, "transBatch\(letter)"), operand.rank > 2 {
        let rank = operand.rank
        operand = transposed(operand, Array(1..<rank - 1) + [0, rank - 1])
      }
      if try flag(node, "trans\(letter)"), operand.rank > 1 { operand = turned(operand) }
      operands.append(operand)
    }
    let alpha = Double(try number(node, "alpha", default: 1))
    let product = try product(operands[0], operands[1])
    return alpha == 1
      ? product
      : try mapped(product) { importer, value in
        try importer.binary(.multiply, value, number: alpha)
      }
  }

  /// The softmax of a sum over an axis and those behind it; the bias lacks axes before it, or has ones there.
  private mutating func biasedSoftmax(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let axis = try self.axis(try integer(node, "axis", default: 1), rank: input.rank)
    let sum = try arithmetic(.add, [input, try required(node, 1)])
    let before = sizes(sum)
    let flat = try reshaped(sum) { sizes, _ in
      Array(sizes[..<axis]) + [sizes[axis...].reduce(1, *)]
    }
    let result = try alongLast(flat, axis: axis) { importer, value in
      try importer.draft.emit(.softmax(.init()), [value])
    }
    return try reshaped(result) { _, world in before[world] }
  }
}
