internal import EspalierGraph

extension Importer {
  /// Normalisations of ONNX Runtime, with what they add before.
  static let skipNormalizationConverters: [String: Converter] = [
    "SkipLayerNormalization": { importer, node in
      try importer.skipNormalization(node, .standard, bias: 4)
    },
    "SkipSimplifiedLayerNormalization": { importer, node in
      try importer.skipNormalization(node, .rootMeanSquare, bias: 3)
    },
    "EmbedLayerNormalization": { importer, node in try importer.embedding(node) },
    "GroupNorm": { importer, node in
      [try importer.groupNorm(node, of: try importer.required(node, 0))]
    },
    "SkipGroupNorm": { importer, node in
      let sum = try importer.skipped(node)
      return [try importer.groupNorm(node, of: sum), sum]
    },
  ]

  /// Numbers normalised along the last axis, times a scale, plus an offset, which may be missing.
  private mutating func scaledAndMoved(
    _ operand: Operand, _ function: Operator.Normalization.Function, _ node: ONNXNode,
    scale: Operand, offset: Operand?
  ) throws -> Operand {
    try expectRank(1...Shape.maximumRank, of: operand, "input 0")
    let normal = try normalized(
      operand, axes: [operand.rank - 1], function,
      epsilon: try number(node, "epsilon", default: 1e-12))
    return try sum(try arithmetic(.multiply, [normal, scale]), offset)
  }

  /// The normalisation of a sum, and the sum as the last of four results.
  private mutating func skipNormalization(
    _ node: ONNXNode, _ function: Operator.Normalization.Function, bias: Int
  ) throws -> [Operand] {
    for index in 1...2 where isRead(node, output: index) {
      throw ImportProblem("its output \(node.outputs[index]) is for training")
    }
    let (input, skip) = (try required(node, 0), try required(node, 1))
    let whole = try sum(try arithmetic(.add, [input, skip]), operand(node, bias))
    let result = try scaledAndMoved(
      whole, function, node, scale: try required(node, 2),
      offset: function == .standard ? operand(node, 3) : nil)
    return [result, result, result, whole]
  }

  // MARK: embeddings

  /// The normalised sum of embeddings of words, positions and segments; how many words count; the sum.
  private mutating func embedding(_ node: ONNXNode) throws -> [Operand] {
    let words = try required(node, 0)
    try expectRank(2...2, of: words, "input 0")
    var whole = try embedded(words, in: try required(node, 2))
    let table = try required(node, 3)
    if let positions = operand(node, 8) {
      whole = try sum(whole, try embedded(positions, in: table))
    } else {
      let counts = plain(try draft.addCounts(sizes(words).map { $0[1] }), .int64)
      whole = try sum(whole, try embedded(counts, in: table))
    }
    if let segments = operand(node, 1) {
      whole = try sum(whole, try embedded(segments, in: try required(node, 4)))
    }
    let result = try scaledAndMoved(
      whole, .standard, node, scale: try required(node, 5), offset: try required(node, 6))
    return [result, try wordCounts(node, like: words), whole]
  }

  private mutating func embedded(_ indices: Operand, in table: Operand) throws -> Operand {
    try expectRank(2...2, of: table, "embedding")
    let value = try draft.emit(
      .gather(.init(axis: 0)), [try plainValue(table), try plainValue(indices)])
    return plain(value, table.element)
  }

  /// How many words the mask lets count; zeros without a mask.
  private mutating func wordCounts(_ node: ONNXNode, like words: Operand) throws -> Operand {
    let mask = operand(node, 7)
    let value = try cast(try plainValue(mask ?? words), to: .int32)
    let counted = mask == nil ? try binary(.multiply, value, number: 0) : value
    let sums = try draft.emit(.reduction(.init(.sum, axes: [1])), [counted])
    return plain(try reshape(sums, to: draft.sizes(sums).map { [$0[0]] }), .int32)
  }

  // MARK: groups of channels

  /// Images plus others, which may be one number for each channel, plus a bias of channels.
  private mutating func skipped(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let isLast = try flag(node, "channels_last", default: true)
    try expectRank(1...4, of: try required(node, 3), "input 3")
    if let bias = operand(node, 4) { try expectRank(1...1, of: bias, "input 4") }
    func channelwise(_ importer: inout Importer, _ operand: Operand) throws -> Operand {
      guard operand.rank < 4 else { return operand }
      return try importer.reshaped(operand) { sizes, _ in
        let batch = sizes.count == 2 ? sizes[0] : 1
        return isLast
          ? [batch, 1, 1, sizes[sizes.count - 1]] : [batch, sizes[sizes.count - 1], 1, 1]
      }
    }
    var whole = try sum(input, try channelwise(&self, try required(node, 3)))
    if let bias = operand(node, 4) { whole = try sum(whole, try channelwise(&self, bias)) }
    return whole
  }

  /// The normalisation of groups of channels, which may be followed by SiLU.
  private mutating func groupNorm(_ node: ONNXNode, of input: Operand) throws -> Operand {
    try expectRank(4...4, of: input, "input")
    let groups = try requiredSize(node, "groups")
    let isLast = try flag(node, "channels_last", default: true)
    let image = isLast ? transposed(input, [0, 3, 1, 2]) : input
    let order = try channelsLast(4)
    let value = try value(image, order: order)
    let sizes = draft.sizes(value)
    guard sizes[0][3] % groups == 0 else {
      throw ImportProblem("\(sizes[0][3]) channels are not \(groups) groups")
    }
    let split = try reshape(value, to: sizes.map { $0.dropLast() + [groups, $0[3] / groups] })
    let normal = try draft.emit(
      .normalization(
        .init(
          .standard, axes: [1, 2, 4], epsilon: try number(node, "epsilon", default: 1e-5))),
      [split])
    let scaled = try binary(
      .multiply, try reshape(normal, to: sizes), try required(node, 1).value)
    let result = Operand(
      value: try binary(.add, scaled, try required(node, 2).value), order: order,
      element: input.element)
    let kind = try integer(node, "activation", default: 0, in: 0...1)
    let answer = kind == 1 ? try applied(.init(.swish), to: result) : result
    return isLast ? transposed(answer, [0, 2, 3, 1]) : answer
  }
}
