extension Operator {
  /// The positions along an axis of the input, from 0 on; its elements do not matter.
  ///
  /// Input: `[..., n, ...]` of any element type. Output: int64 `[n]`.
  public struct Range: OperatorRule {
    package static let kind = OperatorKind.range
    package static let inputCounts = 1...1

    /// The axis whose positions are counted.
    public let axis: Int

    /// Makes a range as long as an axis.
    public init(axis: Int = 0) {
      self.axis = axis
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      axis = try attributes.integer(.axis, default: 0, in: 1...Shape.maximumRank - 1)
    }

    package var attributes: [Attribute] { axisAttributes(axis) }

    package func accepts(_ element: ElementType, input: Int) -> Bool { true }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      try expectAxis(axis, of: inputs[0])
      return TensorType(.int64, [inputs[0].shape[axis]])
    }
  }
}
