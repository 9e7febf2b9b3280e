extension Operator {
  /// The same elements, repeated along axes of size 1 and along new axes before the others.
  ///
  /// Inputs: the tensor, and a second one of any type when sizes are copied from it with `Operator.like(axis:)`.
  public struct Expand: OperatorRule {
    /// The size that is copied from the input's axis, counted from the last.
    public static let copied = 0

    package static let kind = OperatorKind.expand
    package static let inputCounts = 1...2

    /// The sizes of the output, `copied` and `like(axis:)` allowed.
    public let sizes: [Int]

    /// Makes an expansion.
    public init(_ sizes: [Int]) {
      self.sizes = sizes
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      let allowed = Operator.leastSize...Int(Int32.max)
      guard let sizes = try attributes.integers(.shape, count: 1...Shape.maximumRank, in: allowed)
      else { throw .missingAttribute(.shape) }
      guard !sizes.contains(Operator.Reshape.inferred) else { throw .invalidAttribute(.shape) }
      self.sizes = sizes
    }

    package var attributes: [Attribute] { [Attribute(.shape, .integers(sizes))] }

    package func accepts(_ element: ElementType, input: Int) -> Bool { true }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let input = inputs[0].shape
      let sizes = try Operator.filledIn(self.sizes, inputs)
      let added = sizes.count - input.rank
      guard added >= 0 else {
        throw .wrongRank(input: 0, found: input.rank, expected: sizes.count)
      }
      var output: [Int] = []
      for (axis, size) in sizes.enumerated() {
        let present = axis < added ? 1 : input[axis - added]
        guard size != Self.copied || axis >= added else { throw .invalidAttribute(.shape) }
        guard size == Self.copied || present == 1 || present == size else {
          throw .wrongSize(input: 0, axis: axis - added, found: present, expected: size)
        }
        output.append(size == Self.copied ? present : size)
      }
      return TensorType(inputs[0].element, Shape(output))
    }
  }
}
