extension Operator {
  /// Inputs one after the other along an axis.
  public struct Concatenate: OperatorRule {
    package static let kind = OperatorKind.concatenate
    package static let inputCounts = 1...GraphLimits.nodeInputs

    /// The axis along which sizes may differ, and add up.
    public let axis: Int

    /// Makes a concatenation.
    public init(axis: Int) {
      self.axis = axis
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      axis = try attributes.integer(.axis, default: 0, in: 1...Shape.maximumRank - 1)
    }

    package var attributes: [Attribute] {
      axis == 0 ? [] : [Attribute(.axis, .integer(axis))]
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool { true }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let first = inputs[0].shape
      guard axis < first.rank else { throw .invalidAttribute(.axis) }
      var sizes = first.sizes
      for (position, input) in inputs.enumerated().dropFirst() {
        try expectElement(inputs[0].element, of: inputs, at: position)
        guard input.shape.rank == first.rank else {
          throw .wrongRank(input: position, found: input.shape.rank, expected: first.rank)
        }
        for other in first.sizes.indices where other != axis {
          guard input.shape[other] == first[other] else {
            throw .wrongSize(
              input: position, axis: other, found: input.shape[other], expected: first[other])
          }
        }
        let (sum, overflow) = sizes[axis].addingReportingOverflow(input.shape[axis])
        guard !overflow else { throw .tooLarge }
        sizes[axis] = sum
      }
      return TensorType(inputs[0].element, Shape(sizes))
    }
  }
}
