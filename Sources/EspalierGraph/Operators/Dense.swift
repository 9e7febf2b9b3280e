extension Operator {
  /// A fully connected layer: `output[r, o] = bias[o] + Σᵢ input[r, i] · weights[i, o]`.
  ///
  /// Inputs: the rows `[..., i]`, the weights `[i, o]`, and optionally the bias `[o]`. Output: `[..., o]`.
  public struct Dense: OperatorRule {
    package static let kind = OperatorKind.dense
    package static let inputCounts = 2...3

    /// Makes the operator, which has no attributes.
    public init() {}

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {}

    package var attributes: [Attribute] { [] }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let rows = inputs[0].shape
      let weights = inputs[1].shape
      guard rows.rank >= 1 else { throw .wrongRank(input: 0, found: 0, expected: 2) }
      try expectRank(2, of: inputs, at: 1)
      try expectSize(rows.last, of: inputs, at: 1, axis: 0)
      if inputs.count == 3 {
        try expectRank(1, of: inputs, at: 2)
        try expectSize(weights[1], of: inputs, at: 2, axis: 0)
      }
      return TensorType(.float32, Shape(rows.sizes.dropLast() + [weights[1]]))
    }

    package func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int {
      saturatingProduct(output.shape.sizes + [inputs[1].shape[0]])
    }
  }
}

/// Refuses an input that does not have `rank` axes.
func expectRank(
  _ rank: Int, of inputs: [TensorType], at index: Int
) throws(OperatorError) {
  let found = inputs[index].shape.rank
  guard found == rank else { throw .wrongRank(input: index, found: found, expected: rank) }
}

/// Refuses an input whose elements are of another type.
func expectElement(
  _ element: ElementType, of inputs: [TensorType], at index: Int
) throws(OperatorError) {
  guard inputs[index].element == element else {
    throw .unsupportedElement(input: index, inputs[index].element)
  }
}

/// Refuses an input that does not have `size` elements along `axis`.
func expectSize(
  _ size: Int, of inputs: [TensorType], at index: Int, axis: Int
) throws(OperatorError) {
  let found = inputs[index].shape[axis]
  guard found == size else {
    throw .wrongSize(input: index, axis: axis, found: found, expected: size)
  }
}
