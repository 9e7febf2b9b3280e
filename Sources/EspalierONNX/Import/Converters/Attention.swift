internal import EspalierGraph

extension Importer {
  /// Attention, as the products it is made of.
  static let attentionConverters: [String: Converter] = [
    "Attention": { importer, node in try importer.attention(node) },
    "RotaryEmbedding": { importer, node in
      [try importer.rotaryEmbedding(node)]
    },
  ]

  /// What an attention works with: queries, keys and values as `[batch, heads, sequence, size]`.
  private struct Heads {
    var query: DraftValue
    var key: DraftValue
    var value: DraftValue
    let isFlat: Bool
  }

  private mutating func attention(_ node: ONNXNode) throws -> [Operand] {
    let element = try required(node, 0).element
    var heads = try heads(node)
    var past = 0
    if let key = operand(node, 4), let value = operand(node, 5) {
      try expectRank(4...4, of: key, "input 4")
      past = try fixed(sizes(key).map { $0[2] }, "how many past keys there are")
      heads.key = try draft.emit(.concatenate(.init(axis: 2)), [try plainValue(key), heads.key])
      heads.value = try draft.emit(
        .concatenate(.init(axis: 2)), [try plainValue(value), heads.value])
    }
    let present = (heads.key, heads.value)
    try repeatHeads(&heads)
    let size = try fixed(draft.sizes(heads.query).map { $0[3] }, "the size of its heads")
    let scale = try number(node, "scale", default: 1 / Float(size).squareRoot())
    let scores = try binary(
      .multiply,
      try draft.emit(.matrixProduct(.init(transposesRight: true)), [heads.query, heads.key]),
      number: Double(scale))
    var stages = [scores]
    let cap = Double(try number(node, "softcap", default: 0))
    var logits = scores
    if cap != 0 {
      logits = try binary(
        .multiply, try unary(.tanh, try binary(.divide, logits, number: cap)), number: cap)
    }
    stages.append(logits)
    let (bias, hidden) = try mask(node, scores: scores, past: past)
    if let bias { logits = try binary(.add, logits, bias) }
    if let hidden {
      logits = try draft.emit(
        .select(.init()), [hidden, try number(-.infinity, like: logits), logits])
    }
    stages.append(logits)
    var weights = try draft.emit(.softmax(.init()), [logits])
    if bias != nil || hidden != nil {
      // A query that may look at nothing gives zeros.
      let most = try draft.emit(
        .reduction(.init(.maximum, axes: [draft.rank(logits) - 1])), [logits])
      let isEmpty = try binary(.equal, most, number: -.infinity)
      weights = try draft.emit(.select(.init()), [isEmpty, try number(0, like: weights), weights])
    }
    stages.append(weights)
    let answer = try draft.emit(.matrixProduct(.init()), [weights, heads.value])
    let mode = try integer(node, "qk_matmul_output_mode", default: 0)
    guard stages.indices.contains(mode) else {
      throw ImportProblem("its qk_matmul_output_mode cannot be \(mode)")
    }
    return [
      try joined(answer, isFlat: heads.isFlat, element), plain(present.0, element),
      plain(present.1, element), plain(stages[mode], element),
    ]
  }

  private mutating func heads(_ node: ONNXNode) throws -> Heads {
    let inputs = [try required(node, 0), try required(node, 1), try required(node, 2)]
    let isFlat = inputs[0].rank == 3
    let counts = [
      try integer(node, "q_num_heads", default: 0), try integer(node, "kv_num_heads", default: 0),
    ]
    var values: [DraftValue] = []
    for (index, input) in inputs.enumerated() {
      values.append(try split(input, heads: counts[min(index, 1)]))
    }
    return Heads(query: values[0], key: values[1], value: values[2], isFlat: isFlat)
  }

  /// `[batch, sequence, heads · size]` as `[batch, heads, sequence, size]`.
  private mutating func split(_ operand: Operand, heads: Int) throws -> DraftValue {
    try expectRank(3...4, of: operand, "input")
    let value = try plainValue(operand)
    guard operand.rank == 3 else { return value }
    guard heads > 0, sizes(operand)[0][2] % heads == 0 else {
      throw ImportProblem("its number of heads does not divide \(sizes(operand)[0][2])")
    }
    let sizes = draft.sizes(value)
    let split = try reshape(value, to: sizes.map { [$0[0], $0[1], heads, $0[2] / heads] })
    return try transpose(split, [0, 2, 1, 3])
  }

  private mutating func joined(
    _ value: DraftValue, isFlat: Bool, _ element: ONNXElementType
  ) throws -> Operand {
    guard isFlat else { return plain(value, element) }
    let turned = try transpose(value, [0, 2, 1, 3])
    let sizes = draft.sizes(turned)
    return plain(
      try reshape(turned, to: sizes.map { [$0[0], $0[1], $0[2] * $0[3]] }), element)
  }

  /// Keys and values once for each head of the queries.
  private mutating func repeatHeads(_ heads: inout Heads) throws {
    let (queries, keys) = (draft.type(heads.query).shape[1], draft.type(heads.key).shape[1])
    guard queries != keys else { return }
    guard keys > 0, queries % keys == 0 else {
      throw ImportProblem("\(queries) heads of queries do not share \(keys) heads of keys")
    }
    let indices = draft.addConstant(
      Constant([queries], (0..<queries).map { Int64($0 / (queries / keys)) }))
    heads.key = try draft.emit(.gather(.init(axis: 1)), [heads.key, indices])
    heads.value = try draft.emit(.gather(.init(axis: 1)), [heads.value, indices])
  }

