extension Operator {
  /// The same elements in another shape.
  ///
  /// Inputs: the tensor, and a second one of any type when sizes are copied from it with `Operator.like(axis:)`.
  public struct Reshape: OperatorRule {
    /// The size that is copied from the input's axis of the same position.
    public static let copied = 0
    /// The size that follows from the others; at most one.
    public static let inferred = -1

    package static let kind = OperatorKind.reshape
    package static let inputCounts = 1...2

    /// The sizes of the output, `copied`, `inferred` and `like(axis:)` allowed.
    public let sizes: [Int]

    /// Makes a reshape.
    public init(_ sizes: [Int]) {
      self.sizes = sizes
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      let allowed = Operator.leastSize...Int(Int32.max)
      guard let sizes = try attributes.integers(.shape, count: 0...Shape.maximumRank, in: allowed)
      else { throw .missingAttribute(.shape) }
      self.sizes = sizes
    }

    package var attributes: [Attribute] { [Attribute(.shape, .integers(sizes))] }

    package func accepts(_ element: ElementType, input: Int) -> Bool { true }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let input = inputs[0].shape
      let sizes = try Operator.filledIn(self.sizes, inputs)
      var output: [Int] = []
      var known = 1
      for (axis, size) in sizes.enumerated() {
        if size == Self.copied && axis >= input.rank { throw .invalidAttribute(.shape) }
        output.append(size == Self.copied ? input[axis] : size)
        guard size != Self.inferred else { continue }
        let (product, overflow) = known.multipliedReportingOverflow(by: output[axis])
        guard !overflow else { throw .tooLarge }
        known = product
      }
      if let axis = sizes.firstIndex(of: Self.inferred) {
        guard sizes.count(where: { $0 == Self.inferred }) == 1 else {
          throw .invalidAttribute(.shape)
        }
        output[axis] = known == 0 ? 0 : input.elementCount / known
      }
      let shape = Shape(output)
      guard shape.checkedElementCount == input.elementCount else {
        throw .elementCountChanges(from: input, to: shape)
      }
      return TensorType(inputs[0].element, shape)
    }
  }
}
