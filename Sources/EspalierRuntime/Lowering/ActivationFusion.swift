import EspalierGraph

extension LoweredGraph {
  /// Lets a node apply the activation of its output itself when nothing else reads the output.
  ///
  /// Changes no bits: the function is computed of the same numbers. The output needs no memory of its own.
  mutating func fuseActivations() {
    let uses = uses()
    let before = values.indices.map { home($0) }
    // For every home the position of the node that wrote it last.
    var makers = values.map { _ in -1 }
    var kept: [Node] = []
    for node in nodes {
      if let call = activation(node), makers[home(node.inputs[0])] >= 0,
        uses[before[node.inputs[0]]].count == 1
      {
        kept[makers[home(node.inputs[0])]].epilogue.append(call)
        place(node.output, with: node.inputs[0])
      } else {
        makers[home(node.output)] = kept.count
        kept.append(node)
      }
    }
    nodes = kept
  }

  /// The function that a node computes of each element of its only input, of float32 both.
  private func activation(_ node: Node) -> UnaryCall? {
    guard case .unary(let rule) = node.operator,
      values[node.inputs[0]].type.element == .float32,
      values[node.output].type.element == .float32
    else { return nil }
    return UnaryCall(rule, inputTypes(node))
  }
}
