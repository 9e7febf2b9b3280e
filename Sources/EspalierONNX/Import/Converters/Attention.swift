internal import EspalierGraph

extension Importer {
  /// Attention, as the products it is made of.
  static let attentionConverters: [String: Converter] = [
    "Attention": { importer, node in try importer.attention(node) },
    "RotaryEmbedding": { importer, node in
      let positions = try importer.operand(node, 3).map { try importer.plainValue($0) }
      return [
        try importer.rotaryEmbedding(
          node, heads: try importer.integer(node, "num_heads", default: 0), at: positions,
          cosines: try importer.required(node, 1), sines: try importer.required(node, 2))
      ]
    },
  ]

  /// What an attention works with: queries, keys and values as `[batch, heads, sequence, size]`.
  private struct Heads {
    var query: Operand
    var key: Operand
    var value: Operand
    let isFlat: Bool
  }

  private mutating func attention(_ node: ONNXNode) throws -> [Operand] {
    let element = try required(node, 0).element
    var heads = try heads(node)
    var past = 0
    if let key = operand(node, 4), let value = operand(node, 5) {
      try expectRank(4...4, of: key, "input 4")
      past = try fixed(sizes(key).map { $0[2] }, "how many past keys there are")
      heads.key = try withPast(key, heads.key)
      heads.value = try withPast(value, heads.value)
    }
    let present = [heads.key, heads.value]
    try repeatHeads(&heads)
    let size = try fixed(sizes(heads.query).map { $0[3] }, "the size of its heads")
    let scale = try number(node, "scale", default: 1 / Float(size).squareRoot())
    let scores = try binary(
      .multiply, try product(heads.query, turned(heads.key)).value, number: Double(scale))
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
    let answer = try product(plain(weights, element), heads.value)
    let mode = try integer(node, "qk_matmul_output_mode", default: 0)
    guard stages.indices.contains(mode) else {
      throw ImportProblem("its qk_matmul_output_mode cannot be \(mode)")
    }
    return [
      heads.isFlat ? try mergedHeads(answer) : answer, present[0], present[1],
      plain(stages[mode], element),
    ]
  }

  /// What went before and what comes now, one after the other.
  mutating func withPast(_ past: Operand, _ now: Operand) throws -> Operand {
    let (values, order) = try aligned([past, now])
    let place = order.firstIndex(of: 2) ?? 2
    return Operand(
      value: try draft.emit(.concatenate(.init(axis: place)), values), order: order,
      element: now.element)
  }

  private mutating func heads(_ node: ONNXNode) throws -> Heads {
    let inputs = [try required(node, 0), try required(node, 1), try required(node, 2)]
    let isFlat = inputs[0].rank == 3
    let counts = [
      try integer(node, "q_num_heads", default: 0), try integer(node, "kv_num_heads", default: 0),
    ]
    var operands: [Operand] = []
    for (index, input) in inputs.enumerated() {
      operands.append(try splitHeads(input, heads: counts[min(index, 1)]))
    }
    return Heads(query: operands[0], key: operands[1], value: operands[2], isFlat: isFlat)
  }

  /// `[batch, sequence, heads · size]` as `[batch, heads, sequence, size]`.
  mutating func splitHeads(_ operand: Operand, heads: Int) throws -> Operand {
    try expectRank(3...4, of: operand, "input")
    guard operand.rank == 3 else { return operand }
    guard heads > 0, sizes(operand)[0][2] % heads == 0 else {
      throw ImportProblem("its number of heads does not divide \(sizes(operand)[0][2])")
    }
    let value = try plainValue(operand)
    let split = try reshape(
      value, to: draft.sizes(value).map { [$0[0], $0[1], heads, $0[2] / heads] })
    return Operand(value: split, order: [0, 2, 1, 3], element: operand.element)
  }

  /// `[batch, heads, sequence, size]` as `[batch, sequence, heads · size]`.
  mutating func mergedHeads(_ operand: Operand) throws -> Operand {
    let turned = try value(operand, order: [0, 2, 1, 3])
    let sizes = draft.sizes(turned)
    return plain(
      try reshape(turned, to: sizes.map { [$0[0], $0[1], $0[2] * $0[3]] }), operand.element)
  }

