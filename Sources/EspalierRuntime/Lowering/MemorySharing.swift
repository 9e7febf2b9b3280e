import EspalierGraph

extension LoweredGraph {
  /// Lets functions of each element write over an operand that nobody reads afterwards: residual additions, scales.
  ///
  /// Changes no bits: each element is read before it is written, by both operands where both lie there, since an operand
  /// of as many elements as the output is read in the output's order. Inputs and parameters are never written over.
  mutating func shareMemory() {
    let uses = uses()
    // The last reader of what lies in a home, those of outputs that came to lie there included.
    var last = uses.map { $0.last }
    for (index, node) in nodes.enumerated() {
      for operand in node.operandsThatMayBeWrittenOver(values) {
        let home = home(operand)
        guard case .node = values[home].origin, last[home] == index,
          byteCount(home) == byteCount(node.output)
        else { continue }
        last[home] = uses[node.output].last
        place(node.output, with: operand)
        break
      }
    }
  }
}

extension LoweredGraph.Node {
  /// The inputs whose elements are read in the order in which those of the output are written, each just before.
  fileprivate func operandsThatMayBeWrittenOver(_ values: [LoweredGraph.Value]) -> [Int] {
    let result = values[output].type
    switch self.operator {
    case .unary, .binary:
      return inputs.filter {
        let type = values[$0].type
        return type.shape == result.shape && type.element.byteCount == result.element.byteCount
      }
    default:
      return []
    }
  }
}
