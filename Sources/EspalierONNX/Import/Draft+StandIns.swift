internal import EspalierGraph

/// Values that stand for others while it is found out what is computed of them.
extension Draft {
  /// Adds a value that stands for others, with its type in each world; no node makes it, and no model may read it.
  mutating func addStandIn(_ types: [TensorType]) -> DraftValue {
    values.append(Value(name: "", types: types, known: []))
    return values.count - 1
  }

  /// Takes nodes away that make some values, of which nothing that stays reads any.
  ///
  /// - Parameter first: a node before which there is none of them.
  mutating func forget(_ gone: Set<DraftValue>, from first: Int) {
    for node in nodes[first...] { makers[node.output] = nil }
    let kept = nodes[first...].filter { !gone.contains($0.output) }
    nodes.removeSubrange(first...)
    for node in kept {
      makers[node.output] = nodes.count
      nodes.append(node)
    }
  }
}
