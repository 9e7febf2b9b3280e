extension Operator {
  /// Some elements along each axis: from a start on, a number of them, a step apart.
  public struct Slice: OperatorRule {
    /// Which elements along one axis.
    public struct Range: Sendable, Equatable {
      /// The position of the first element; below 0 counted from the end, -1 being the last.
      public let start: Int
      /// How many elements; `toTheEnd` for all that follow, `allBut(n)` for all that follow and are not among the last
      /// `n` positions of the axis, or among the first when the step is negative.
      public let count: Int
      /// The distance from one to the next; negative to go backwards.
      public let step: Int

      /// Chooses elements.
      public init(start: Int = 0, count: Int = Slice.toTheEnd, step: Int = 1) {
        self.start = start
        self.count = count
        self.step = step
      }

      /// The position of the first element and the number of elements along an axis; nil where there are none, or fewer.
      package func bounds(in size: Int) -> (start: Int, count: Int)? {
        let first = start < 0 ? start + size : start
        guard (0..<size).contains(first) else { return nil }
        let following = step > 0 ? size - 1 - first : first
        let most = following / abs(step) + 1
        guard count < 0 else { return count <= most ? (first, count) : nil }
        let kept = following - (Slice.toTheEnd - count)
        return kept < 0 ? nil : (first, kept / abs(step) + 1)
      }
    }

    /// The number of elements that stands for all that follow.
    public static let toTheEnd = -1

    /// The number of elements that stands for all that follow but those at the last positions of the axis.
    public static func allBut(_ positions: Int) -> Int { toTheEnd - positions }

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
      guard let starts = try attributes.integers(.start, count: counts, in: -most...most) else {
        throw .missingAttribute(.start)
      }
      let same = starts.count...starts.count
      guard let sizes = try attributes.integers(.count, count: same, in: -most...most)
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
        guard let bounds = range.bounds(in: input[axis]) else {
          let isInside = (-input[axis]..<input[axis]).contains(range.start)
          throw .invalidAttribute(isInside ? .count : .start)
        }
        sizes.append(bounds.count)
      }
      return TensorType(inputs[0].element, Shape(sizes))
    }
  }
}
