extension Operator {
  /// Parts of a tensor at tuples of positions.
  ///
  /// Inputs: the tensor `[b..., n₁, ..., nₖ, c...]` of any element type, the indices `[b..., i..., k]` of int32 or
  /// int64, whose last axis holds a position for each of the `k` axes after the batch axes `b...`. Output: `[b...,
  /// i..., c...]`. Negative indices count from the end. Running refuses indices that point outside of their axis, or
  /// takes its nearest position where a session clamps indices.
  public struct GatherND: OperatorRule {
    package static let kind = OperatorKind.gatherND
    package static let inputCounts = 2...2

    /// The number of first axes that tensor and indices share.
    public let batchAxes: Int

    /// Makes a gather by tuples.
    public init(batchAxes: Int = 0) {
      self.batchAxes = batchAxes
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      batchAxes = try attributes.integer(.batchAxes, default: 0, in: 1...Shape.maximumRank - 1)
    }

    package var attributes: [Attribute] {
      batchAxes == 0 ? [] : [Attribute(.batchAxes, .integer(batchAxes))]
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      input != 1 || element.isIndex
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let part = try indexedPart(inputs, batchAxes: batchAxes)
      return TensorType(inputs[0].element, Shape(inputs[1].shape.sizes.dropLast() + part))
    }
  }
}

/// The sizes of the part of the first operand that a tuple of the second points at.
func indexedPart(
  _ inputs: [TensorType], batchAxes: Int
) throws(OperatorError) -> ArraySlice<Int> {
  let (sizes, indices) = (inputs[0].shape.sizes, inputs[1].shape)
  guard batchAxes >= 0, batchAxes < sizes.count else { throw .invalidAttribute(.batchAxes) }
  guard indices.rank > batchAxes else {
    throw .wrongRank(input: 1, found: indices.rank, expected: batchAxes + 1)
  }
  for axis in 0..<batchAxes { try expectSize(sizes[axis], of: inputs, at: 1, axis: axis) }
  let room = sizes.count - batchAxes
  guard indices.last >= 1, indices.last <= room else {
    throw .wrongSize(input: 1, axis: indices.rank - 1, found: indices.last, expected: max(room, 1))
  }
  let axes = batchAxes..<batchAxes + indices.last
  for axis in axes where sizes[axis] < 1 {
    throw .wrongSize(input: 0, axis: axis, found: sizes[axis], expected: 1)
  }
  return sizes[axes.upperBound...]
}
