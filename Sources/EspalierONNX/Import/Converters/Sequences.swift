internal import EspalierGraph

extension Operand {
  /// A sequence of tensors, of which there is at least one.
  static func sequence(_ items: [Operand]) -> Operand {
    var operand = items[0]
    operand.sequence = items
    return operand
  }
}

/// Sequences of a number of tensors that is known while importing: they are only names for their tensors.
extension Importer {
  static let sequenceConverters: [String: Converter] = [
    "SequenceConstruct": { importer, node in
      guard !node.inputs.isEmpty else { throw ImportProblem("it has no inputs") }
      return [.sequence(try node.inputs.indices.map { try importer.required(node, $0) })]
    },
    "SequenceAt": { importer, node in
      let items = try importer.items(node)
      let place = try importer.constantIntegers(node, 1)?.first ?? 0
      guard (-items.count..<items.count).contains(place) else {
        throw ImportProblem("its position \(place) is out of range for \(items.count) tensors")
      }
      return [items[place < 0 ? place + items.count : place]]
    },
    "SequenceInsert": { importer, node in
      var items = try importer.items(node)
      let place = try importer.constantIntegers(node, 2)?.first ?? items.count
      guard (-items.count...items.count).contains(place) else {
        throw ImportProblem("its position \(place) is out of range for \(items.count) tensors")
      }
      items.insert(
        try importer.required(node, 1), at: place < 0 ? place + items.count : place)
      return [.sequence(items)]
    },
    "SequenceLength": { importer, node in
      let count = Constant([], [Int64(try importer.items(node).count)])
      return [importer.plain(importer.draft.addConstant(count), .int64)]
    },
    "ConcatFromSequence": { importer, node in
      var items = try importer.items(node)
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
      && (node.operatorType.hasPrefix("Sequence") || node.operatorType == "ConcatFromSequence"
        || node.operatorType == "Identity")
  }

  private func items(_ node: ONNXNode) throws -> [Operand] {
    guard let items = try required(node, 0).sequence else {
      throw ImportProblem(
        "its input \(node.inputs[0]) is not a sequence of a known number of tensors")
    }
    return items
  }
}
