internal import EspalierGraph

extension Importer {
  /// Attention as ONNX Runtime has it, as the products it is made of.
  static let fusedAttentionConverters: [String: Converter] = [
    "Attention": { importer, node in
      try importer.selfAttention(
        node, try importer.required(node, 0), weights: try importer.required(node, 1),
        attentionBias: 5)
    },
    // Numbers and weights are quantized, and nothing that is made of them.
    "QAttention": { importer, node in
      let input = try importer.dequantized(
        try importer.required(node, 0), scale: try importer.required(node, 3),
        zero: importer.operand(node, 6), axis: 0)
      let weights = try importer.dequantized(
        try importer.required(node, 1), scale: try importer.required(node, 4),
        zero: importer.operand(node, 7), axis: 1)
      return try importer.selfAttention(
        node, input, weights: weights, mask: 5, past: 8, attentionBias: nil)
    },
    "MultiHeadAttention": { importer, node in try importer.multiHeadAttention(node) },
    "RotaryEmbedding": { importer, node in [try importer.turnedHeads(node)] },
  ]

  /// Queries, keys and values `[batch, heads, sequence, size]`, and what is added to scores.
  private struct AttentionParts {
    var query: Operand
    var key: Operand
    var value: Operand
    /// The keys that came before the first query.
    var past = 0
    var bias: Operand?
    var mask: Operand?
  }

  /// Attention of a sequence to itself, whose queries, keys and values come out of one product.
  private mutating func selfAttention(
    _ node: ONNXNode, _ input: Operand, weights: Operand, mask: Int = 3, past: Int = 4,
    attentionBias: Int?
  ) throws -> [Operand] {
    guard try !flag(node, "do_rotary"), try !flag(node, "past_present_share_buffer") else {
      throw ImportProblem("it turns heads itself, or keeps them in a buffer of another node")
    }
    try expectRank(3...3, of: input, "input 0")
    try expectRank(2...2, of: weights, "weight")
    let heads = try requiredSize(node, "num_heads")
    let width = try fixed(sizes(weights).map { $0[1] }, "the size of its weights")
    let parts = try integers(node, "qkv_hidden_sizes") ?? [width / 3, width / 3, width / 3]
    guard parts.count == 3, parts.reduce(0, +) == width, parts[0] == parts[1],
      parts.allSatisfy({ $0 > 0 && $0 % heads == 0 })
    else {
      throw ImportProblem(
        "\(width) columns of its weights are not queries, keys and values of \(heads) heads")
    }
    let projected = try sum(try product(input, weights), operand(node, 2))
    var operands: [Operand] = []
    for (index, size) in parts.enumerated() {
      let start = parts[..<index].reduce(0, +)
      let part = try slice(projected, axis: 2, .init(start: start, count: size))
      operands.append(try splitHeads(part, heads: heads))
    }
    var attention = AttentionParts(
      query: operands[0], key: operands[1], value: operands[2], bias: nil,
      mask: operand(node, mask))
    if let index = attentionBias { attention.bias = operand(node, index) }
    if let past = operand(node, past) {
      try expectRank(5...5, of: past, "past")
      for (place, index) in [(\AttentionParts.key, 0), (\.value, 1)] {
        let own = try squeezed(try slice(past, axis: 0, .init(start: index, count: 1)), [0])
        attention[keyPath: place] = try withPast(own, attention[keyPath: place])
      }
      attention.past = try fixed(sizes(past).map { $0[3] }, "how many past keys there are")
    }
    let answer = try attended(node, attention).answer
    let present = try [attention.key, attention.value].map { try unsqueezed($0, [0]) }
    guard isRead(node, output: 1) else { return [answer] }
    let (values, order) = try aligned(present)
    let both = try draft.emit(
      .concatenate(.init(axis: order.firstIndex(of: 0) ?? 0)), values)
    return [answer, Operand(value: both, order: order, element: answer.element)]
  }

  private mutating func multiHeadAttention(_ node: ONNXNode) throws -> [Operand] {
    guard operand(node, 8) == nil, operand(node, 9) == nil else {
      throw ImportProblem("it keeps keys and values in a buffer of another node")
    }
    let heads = try requiredSize(node, "num_heads")
    guard let key = operand(node, 1), let value = operand(node, 2) else {
      throw ImportProblem("its queries, keys and values are packed in one input")
    }
    let inputs = [try required(node, 0), key, value]
    try expectRank(3...3, of: inputs[0], "input 0")
    if let bias = operand(node, 3) { try expectRank(1...1, of: bias, "input 3") }
    var operands: [Operand] = []
    var start = 0
    for (index, input) in inputs.enumerated() {
      guard input.rank == 3 || input.rank == 4 else {
        throw ImportProblem("its keys and values are packed in one input")
      }
      // Of keys and values that are split into heads the bias was added before.
      guard input.rank == 3, let bias = operand(node, 3) else {
        operands.append(try splitHeads(input, heads: heads))
        continue
      }
      let size = try fixed(sizes(input).map { $0[2] }, "the size of its input \(index)")
      let own = try slice(bias, axis: 0, .init(start: start, count: size))
      operands.append(try splitHeads(try sum(input, own), heads: heads))
      start += size
    }
    var attention = AttentionParts(
      query: operands[0], key: operands[1], value: operands[2], bias: operand(node, 5),
      mask: operand(node, 4))
    if let pastKey = operand(node, 6), let pastValue = operand(node, 7) {
      try expectRank(4...4, of: pastKey, "past")
      attention.past = try fixed(sizes(pastKey).map { $0[2] }, "how many past keys there are")
      attention.key = try withPast(pastKey, attention.key)
      attention.value = try withPast(pastValue, attention.value)
    }
    let (answer, scores) = try attended(node, attention)
    return [answer, attention.key, attention.value, plain(scores, answer.element)]
  }

