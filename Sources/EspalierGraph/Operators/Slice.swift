extension Operator {
  /// Some elements along each axis: from a start on, a number of them, a step apart.
  public struct Slice: OperatorRule {
    /// Which elements along one axis.
    public struct Range: Sendable, Equatable {
      /// The first element.
      public let start: Int
      /// How many elements; `toTheEnd` for all that follow.
      public let count: Int
      /// The distance from one to the next; negative to go backwards.
      public let step: Int

      /// Chooses elements.
      public init(start: Int = 0, count: Int = Slice.toTheEnd, step: Int = 1) {
        self.start = start
        self.count = count
        self.step = step
      }
    }

    /// The number of elements that stands for all that follow.
    public static let toTheEnd = -1

    package static let kind = OperatorKind.slice
    package static let inputCounts = 1...1

    /// The elements along each axis.
    public let ranges: [Range]

    /// Makes a slice.
    public init(_ ranges: [Range]) {
      self.ranges = ranges
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      let most = Int(Int32.max)
      let counts = 1...Shape.maximumRank
      guard let starts = try attributes.integers(.start, count: counts, in: 0...most) else {
        throw .missingAttribute(.start)
      }
      let same = starts.count...starts.count
      guard let sizes = try attributes.integers(.count, count: same, in: Self.toTheEnd...most)
      else { throw .missingAttribute(.count) }
      guard !sizes.contains(0) else { throw .invalidAttribute(.count) }
      guard let steps = try attributes.integers(.step, count: same, in: -most...most) else {
        throw .missingAttribute(.step)
      }
      guard !steps.contains(0) else { throw .invalidAttribute(.step) }
      ranges = starts.indices.map {
        Range(start: starts[$0], count: sizes[$0], step: steps[$0])
      }
    }

    package var attributes: [Attribute] {
      [
        Attribute(.start, .integers(ranges.map { $0.start })),
        Attribute(.count, .integers(ranges.map { $0.count })),
        Attribute(.step, .integers(ranges.map { $0.step })),
      ]
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool { true }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let input = inputs[0].shape
      guard input.rank == ranges.count else {
        throw .wrongRank(input: 0, found: input.rank, expected: ranges.count)
      }
      var sizes: [Int] = []
      for (axis, range) in ranges.enumerated() {
        guard range.start < input[axis] else { throw .invalidAttribute(.start) }
        let rest = range.step > 0 ? input[axis] - 1 - range.start : range.start
        let available = rest / abs(range.step) + 1
        guard range.count <= available else { throw .invalidAttribute(.count) }
        sizes.append(range.count == Self.toTheEnd ? available : range.count)
      }
      return TensorType(inputs[0].element, Shape(sizes))
    }
  }
}
