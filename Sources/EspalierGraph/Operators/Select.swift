extension Operator {
  /// One of two elements: that of the second operand where the first is true, that of the third where it is false.
  ///
  /// The first operand is bool, the others have elements of any one type, which the output has. The three shapes are
  /// broadcast as `Binary` does.
  public struct Select: OperatorRule {
    package static let kind = OperatorKind.select
    package static let inputCounts = 3...3

    /// Makes the operator, which has no attributes.
    public init() {}

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {}

    package var attributes: [Attribute] { [] }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      input > 0 || element == .bool
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      try expectElement(inputs[1].element, of: inputs, at: 2)
      return TensorType(inputs[1].element, try broadcastShape(of: inputs))
    }
  }
}

extension OperatorRule {
  /// The shape that all operands broadcast to.
  func broadcastShape(of inputs: [TensorType]) throws(OperatorError) -> Shape {
    var result = inputs[0].shape
    for input in inputs.dropFirst() {
      guard let shape = Operator.Binary.broadcast(result, input.shape) else {
        throw .notBroadcastable(result, input.shape)
      }
      result = shape
    }
    return result
  }
}
