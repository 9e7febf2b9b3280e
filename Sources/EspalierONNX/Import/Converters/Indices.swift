internal import EspalierGraph

extension Importer {
  /// Elements by index.
  static let indexConverters: [String: Converter] = [
    "Gather": { importer, node in [try importer.gathered(node)] },
    "GatherElements": { importer, node in
      let input = try importer.required(node, 0)
      let axis = try importer.axis(
        try importer.integer(node, "axis", default: 0), rank: input.rank)
      return [
        try importer.plainly(node, .gatherElements(.init(axis: axis)), [0, 1])
      ]
    },
    "GatherND": { importer, node in
      let batch = try importer.integer(node, "batch_dims", default: 0)
      return [try importer.plainly(node, .gatherND(.init(batchAxes: batch)), [0, 1])]
    },
    "ScatterElements": { importer, node in
      [try importer.scattered(node)]
    },
    "Scatter": { importer, node in [try importer.scattered(node)] },
    "ScatterND": { importer, node in
      let rule = Operator.ScatterND(reduction: try importer.reduction(of: node))
      return [try importer.plainly(node, .scatterND(rule), [0, 1, 2])]
    },
    "OneHot": { importer, node in [try importer.oneHot(node)] },
    "Range": { importer, node in [try importer.range(node)] },
    "ReverseSequence": { importer, node in
      [try importer.reversed(node)]
    },
    "Compress": { importer, node in [try importer.compressed(node)] },
  ]

  /// Applies an operator to inputs of a node with their axes as the document has them.
  private mutating func plainly(
    _ node: ONNXNode, _ operator: Operator, _ indices: [Int]
  ) throws -> Operand {
    var values: [DraftValue] = []
    for index in indices { values.append(try plainValue(try required(node, index))) }
    let element = try required(node, 0).element
    return plain(try draft.emit(`operator`, values), element)
  }

  private mutating func gathered(_ node: ONNXNode) throws -> Operand {
    let (input, indices) = (try required(node, 0), try required(node, 1))
    let axis = try self.axis(try integer(node, "axis", default: 0), rank: input.rank)
    if input.rank == 1 { noteClasses(input, byIndex: indices.value) }
    // One constant index is a slice.
    if indices.rank == 0, let found = draft.integers(indices.value),
      found.allSatisfy({ $0 == found[0] }), let index = found[0].first
    {
      let sizes = sizes(input).map { $0[axis] }
      let start = index < 0 ? sizes.map { $0 + index } : sizes.map { _ in index }
      if start.allSatisfy({ $0 == start[0] }), zip(start, sizes).allSatisfy({ $0 >= 0 && $0 < $1 })
      {
        return try squeezed(
          try slice(input, axis: axis, .init(start: start[0], count: 1)), [axis])
      }
    }
    return try plainly(node, .gather(.init(axis: axis)), [0, 1])
  }

  private func reduction(of node: ONNXNode) throws -> Operator.ScatterReduction {
    let name = try text(node, "reduction", default: "none")
    let all: [String: Operator.ScatterReduction] = [
      "none": .replace, "add": .add, "mul": .multiply, "max": .maximum, "min": .minimum,
    ]
    guard let found = all[name] else { throw ImportProblem("its reduction cannot be \(name)") }
    return found
  }

  private mutating func scattered(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let axis = try self.axis(try integer(node, "axis", default: 0), rank: input.rank)
    let rule = Operator.ScatterElements(axis: axis, reduction: try reduction(of: node))
    return try plainly(node, .scatterElements(rule), [0, 1, 2])
  }

  private mutating func oneHot(_ node: ONNXNode) throws -> Operand {
    let (indices, values) = (try required(node, 0), try required(node, 2))
    guard let depth = try constantNumbers(node, 1)?.first else {
      throw ImportProblem("its depth is missing")
    }
    guard depth >= 1, depth <= Double(GraphLimits.dimension) else {
      throw ImportProblem("its depth cannot be \(depth)")
    }
    let rank = indices.rank
    let axis = try self.axis(try integer(node, "axis", default: -1), rank: rank + 1)
    let whole = try cast(try plainValue(indices), to: .int64)
    let mask = try draft.emit(.oneHot(.init(axis: rank, size: Int(depth))), [whole])
    // The new axis comes last in the draft.
    let order = (0...rank).filter { $0 != axis } + [axis]
    try expectRank(1...1, of: values, "input 2")
    if let element = values.element.computedElement, draft.sizes(values.value)[0] == [2],
      draft.constant(values.value)?.numbers == [0, 1]
    {
      return Operand(
        value: try cast(mask, to: element), order: order, element: values.element)
    }
    let offOn = try plainValue(values)
    let off = try draft.emit(.slice(.init([.init(start: 0, count: 1)])), [offOn])
    let on = try draft.emit(.slice(.init([.init(start: 1, count: 1)])), [offOn])
    let result = try draft.emit(.select(.init()), [mask, on, off])
    return Operand(value: result, order: order, element: values.element)
  }