  /// `softmax(scale · queries · keysᵀ + bias) · values` as `[batch, sequence, heads · size]`, and the scores.
  private mutating func attended(
    _ node: ONNXNode, _ parts: AttentionParts
  ) throws -> (answer: Operand, scores: DraftValue) {
    let size = try fixed(sizes(parts.query).map { $0[3] }, "the size of its heads")
    let usual = 1 / Float(size).squareRoot()
    let given = try number(node, "scale", default: usual)
    var scores = try binary(
      .multiply, try product(parts.query, turned(parts.key)).value,
      number: Double(given == 0 ? usual : given))
    if let bias = parts.bias { scores = try binary(.add, scores, try plainValue(bias)) }
    if let mask = try maskBias(node, parts, scores: scores) {
      scores = try binary(.add, scores, mask)
    }
    let weights = try draft.emit(.softmax(.init()), [scores])
    let answer = try product(plain(weights, parts.value.element), parts.value)
    return (try mergedHeads(answer), scores)
  }

  // MARK: masks

  /// What is added to scores `[batch, heads, queries, keys]` so that masked keys do not count; nil where all do.
  private mutating func maskBias(
    _ node: ONNXNode, _ parts: AttentionParts, scores: DraftValue
  ) throws -> DraftValue? {
    let filter = Double(try number(node, "mask_filter_value", default: -10_000))
    var bias: DraftValue?
    if let mask = parts.mask {
      let isHidden = try hiddenKeys(mask, scores: scores)
      bias = try filled(isHidden, filter)
    }
    guard try flag(node, "unidirectional") else { return bias }
    let sizes = draft.sizes(scores)
    let keys = try draft.addCounts(sizes.map { $0[3] })
    let queries = try draft.addCounts(sizes.map { $0[2] }) { [$0, 1] }
    let isLater = try binary(
      .greater, keys, try binary(.add, queries, number: Double(parts.past)))
    let causal = try filled(isLater, Double(-Float.greatestFiniteMagnitude))
    return try bias.map { try binary(.add, $0, causal) } ?? causal
  }

  /// A number where something is so, and zero elsewhere.
  private mutating func filled(_ condition: DraftValue, _ number: Double) throws -> DraftValue {
    let numbers = [number, 0].map { draft.addConstant(Constant($0, .float32)) }
    return try draft.emit(.select(.init()), [condition] + numbers)
  }

  /// Which keys are hidden, with axes that broadcast with scores: by a mask of zeros and ones, by how many keys there are,
  /// or by where they end and begin.
  private mutating func hiddenKeys(_ mask: Operand, scores: DraftValue) throws -> DraftValue {
    let value = try plainValue(mask)
    let sizes = draft.sizes(scores)
    switch mask.rank {
    case 2, 3:
      let shown = try reshape(
        value,
        to: draft.sizes(value).map {
          mask.rank == 2 ? [$0[0], 1, 1, $0[1]] : [$0[0], 1, $0[1], $0[2]]
        })
      return try binary(.lessOrEqual, try cast(shown, to: .int64), number: 0)
    case 1:
      let keys = try draft.addCounts(sizes.map { $0[3] })
      let counts = try cast(value, to: .int64)
      let batch = sizes.map { $0[0] }
      if draft.sizes(value).map({ $0[0] }) == batch {
        let ends = try reshape(counts, to: batch.map { [$0, 1, 1, 1] })
        return try binary(.greaterOrEqual, keys, ends)
      }
      guard draft.sizes(value).map({ $0[0] }) == batch.map({ 2 * $0 }) else { break }
      let pairs = try reshape(counts, to: batch.map { [2, $0, 1, 1, 1] })
      let parts = try (0..<2).map { index in
        try squeezed(try slice(plain(pairs, .int64), axis: 0, .init(start: index, count: 1)), [0])
          .value
      }
      return try binary(
        .or, try binary(.greaterOrEqual, keys, parts[0]), try binary(.less, keys, parts[1]))
    default: break
    }
    throw ImportProblem("its mask of the shape \(Shape(draft.sizes(value)[0])) is not supported")
  }

  // MARK: rotations

  /// `RotaryEmbedding`, whose positions are given for each word or for the first one.
  private mutating func turnedHeads(_ node: ONNXNode) throws -> Operand {
    guard try number(node, "scale", default: 1) == 1, try !flag(node, "is_packed_batching") else {
      throw ImportProblem("it scales its result or packs sequences of several lengths")
    }
    let input = try required(node, 0)
    try expectRank(3...4, of: input, "input 0")
    let positions = try required(node, 1)
    try expectRank(1...2, of: positions, "input 1")
    var places = try cast(try plainValue(positions), to: .int64)
    let length = sizes(input).map { $0[input.rank - 2] }
    if positions.rank == 1 {
      let counts = try draft.addCounts(length) { [1, $0] }
      places = try binary(.add, counts, places)
    }
    let cosines = try required(node, 2)
    try expectRank(2...2, of: cosines, "input 2")
    var heads = try integer(node, "num_heads", default: 0)
    if heads == 0, input.rank == 3 {
      let size = max(2 * sizes(cosines)[0][1], 1)
      heads = sizes(input)[0][2] / size
    }
    return try rotaryEmbedding(
      node, heads: heads, at: places, cosines: cosines, sines: try required(node, 3))
  }
}
