extension Operator {
  /// The same elements with their axes in another order.
  public struct Transpose: OperatorRule {
    package static let kind = OperatorKind.transpose
    package static let inputCounts = 1...1

    /// For each axis of the output the axis of the input that it is.
    public let permutation: [Int]

    /// Makes a transposition.
    public init(_ permutation: [Int]) {
      self.permutation = permutation
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      let axes = 0...Shape.maximumRank - 1
      guard
        let permutation = try attributes.integers(
          .permutation, count: 1...Shape.maximumRank, in: axes)
      else { throw .missingAttribute(.permutation) }
      guard permutation.sorted() == Array(permutation.indices) else {
        throw .invalidAttribute(.permutation)
      }
      self.permutation = permutation
    }

    package var attributes: [Attribute] { [Attribute(.permutation, .integers(permutation))] }

    package func accepts(_ element: ElementType, input: Int) -> Bool { true }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let input = inputs[0].shape
      guard input.rank == permutation.count else {
        throw .wrongRank(input: 0, found: input.rank, expected: permutation.count)
      }
      return TensorType(inputs[0].element, Shape(permutation.map { input[$0] }))
    }
  }
}
