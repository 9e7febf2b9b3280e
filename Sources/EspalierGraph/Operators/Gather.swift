extension Operator {
  /// The parts of a tensor at chosen positions along an axis; with axis 0 of a matrix, the rows of an embedding.
  ///
  /// Inputs: the tensor `[a..., n, b...]` of any element type, the indices `[i...]` of int32 or int64. Output: `[a...,
  /// i..., b...]`. Negative indices count from the end. Running refuses indices that point outside of the axis, or
  /// takes its nearest position where a session clamps indices.
  public struct Gather: OperatorRule {
    package static let kind = OperatorKind.gather
    package static let inputCounts = 2...2

    /// The axis that indices point into.
    public let axis: Int

    /// Makes a gather.
    public init(axis: Int = 0) {
      self.axis = axis
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      axis = try attributes.integer(.axis, default: 0, in: 1...Shape.maximumRank - 1)
    }

    package var attributes: [Attribute] { axisAttributes(axis) }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      input != 1 || element.isIndex
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let sizes = inputs[0].shape.sizes
      try expectAxis(axis, of: inputs[0])
      return TensorType(
        inputs[0].element,
        Shape(sizes[..<axis] + inputs[1].shape.sizes + sizes[(axis + 1)...]))
    }
  }
}

extension ElementType {
  /// Whether positions along axes may be given in this type.
  var isIndex: Bool { self == .int32 || self == .int64 }
}

/// The attribute of an axis, left out when it is the first.
func axisAttributes(_ axis: Int) -> [Attribute] {
  axis == 0 ? [] : [Attribute(.axis, .integer(axis))]
}

/// Refuses an axis that an operand does not have, or along which it has no elements to point at.
func expectAxis(_ axis: Int, of operand: TensorType) throws(OperatorError) {
  guard operand.shape.sizes.indices.contains(axis), operand.shape[axis] > 0 else {
    throw .invalidAttribute(.axis)
  }
}
