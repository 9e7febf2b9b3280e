internal import EspalierGraph

extension Importer {
  /// A sequence of tensors.
  mutating func sequence(_ items: [Operand]) -> Operand {
    // Of none there is a number that nothing may read.
    var operand = items.first ?? plain(draft.addConstant(Constant(0, .float32)), .float32)
    operand.sequence = items
    return operand
  }
}

/// Sequences of a number of tensors that is known while importing: they are only names for their tensors.
extension Importer {
  static let sequenceConverters: [String: Converter] = [
    "SequenceConstruct": { importer, node in
      guard !node.inputs.isEmpty else { throw ImportProblem("it has no inputs") }
      let items = try node.inputs.indices.map { try importer.required(node, $0) }
      return [importer.sequence(items)]
    },
    "SequenceEmpty": { importer, _ in [importer.sequence([])] },
    "SplitToSequence": { importer, node in [try importer.splitToSequence(node)] },
    "SequenceAt": { importer, node in
      if let stack = importer.operand(node, 0)?.stack {
        return [try importer.part(of: stack, node)]
      }
      let items = try importer.items(node)
      let place = try importer.constantIntegers(node, 1)?.first ?? 0
      guard (-items.count..<items.count).contains(place) else {
        throw ImportProblem("its position \(place) is out of range for \(items.count) tensors")
      }
      return [items[place < 0 ? place + items.count : place]]
    },
    "SequenceInsert": { importer, node in
      var items = try importer.items(node)
      try importer.draft.budget.take(operations: items.count)
      let place = try importer.constantIntegers(node, 2)?.first ?? items.count
      guard (-items.count...items.count).contains(place) else {
        throw ImportProblem("its position \(place) is out of range for \(items.count) tensors")
      }
      items.insert(
        try importer.required(node, 1), at: place < 0 ? place + items.count : place)
      return [importer.sequence(items)]
    },
    "SequenceErase": { importer, node in
      var items = try importer.items(node)
      let place = try importer.constantIntegers(node, 1)?.first ?? -1
      guard (-items.count..<items.count).contains(place) else {
        throw ImportProblem("its position \(place) is out of range for \(items.count) tensors")
      }
      items.remove(at: place < 0 ? place + items.count : place)
      return [importer.sequence(items)]
    },
    "SequenceLength": { importer, node in
      if let stack = importer.operand(node, 0)?.stack {
        let counts = importer.sizes(stack).map { Constant([], [Int64($0[0])]) }
        return [importer.plain(importer.draft.addKnown(counts), .int64)]
      }
      let count = Constant([], [Int64(try importer.items(node).count)])
      return [importer.plain(importer.draft.addConstant(count), .int64)]
    },
    "ConcatFromSequence": { importer, node in
      if let stack = importer.operand(node, 0)?.stack {
        return [try importer.concatenated(stack, node)]
      }
      var items = try importer.items(node)
      guard !items.isEmpty else { throw ImportProblem("its sequence has no tensors") }
      let isNew = try importer.flag(node, "new_axis")
      let rank = items[0].rank + (isNew ? 1 : 0)
      let axis = try importer.axis(try importer.integer(node, "axis", default: 0), rank: rank)
      if isNew { items = try items.map { try importer.unsqueezed($0, [axis]) } }
      return [try importer.concatenated(items, axis: axis)]
    },
  ]

  /// Whether an operator takes sequences.
  static func readsSequences(_ node: ONNXNode) -> Bool {
    node.domain == ONNXDomain.onnx
      && (node.operatorType.hasPrefix("Sequence")
        || ["ConcatFromSequence", "Identity", "Loop"].contains(node.operatorType))
  }

  /// One part of a tensor along its first axis.
  private mutating func part(of stack: Operand, _ node: ONNXNode) throws -> Operand {
    guard let place = try constantIntegers(node, 1)?.first,
      sizes(stack).allSatisfy({ (-$0[0]..<$0[0]).contains(place) })
    else {
      throw ImportProblem("its position is out of range, or depends on sizes that are not fixed")
    }
    let value = try plainValue(stack)
    let index = draft.addConstant(Constant([], [Int64(place)]))
    return plain(try draft.emit(.gather(.init(axis: 0)), [value, index]), stack.element)
  }

  /// The parts of a tensor along its first axis one behind the other along another axis, or along a new one.
  private mutating func concatenated(_ stack: Operand, _ node: ONNXNode) throws -> Operand {
    let isNew = try flag(node, "new_axis")
    let given = try integer(node, "axis", default: 0)
    let axis = try self.axis(given, rank: stack.rank - (isNew ? 0 : 1))
    // The axis of the parts goes before the one along which they are put together.
    let others = Array(1..<stack.rank)
    let order = others[..<axis] + [0] + others[axis...]
    let turned = transposed(stack, Array(order))
    guard !isNew else { return turned }
    return try reshaped(turned) { sizes, _ in
      sizes[..<axis] + [sizes[axis] * sizes[axis + 1]] + sizes[(axis + 2)...]
    }
  }

  /// Parts of a tensor along an axis: of a length that is given, of lengths that are, or each of one, without the axis
  /// unless it is kept.
  private mutating func splitToSequence(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let axis = try self.axis(try integer(node, "axis", default: 0), rank: input.rank)
    let size = try fixed(sizes(input).map { $0[axis] }, "the size of what it splits")
    let given = try constantIntegers(node, 1)
    let length = operand(node, 1)?.rank == 0 ? given?.first : nil
    guard given != nil && length == nil || size / max(length ?? 1, 1) < GraphLimits.nodeInputs
    else {
      throw ImportProblem(
        "it makes more than \(GraphLimits.nodeInputs) tensors, the most there are")
    }
    var parts = given ?? Array(repeating: 1, count: size)
    if let length, length > 0 {
      parts = stride(from: 0, to: size, by: length).map { min(length, size - $0) }
    }
    guard parts.allSatisfy({ (1...max(size, 1)).contains($0) }), parts.reduce(0, +) == size else {
      throw ImportProblem("its parts \(listed(parts)) do not add up to \(size)")
    }
    try draft.budget.take(operations: parts.count)
    guard parts.count <= GraphLimits.nodeInputs else {
      throw ImportProblem("it makes \(parts.count) tensors; \(GraphLimits.nodeInputs) are the most")
    }
    let keepsAxis = try given != nil || flag(node, "keepdims", default: true)
    var items: [Operand] = []
    var start = 0
    for part in parts {
      let item = try slice(input, axis: axis, .init(start: start, count: part))
      items.append(keepsAxis ? item : try squeezed(item, [axis]))
      start += part
    }
    return sequence(items)
  }

  private func items(_ node: ONNXNode) throws -> [Operand] {
    guard let items = try required(node, 0).sequence else {
      throw ImportProblem(
        "its input \(node.inputs[0]) is not a sequence of a known number of tensors")
    }
    return items
  }
}
