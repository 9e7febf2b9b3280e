extension Operator {
  /// The normalised exponential over the last axis: `e^(x − max) / Σ e^(x − max)`.
  public struct Softmax: OperatorRule {
    package static let kind = OperatorKind.softmax
    package static let inputCounts = 1...1

    /// Makes the operator, which has no attributes.
    public init() {}

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {}

    package var attributes: [Attribute] { [] }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      guard inputs[0].shape.rank >= 1 else { throw .wrongRank(input: 0, found: 0, expected: 1) }
      return inputs[0]
    }
  }
}
