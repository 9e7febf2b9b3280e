extension Operator {
  /// Where the largest or smallest elements along an axis are, in order, as int64 counted from 0.
  ///
  /// Input: any shape of float32, int32 or int64. Output: the same axes, the one that is searched with `size` elements.
  /// Of equal elements the first comes first; NaN counts as larger than all numbers.
  public struct TopK: OperatorRule {
    package static let kind = OperatorKind.topK
    package static let inputCounts = 1...1

    /// The axis that is searched.
    public let axis: Int
    /// How many elements are looked for.
    public let size: Int
    /// Whether the largest are looked for, the largest first; otherwise the smallest.
    public let largest: Bool

    /// Makes a search.
    public init(axis: Int, size: Int, largest: Bool = true) {
      self.axis = axis
      self.size = size
      self.largest = largest
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      axis = try attributes.axis()
      size = try attributes.requiredInteger(.size, in: 1...GraphLimits.dimension)
      largest = try attributes.flag(.largest)
    }

    package var attributes: [Attribute] {
      axisAttributes(axis)
        + [Attribute(.size, .integer(size))]
        + (largest ? [Attribute(.largest, .integer(1))] : [])
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      switch element {
      case .float32, .int32, .int64: true
      case .float16, .bfloat16, .int8, .uint8, .bool, .float64: false
      }
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let shape = inputs[0].shape
      try expectAxis(axis, of: inputs[0])
      guard size <= shape[axis] else { throw .invalidAttribute(.size) }
      return TensorType(.int64, shape.replacing(axis, by: size))
    }
  }
}