  private mutating func range(_ node: ONNXNode) throws -> Operand {
    let operands = [try required(node, 0), try required(node, 1), try required(node, 2)]
    let element = operands[0].element
    var worlds: [Constant] = []
    for world in 0..<Draft.worldCount {
      var numbers: [Double] = []
      for operand in operands {
        let known = draft.values[operand.value].known
        guard !known.isEmpty, let number = known[min(world, known.count - 1)].first else {
          throw ImportProblem(
            "where it starts, ends or steps is not a constant",
            remedy: "give its numbers with --constants if they are inputs of the document")
        }
        numbers.append(number)
      }
      let count = ((numbers[1] - numbers[0]) / numbers[2]).rounded(.up)
      guard count >= 1, count <= Double(GraphLimits.dimension) else {
        throw ImportProblem(
          "from \(numbers[0]) to \(numbers[1]) by \(numbers[2]) there are "
            + "\(count > 1 ? "too many" : "no") numbers")
      }
      // As wide as the list in double precision that it is made of.
      try draft.budget.take(TensorType(.int64, [Int(count)]))
      let list = (0..<Int(count)).map { numbers[0] + Double($0) * numbers[2] }
      worlds.append(
        element.isFloat
          ? Constant([list.count], list.map { Float($0) })
          : Constant([list.count], list.map { Int64(nearest: $0) }))
    }
    let computed = element.computedElement ?? .int64
    return plain(try cast(draft.addKnown(worlds), to: computed), element)
  }

  /// Rows turned round up to a length of their own: by index.
  private mutating func reversed(_ node: ONNXNode) throws -> Operand {
    let (input, lengths) = (try required(node, 0), try required(node, 1))
    let batch = try axis(try integer(node, "batch_axis", default: 1), rank: input.rank)
    let time = try axis(try integer(node, "time_axis", default: 0), rank: input.rank)
    guard time != batch else { throw ImportProblem("its batch_axis is its time_axis") }
    // [time, batch, rest...]: index t of row b is length[b] − 1 − t below the length, t from there on.
    let order = [time, batch] + (0..<input.rank).filter { $0 != time && $0 != batch }
    let value = try value(input, order: order)
    let counts = try draft.addCounts(draft.sizes(value).map { $0[0] }) { [$0, 1] }
    let length = try cast(lengths.value, to: .int64)
    let mirrored = try binary(.subtract, try binary(.subtract, length, number: 1), counts)
    let isInside = try binary(.greaterOrEqual, mirrored, number: 0)
    let index = try draft.emit(.select(.init()), [isInside, mirrored, counts])
    let ones = Array(repeating: 1, count: input.rank - 2)
    let column = try reshape(index, to: draft.sizes(index).map { $0 + ones })
    let whole = try expanded(plain(column, .int64), draft.sizes(value))
    let result = try draft.emit(.gatherElements(.init(axis: 0)), [value, whole.value])
    return Operand(value: result, order: order, element: input.element)
  }

  private mutating func compressed(_ node: ONNXNode) throws -> Operand {
    var input = try required(node, 0)
    guard let mask = try constantIntegers(node, 1) else {
      throw ImportProblem("its condition is missing")
    }
    var axis = 0
    if node.attribute("axis") == nil {
      input = try reshaped(input) { sizes, _ in [sizes.reduce(1, *)] }
    } else {
      axis = try self.axis(try integer(node, "axis", default: 0), rank: input.rank)
    }
    let kept = mask.indices.filter { mask[$0] != 0 }.map { Int64($0) }
    guard !kept.isEmpty else { throw ImportProblem("it leaves no elements") }
    let indices = draft.addConstant(Constant([kept.count], kept))
    let value = try draft.emit(.gather(.init(axis: axis)), [try plainValue(input), indices])
    return plain(value, input.element)
  }
}