  /// Keys and values once for each head of the queries.
  private mutating func repeatHeads(_ heads: inout Heads) throws {
    let (queries, keys) = (sizes(heads.query)[0][1], sizes(heads.key)[0][1])
    guard queries != keys else { return }
    guard keys > 0, queries % keys == 0 else {
      throw ImportProblem("\(queries) heads of queries do not share \(keys) heads of keys")
    }
    try draft.budget.take(TensorType(.int64, [queries]))
    let indices = draft.addConstant(
      Constant([queries], (0..<queries).map { Int64($0 / (queries / keys)) }))
    heads.key = try repeated(heads.key, indices)
    heads.value = try repeated(heads.value, indices)
  }

  private mutating func repeated(_ operand: Operand, _ heads: DraftValue) throws -> Operand {
    try mapped(operand) { importer, value in
      try importer.draft.emit(.gather(.init(axis: operand.position(of: 1))), [value, heads])
    }
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

  /// Pairs of numbers turned by angles, whose cosines and sines are in tables: for each position, or for positions that
  /// are given.
  mutating func rotaryEmbedding(
    _ node: ONNXNode, heads: Int, at positions: DraftValue?, cosines: Operand, sines: Operand
  ) throws -> Operand {
    let input = try required(node, 0)
    let split = try splitHeads(input, heads: heads)
    let whole = split.order.last == 3 ? split : plain(try plainValue(split), split.element)
    let size = sizes(whole)[0][3]
    var turned = try integer(node, "rotary_embedding_dim", default: 0)
    if turned == 0 { turned = size }
    guard turned % 2 == 0, turned <= size, turned > 0 else {
      throw ImportProblem("it turns \(turned) of \(size) numbers")
    }
    let cosine = try angles(cosines, at: positions)
    let sine = try angles(sines, at: positions)
    let isInterleaved = try flag(node, "interleaved")
    func range(_ second: Bool) -> Operator.Slice.Range {
      isInterleaved
        ? .init(start: second ? 1 : 0, count: turned / 2, step: 2)
        : .init(start: second ? turned / 2 : 0, count: turned / 2)
    }
    let first = try columns(whole, range(false))
    let second = try columns(whole, range(true))
    let real = try arithmetic(
      .subtract,
      [try arithmetic(.multiply, [cosine, first]), try arithmetic(.multiply, [sine, second])])
    let imaginary = try arithmetic(
      .add,
      [try arithmetic(.multiply, [sine, first]), try arithmetic(.multiply, [cosine, second])])
    // The last axis lies last, whatever the order of the others.
    var parts = [real.value, try value(imaginary, order: real.order)]
    if isInterleaved {
      let sizes = draft.sizes(real.value)
      for index in parts.indices {
        parts[index] = try reshape(parts[index], to: sizes.map { $0 + [1] })
      }
      let pairs = try draft.emit(.concatenate(.init(axis: 4)), parts)
      parts = [try reshape(pairs, to: sizes.map { $0.dropLast() + [turned] })]
    }
    if turned < size {
      parts.append(try value(try columns(whole, .init(start: turned)), order: real.order))
    }
    let result = try draft.emit(.concatenate(.init(axis: 3)), parts)
    let answer = Operand(value: result, order: real.order, element: input.element)
    return input.rank == 3 ? try mergedHeads(answer) : answer
  }

  /// Cosines or sines as `[batch, 1, sequence, size]`, those of given positions if there are any.
  private mutating func angles(_ table: Operand, at positions: DraftValue?) throws -> Operand {
    var value = try plainValue(table)
    if let positions { value = try draft.emit(.gather(.init(axis: 0)), [value, positions]) }
    guard draft.rank(value) == 3 else {
      throw ImportProblem("the axes of its tables are \(draft.rank(value)), but must be 3")
    }
    return plain(
      try reshape(value, to: draft.sizes(value).map { [$0[0], 1, $0[1], $0[2]] }), table.element)
  }

  /// Some of the last axis, which lies last.
  private mutating func columns(
    _ operand: Operand, _ range: Operator.Slice.Range
  ) throws -> Operand {
    try mapped(operand) { importer, value in
      try importer.draft.emit(.slice(.init([.init(), .init(), .init(), range])), [value])
    }
  }
}
