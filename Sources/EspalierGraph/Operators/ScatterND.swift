extension Operator {
  /// A tensor with updates of its parts at tuples of positions.
  ///
  /// Inputs: the tensor `[n₁, ..., nₖ, c...]`, the indices `[i..., k]` of int32 or int64, whose last axis holds a
  /// position for each of the first `k` axes, the updates `[i..., c...]`. Output: the tensor with the elements of each
  /// part reduced with those of its updates, in row-major order of the updates. Any element type when updates replace,
  /// float32, int32 or int64 otherwise; integers wrap. Negative indices count from the end. Running refuses indices
  /// that point outside of their axis, or takes its nearest position where a session clamps indices.
  public struct ScatterND: OperatorRule {
    package static let kind = OperatorKind.scatterND
    package static let inputCounts = 3...3

    /// What becomes of an element that an update arrives at.
    public let reduction: ScatterReduction

    /// Makes a scatter by tuples.
    public init(reduction: ScatterReduction = .replace) {
      self.reduction = reduction
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      reduction = try attributes.choice(.reduction, default: .replace)
    }

    package var attributes: [Attribute] { reduction.attributes }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      input == 1 ? element.isIndex : reduction.accepts(element)
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let part = try indexedPart(inputs, batchAxes: 0)
      try expectUpdates(inputs, inputs[1].shape.sizes.dropLast() + part)
      return inputs[0]
    }
  }
}
