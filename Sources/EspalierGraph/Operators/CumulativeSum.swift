extension Operator {
  /// The sum or product of all elements so far along an axis.
  ///
  /// `output[i] = Σ input[j]` over `j ≤ i`; over `j < i` when `exclusive`; counted from the end when `reverse`. Input
  /// and output: any one shape of float32, int32 or int64. Elements are added one after the other; integers wrap.
  public struct CumulativeSum: OperatorRule {
    /// How elements are combined; the raw value is its number in files.
    public enum Function: Int, Sendable, CaseIterable {
      /// They are added.
      case sum = 1
      /// They are multiplied.
      case product = 2
    }

    package static let kind = OperatorKind.cumulativeSum
    package static let inputCounts = 1...1

    /// How elements are combined.
    public let function: Function
    /// The axis.
    public let axis: Int
    /// Whether the element itself is left out.
    public let exclusive: Bool
    /// Whether elements are counted from the end.
    public let reverse: Bool

    /// Makes a cumulative sum or product.
    public init(_ function: Function, axis: Int, exclusive: Bool = false, reverse: Bool = false) {
      self.function = function
      self.axis = axis
      self.exclusive = exclusive
      self.reverse = reverse
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      function = try attributes.choice(.function)
      axis = try attributes.axis()
      exclusive = try attributes.flag(.exclusive)
      reverse = try attributes.flag(.reverse)
    }

    package var attributes: [Attribute] {
      [Attribute(.function, .integer(function.rawValue))]
        + axisAttributes(axis)
        + (exclusive ? [Attribute(.exclusive, .integer(1))] : [])
        + (reverse ? [Attribute(.reverse, .integer(1))] : [])
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      switch element {
      case .float32, .int32, .int64: true
      case .float16, .bfloat16, .int8, .uint8, .bool, .float64: false
      }
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      try expectAxis(axis, of: inputs[0])
      return inputs[0]
    }
  }
}
