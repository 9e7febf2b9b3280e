internal import EspalierGraph

extension Importer {
  /// Losses as part of a graph.
  static let lossConverters: [String: Converter] = [
    "NegativeLogLikelihoodLoss": { importer, node in
      [try importer.likelihood(try importer.required(node, 0), node)]
    },
    "SoftmaxCrossEntropyLoss": { importer, node in
      let scores = try importer.required(node, 0)
      let logarithms = try importer.alongLast(scores, axis: 1) {
        importer, value in
        try importer.draft.emit(.softmax(.init(.logSoftmax)), [value])
      }
      let loss = try importer.likelihood(logarithms, node)
      return [loss, logarithms]
    },
  ]

  /// `−weight[target] · logarithm[target]` for each target, summed or averaged over the weights.
  private mutating func likelihood(
    _ logarithms: Operand, _ node: ONNXNode
  ) throws -> Operand {
    let targets = try cast(try plainValue(try required(node, 1)), to: .int64)
    let order = order(logarithms, last: [1]).sorted { left, right in
      (left == 1 ? logarithms.rank : left) < (right == 1 ? logarithms.rank : right)
    }
    // [batch, ..., classes], and targets as [batch, ..., 1].
    let rows = try value(logarithms, order: order)
    let rank = logarithms.rank
    let ignored = try integer(node, "ignore_index", default: 0, in: Int.min...Int.max)
    var index = targets
    var weight: DraftValue?
    if node.attribute("ignore_index") != nil {
      let isIgnored = try binary(.equal, targets, number: Double(ignored))
      index = try draft.emit(
        .select(.init()), [isIgnored, try number(0, like: targets), targets])
      weight = try cast(try unary(.not, isIgnored), to: .float32)
    }
    let column = try reshape(index, to: draft.sizes(index).map { $0 + [1] })
    let chosen = try draft.emit(.gatherElements(.init(axis: rank - 1)), [rows, column])
    var loss = try unary(.negate, try reshape(chosen, to: draft.sizes(index)))
    if let weights = operand(node, 2) {
      let own = try draft.emit(.gather(.init(axis: 0)), [weights.value, index])
      weight =
        try weight.map { mask in
          try binary(.multiply, own, mask)
        } ?? own
    }
    if let weight { loss = try binary(.multiply, loss, weight) }
    let element = logarithms.element
    let axes = Array(0..<rank - 1)
    switch try text(node, "reduction", default: "mean") {
    case "none": return plain(loss, element)
    case "sum":
      return try squeezed(try reduce(.sum, plain(loss, element), axes: axes), axes)
    case "mean":
      guard let weight else {
        return try squeezed(try reduce(.mean, plain(loss, element), axes: axes), axes)
      }
      let sum = try reduce(.sum, plain(loss, element), axes: axes)
      let total = try reduce(.sum, plain(weight, element), axes: axes)
      return try squeezed(try arithmetic(.divide, [sum, total]), axes)
    case let name: throw ImportProblem("its reduction cannot be \(name)")
    }
  }
}
