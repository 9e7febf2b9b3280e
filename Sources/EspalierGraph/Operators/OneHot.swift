extension Operator {
  /// Where along a new axis each index points.
  ///
  /// Input: the indices `[a..., b...]` of int32 or int64. Output: bool `[a..., size, b...]`, true at the position along
  /// the new axis that the index names and false elsewhere. Negative indices count from the end; those that point outside
  /// of the axis are nowhere true.
  public struct OneHot: OperatorRule {
    package static let kind = OperatorKind.oneHot
    package static let inputCounts = 1...1

    /// The axis of the output that is new.
    public let axis: Int
    /// Its size.
    public let size: Int

    /// Makes the operator.
    public init(axis: Int = 0, size: Int) {
      self.axis = axis
      self.size = size
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      axis = try attributes.integer(.axis, default: 0, in: 1...Shape.maximumRank - 1)
      size = try attributes.integer(.size, default: 0, in: 1...Int(Int32.max))
      if size == 0 { throw .missingAttribute(.size) }
    }

    package var attributes: [Attribute] {
      axisAttributes(axis) + [Attribute(.size, .integer(size))]
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool { element.isIndex }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let sizes = inputs[0].shape.sizes
      guard axis <= sizes.count else { throw .invalidAttribute(.axis) }
      guard size >= 1 else { throw .invalidAttribute(.size) }
      return TensorType(.bool, Shape(sizes[..<axis] + [size] + sizes[axis...]))
    }
  }
}
