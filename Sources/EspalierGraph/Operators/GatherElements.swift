extension Operator {
  /// Elements of a tensor, each from its own place moved along an axis to where an index points.
  ///
  /// Inputs: the tensor of any element type, the indices of int32 or int64, of the same rank and along every other axis
  /// at most of the same size. Output: of the indices' shape, `output[i, j, k] = tensor[i, indices[i, j, k], k]` for
  /// axis 1. Negative indices count from the end. Running refuses indices that point outside of the axis, or takes its
  /// nearest position where a session clamps indices.
  public struct GatherElements: OperatorRule {
    package static let kind = OperatorKind.gatherElements
    package static let inputCounts = 2...2

    /// The axis that indices point into.
    public let axis: Int

    /// Makes a gather of elements.
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
      try expectElementIndices(inputs, axis: axis)
      return TensorType(inputs[0].element, inputs[1].shape)
    }
  }
}

/// Refuses indices that do not have a place in the first operand along each axis but the one that they point into.
func expectElementIndices(_ inputs: [TensorType], axis: Int) throws(OperatorError) {
  try expectAxis(axis, of: inputs[0])
  try expectRank(inputs[0].shape.rank, of: inputs, at: 1)
  for other in inputs[0].shape.sizes.indices where other != axis {
    let (size, found) = (inputs[0].shape[other], inputs[1].shape[other])
    guard found <= size else {
      throw .wrongSize(input: 1, axis: other, found: found, expected: size)
    }
  }
}
