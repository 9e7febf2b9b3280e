internal import EspalierGraph

extension Importer {
  /// Sums and their like, along axes.
  static let reductionConverters: [String: Converter] = {
    var all: [String: Converter] = [:]
    typealias Step = @Sendable (inout Importer, DraftValue) throws -> DraftValue
    let same: Step = { _, value in value }
    let square: Step = { importer, value in
      try importer.binary(.multiply, value, value)
    }
    let absolute: Step = { importer, value in
      try importer.unary(.absolute, value)
    }
    let root: Step = { importer, value in
      try importer.unary(.squareRoot, value)
    }
    let log: Step = { importer, value in try importer.unary(.log, value) }
    let reductions: [(String, Operator.Reduction.Function, before: Step, after: Step)] = [
      ("Sum", .sum, same, same), ("Mean", .mean, same, same), ("Max", .maximum, same, same),
      ("Min", .minimum, same, same), ("Prod", .product, same, same),
      ("SumSquare", .sum, square, same), ("L1", .sum, absolute, same),
      ("L2", .sum, square, root), ("LogSum", .sum, same, log),
    ]
    for (name, function, before, after) in reductions {
      all["Reduce" + name] = { importer, node in
        try importer.reduction(node) { importer, operand, axes in
          let prepared = try importer.mapped(operand, before)
          return try importer.mapped(try importer.reduce(function, prepared, axes: axes), after)
        }
      }
    }
    all["ReduceLogSumExp"] = { importer, node in
      try importer.reduction(node) { importer, operand, axes in
        let most = try importer.reduce(.maximum, operand, axes: axes)
        let shifted = try importer.arithmetic(.subtract, [operand, most])
        let powers = try importer.mapped(shifted) { importer, value in
          try importer.unary(.exp, value)
        }
        let sums = try importer.mapped(try importer.reduce(.sum, powers, axes: axes), log)
        return try importer.arithmetic(.add, [sums, most])
      }
    }
    for (name, isLargest) in [("ArgMax", true), ("ArgMin", false)] {
      all[name] = { importer, node in
        let input = try importer.required(node, 0)
        let axis = try importer.axis(
          try importer.integer(node, "axis", default: 0), rank: input.rank)
        let value = try importer.draft.emit(
          .argReduction(
            .init(
              isLargest ? .maximum : .minimum, axis: input.position(of: axis),
              lastIndex: try importer.flag(node, "select_last_index"))), [input.value])
        let result = Operand(value: value, order: input.order, element: .int64)
        return [
          try importer.flag(node, "keepdims", default: true)
            ? result : try importer.squeezed(result, [axis])
        ]
      }
    }
    for (name, function) in [
      ("CumSum", Operator.CumulativeSum.Function.sum), ("CumProd", .product),
    ] {
      all[name] = { importer, node in
        let input = try importer.required(node, 0)
        guard let given = try importer.constantIntegers(node, 1)?.first else {
          throw ImportProblem("its axis is missing")
        }
        let axis = try importer.axis(given, rank: input.rank)
        let rule = Operator.CumulativeSum(
          function, axis: input.position(of: axis),
          exclusive: try importer.flag(node, "exclusive"),
          reverse: try importer.flag(node, "reverse"))
        return [
          try importer.mapped(input) { importer, value in
            try importer.draft.emit(.cumulativeSum(rule), [value])
          }
        ]
      }
    }
    all["TopK"] = { importer, node in try importer.topK(node) }
    all["Softmax"] = { importer, node in
      [try importer.softmax(node, .softmax)]
    }
    all["LogSoftmax"] = { importer, node in
      [try importer.softmax(node, .logSoftmax)]
    }
    all["Hardmax"] = { importer, node in [try importer.hardmax(node)] }
    return all
  }()

  /// Reduces axes of the document, which stay with size 1.
  mutating func reduce(
    _ function: Operator.Reduction.Function, _ operand: Operand, axes: [Int]
  ) throws -> Operand {
    guard !axes.isEmpty else { return operand }
    let places = axes.map { operand.position(of: $0) }.sorted()
    let element = draft.type(operand.value).element
    return try mapped(operand) { importer, value in
      let isNarrow = element == .int8 || element == .uint8 || element == .bool
      let wide = isNarrow ? try importer.cast(value, to: .int32) : value
      return try importer.cast(
        try importer.draft.emit(.reduction(.init(function, axes: places)), [wide]), to: element)
    }
  }