  /// What is added to scores, and where a query must not look.
  private mutating func mask(
    _ node: ONNXNode, scores: DraftValue, past: Int
  ) throws -> (bias: DraftValue?, hidden: DraftValue?) {
    let sizes = draft.sizes(scores)
    var bias: DraftValue?
    var hidden: DraftValue?
    if let mask = operand(node, 3) {
      try expectRank(1...4, of: mask, "mask")
      var value = try plainValue(mask)
      if draft.type(value).element == .bool { value = try unary(.not, value) }
      let missing = zip(sizes, draft.sizes(value)).map { $0[3] - ($1.last ?? 1) }
      let short = try fixed(missing, "how much of its mask is missing")
      let isBool = draft.type(value).element == .bool
      if short > 0, draft.sizes(value)[0].last != 1 {
        let rank = draft.rank(value)
        var after = Array(repeating: 0, count: rank)
        after[rank - 1] = short
        let outside = try number(isBool ? 1 : -.infinity, like: value)
        value = try draft.emit(
          .pad(.init(before: after.map { _ in 0 }, after: after)), [value, outside])
      }
      if isBool { hidden = value } else { bias = value }
    }
    let keys = try draft.addCounts(sizes.map { $0[3] })
    var offset = draft.addConstant(Constant([], [Int64(past)]))
    if let valid = operand(node, 6) {
      try expectRank(1...1, of: valid, "input 6")
      let lengths = try reshape(
        try cast(valid.value, to: .int64), to: draft.sizes(valid.value).map { [$0[0], 1, 1, 1] })
      try hide(&hidden, try binary(.greaterOrEqual, keys, lengths))
      offset = try binary(
        .subtract, lengths,
        number: Double(try fixed(sizes.map { $0[2] }, "how many queries there are")))
    }
    let queries = try draft.addCounts(sizes.map { $0[2] }) { [$0, 1] }
    let left = try integer(node, "left_window_size", default: -1)
    var right = try integer(node, "right_window_size", default: -1)
    if try flag(node, "is_causal") { right = 0 }
    let places = left >= 0 || right >= 0 ? try binary(.add, queries, offset) : queries
    if right >= 0 {
      try hide(&hidden, try binary(.greater, keys, try binary(.add, places, number: Double(right))))
    }
    if left >= 0 {
      try hide(
        &hidden, try binary(.less, keys, try binary(.subtract, places, number: Double(left))))
    }
    return (bias, hidden)
  }

  private mutating func hide(
    _ hidden: inout DraftValue?, _ more: DraftValue
  ) throws {
    hidden =
      try hidden.map { found in try binary(.or, found, more) } ?? more
  }

  private mutating func rotaryEmbedding(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let isFlat = input.rank == 3
    let element = input.element
    let heads = try integer(node, "num_heads", default: 0)
    let whole = try split(input, heads: heads)
    let size = draft.type(whole).shape[3]
    var turned = try integer(node, "rotary_embedding_dim", default: 0)
    if turned == 0 { turned = size }
    guard turned % 2 == 0, turned <= size, turned > 0 else {
      throw ImportProblem("it turns \(turned) of \(size) numbers")
    }
    var (cosine, sine) = (try required(node, 1).value, try required(node, 2).value)
    if let positions = operand(node, 3) {
      cosine = try draft.emit(.gather(.init(axis: 0)), [cosine, positions.value])
      sine = try draft.emit(.gather(.init(axis: 0)), [sine, positions.value])
    }
    for table in [cosine, sine] where draft.rank(table) != 3 {
      throw ImportProblem("the axes of its tables are \(draft.rank(table)), but must be 3")
    }
    cosine = try reshape(cosine, to: draft.sizes(cosine).map { [$0[0], 1, $0[1], $0[2]] })
    sine = try reshape(sine, to: draft.sizes(sine).map { [$0[0], 1, $0[1], $0[2]] })
    let isInterleaved = try flag(node, "interleaved")
    func part(_ second: Bool) -> Operator.Slice.Range {
      isInterleaved
        ? .init(start: second ? 1 : 0, count: turned / 2, step: 2)
        : .init(start: second ? turned / 2 : 0, count: turned / 2)
    }
    let first = try draft.emit(.slice(.init([.init(), .init(), .init(), part(false)])), [whole])
    let second = try draft.emit(.slice(.init([.init(), .init(), .init(), part(true)])), [whole])
    let real = try binary(
      .subtract, try binary(.multiply, cosine, first), try binary(.multiply, sine, second))
    let imaginary = try binary(
      .add, try binary(.multiply, sine, first), try binary(.multiply, cosine, second))
    var result: DraftValue
    if isInterleaved {
      let sizes = draft.sizes(real)
      let columns = try [real, imaginary].map { value in
        try reshape(value, to: sizes.map { $0 + [1] })
      }
      result = try reshape(
        try draft.emit(.concatenate(.init(axis: 4)), columns),
        to: sizes.map { [$0[0], $0[1], $0[2], turned] })
    } else {
      result = try draft.emit(.concatenate(.init(axis: 3)), [real, imaginary])
    }
    if turned < size {
      let rest = try draft.emit(
        .slice(.init([.init(), .init(), .init(), .init(start: turned)])), [whole])
      result = try draft.emit(.concatenate(.init(axis: 3)), [result, rest])
    }
    return try joined(result, isFlat: isFlat, element)
  }
}
