import EspalierGraph

extension LoweredGraph {
  /// Joins transpositions that follow one another, drops what moves nothing, and what nobody reads then.
  ///
  /// Changes no bits: elements stay what they are and come to lie where they would have.
  mutating func cancelMoves() {
    joinTranspositions()
    dropMovesOfNothing { $0.movesNothing(from: $1, to: $2) }
    dropUnread()
  }

  /// Drops nodes whose output has the input's elements in the input's order: the output lies where the input does.
  ///
  /// - Parameter isOne: whether an operator is one, of an input and an output of these types.
  mutating func dropMovesOfNothing(
    where isOne: (Operator, _ input: TensorType, _ output: TensorType) -> Bool
  ) {
    var kept: [Node] = []
    for node in nodes {
      if let input = node.inputs.first,
        isOne(node.operator, values[input].type, values[node.output].type)
      {
        place(node.output, with: input)
      } else {
        kept.append(node)
      }
    }
    nodes = kept
  }

  /// Lets a transposition of a transposition read what the first one does.
  private mutating func joinTranspositions() {
    var makers = values.map { _ in -1 }
    for index in nodes.indices {
      makers[nodes[index].output] = index
      guard case .transpose(let outer) = nodes[index].operator else { continue }
      let maker = makers[nodes[index].inputs[0]]
      guard maker >= 0, case .transpose(let inner) = nodes[maker].operator else { continue }
      nodes[index].operator = .transpose(.init(outer.permutation.map { inner.permutation[$0] }))
      nodes[index].inputs = nodes[maker].inputs
    }
  }

  /// Drops nodes whose output no other node and no output reads.
  private mutating func dropUnread() {
    var isRead = values.map { _ in false }
    for output in outputs { isRead[home(output.value)] = true }
    for node in nodes.reversed() where isRead[home(node.output)] {
      for input in node.inputs { isRead[home(input)] = true }
    }
    nodes = nodes.filter { isRead[home($0.output)] }
  }
}

extension Operator {
  /// Whether the output has the input's elements in the input's order whatever the sizes are.
  func isRenaming(from input: TensorType, to output: TensorType) -> Bool {
    switch self {
    case .reshape: true
    case .cast: input.element == output.element
    default: false
    }
  }

  /// Whether the output has the input's elements in the input's order, with these sizes.
  fileprivate func movesNothing(from input: TensorType, to output: TensorType) -> Bool {
    switch self {
    case .transpose(let rule):
      let moved = rule.permutation.filter { input.shape[$0] > 1 }
      return zip(moved, moved.dropFirst()).allSatisfy { $0 < $1 }
    case .slice(let rule):
      return input.shape == output.shape
        && zip(rule.ranges, input.shape.sizes).allSatisfy { $0.step > 0 || $1 == 1 }
    case .expand:
      return input.shape.elementCount == output.shape.elementCount
    case .concatenate:
      return input.shape == output.shape
    default:
      return isRenaming(from: input, to: output)
    }
  }
}