  private mutating func reduction(
    _ node: ONNXNode,
    _ reduce: (inout Importer, Operand, [Int]) throws -> Operand
  ) throws -> [Operand] {
    let input = try required(node, 0)
    let isSum = node.operatorType == "ReduceSum"
    let given = try listOfAxes(node, since: isSum ? 13 : 18)
    var axes = try self.axes(given ?? [], rank: input.rank)
    let isNothing = try flag(node, "noop_with_empty_axes")
    if axes.isEmpty && !isNothing { axes = Array(0..<input.rank) }
    let result = try reduce(&self, input, axes)
    return [
      try flag(node, "keepdims", default: true) ? result : try squeezed(result, axes)
    ]
  }

  private mutating func topK(_ node: ONNXNode) throws -> [Operand] {
    let input = try required(node, 0)
    let axis = try self.axis(try integer(node, "axis", default: -1), rank: input.rank)
    let count =
      version < 10 ? try integer(node, "k", default: 0) : try constantIntegers(node, 1)?.first
    guard let count, count > 0 else { throw ImportProblem("its k is missing") }
    let place = input.position(of: axis)
    let indices = try draft.emit(
      .topK(
        .init(axis: place, size: count, largest: try flag(node, "largest", default: true))),
      [input.value])
    let values = try draft.emit(
      .gatherElements(.init(axis: place)), [input.value, indices])
    return [
      Operand(value: values, order: input.order, element: input.element),
      Operand(value: indices, order: input.order, element: .int64),
    ]
  }

  /// Applies an operator that works on the last axis to an axis of the document.
  mutating func alongLast(
    _ operand: Operand, axis: Int,
    _ body: (inout Importer, DraftValue) throws -> DraftValue
  ) throws -> Operand {
    let order = order(operand, last: [axis])
    let value = try value(operand, order: order)
    return Operand(value: try body(&self, value), order: order, element: operand.element)
  }

  private mutating func softmax(
    _ node: ONNXNode, _ function: Operator.Softmax.Function
  ) throws -> Operand {
    try softmax(node, function, of: try required(node, 0), isOld: version < 13)
  }

  /// The softmax along the axis of a node, in old versions over the axes behind it as well.
  mutating func softmax(
    _ node: ONNXNode, _ function: Operator.Softmax.Function, of input: Operand, isOld: Bool
  ) throws -> Operand {
    let axis = try self.axis(
      try integer(node, "axis", default: isOld ? 1 : -1), rank: input.rank)
    guard isOld && axis < input.rank - 1 else {
      return try alongLast(input, axis: axis) { importer, value in
        try importer.draft.emit(.softmax(.init(function)), [value])
      }
    }
    // Before version 13 it runs over all axes from this one on.
    let before = sizes(input)
    let flat = try reshaped(input) { sizes, _ in
      Array(sizes[..<axis]) + [sizes[axis...].reduce(1, *)]
    }
    let result = try alongLast(flat, axis: axis) { importer, value in
      try importer.draft.emit(.softmax(.init(function)), [value])
    }
    return try reshaped(result) { _, world in before[world] }
  }

  /// One where the first of the largest numbers is, zero elsewhere.
  private mutating func hardmax(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let axis = try self.axis(
      try integer(node, "axis", default: version < 13 ? 1 : -1), rank: input.rank)
    guard version >= 13 || axis == input.rank - 1 else {
      throw ImportProblem("a version before 13 over several axes is not supported")
    }
    let place = input.position(of: axis)
    return try mapped(input) { importer, value in
      let found = try importer.draft.emit(
        .argReduction(.init(.maximum, axis: place)), [value])
      let ones = Array(repeating: 1, count: input.rank - 1 - place)
      let counts = try importer.draft.addCounts(importer.draft.sizes(value).map { $0[place] }) {
        [$0] + ones
      }
      return try importer.cast(try importer.binary(.equal, found, counts), to: .float32)
    }
  }
}
