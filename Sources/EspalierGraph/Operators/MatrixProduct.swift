extension Operator {
  /// Products of matrices, the axes before the last two broadcast as NumPy does.
  ///
  /// Inputs: `[a..., m, k]` and `[b..., k, n]`, or `[a..., k, m]` and `[b..., n, k]` where an operand is transposed; both
  /// float32 or both int32, which wraps. Output: `[broadcast of a... and b..., m, n]`,
  /// `output[m, n] = Σₖ left[m, k] · right[k, n]`.
  public struct MatrixProduct: OperatorRule {
    package static let kind = OperatorKind.matrixProduct
    package static let inputCounts = 2...2

    /// Whether the matrices of the left operand are transposed first.
    public let transposesLeft: Bool
    /// Whether the matrices of the right operand are transposed first.
    public let transposesRight: Bool

    /// Makes a product of matrices.
    public init(transposesLeft: Bool = false, transposesRight: Bool = false) {
      self.transposesLeft = transposesLeft
      self.transposesRight = transposesRight
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      transposesLeft = try attributes.flag(.transposesLeft)
      transposesRight = try attributes.flag(.transposesRight)
    }

    package var attributes: [Attribute] {
      (transposesLeft ? [Attribute(.transposesLeft, .integer(1))] : [])
        + (transposesRight ? [Attribute(.transposesRight, .integer(1))] : [])
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      element == .float32 || element == .int32
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let (left, right) = (inputs[0].shape, inputs[1].shape)
      for (index, shape) in [left, right].enumerated() where shape.rank < 2 {
        throw .wrongRank(input: index, found: shape.rank, expected: 2)
      }
      try expectElement(inputs[0].element, of: inputs, at: 1)
      let depth = left[left.rank - (transposesLeft ? 2 : 1)]
      try expectSize(depth, of: inputs, at: 1, axis: right.rank - (transposesRight ? 1 : 2))
      let outer = (Shape(Array(left.sizes.dropLast(2))), Shape(Array(right.sizes.dropLast(2))))
      guard let leading = Binary.broadcast(outer.0, outer.1) else {
        throw .notBroadcastable(left, right)
      }
      let rows = left[left.rank - (transposesLeft ? 1 : 2)]
      let columns = right[right.rank - (transposesRight ? 2 : 1)]
      return TensorType(inputs[0].element, Shape(leading.sizes + [rows, columns]))
    }

    package func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int {
      let left = inputs[0].shape
      return saturatingProduct(
        output.shape.sizes + [left[left.rank - (transposesLeft ? 2 : 1)]])
    }
  }
}
