import EspalierGraph

extension LoweredGraph {
  /// Lets nodes write the parts of a concatenation where they belong, when all of them can and lie one behind the other.
  ///
  /// Changes no bits. A part that anything else reads, an input, a parameter, or the same value twice is copied as ever.
  mutating func concatenateInPlace() {
    let uses = uses()
    var kept: [Node] = []
    for node in nodes {
      guard case .concatenate(let rule) = node.operator, node.epilogue.isEmpty,
        home(node.output) == node.output,
        values[node.output].type.shape.sizes[..<rule.axis].allSatisfy({ $0 == 1 }),
        node.inputs.allSatisfy({ mayBePart($0, uses) })
      else {
        kept.append(node)
        continue
      }
      var offset = 0
      for input in node.inputs {
        parts[home(input)] = Part(whole: node.output, byteOffset: offset)
        offset += byteCount(input)
      }
    }
    nodes = kept
  }

  private func mayBePart(_ value: Int, _ uses: [Use]) -> Bool {
    let home = home(value)
    guard case .node = values[home].origin else { return false }
    return uses[home].count == 1 && parts[home] == nil && byteCount(home) == byteCount(value)
  }
}
