extension Operator {
  /// Sizes along some axes changed by interpolation, one axis after the other.
  ///
  /// Element `i` of an axis of the output is read at the position `x` of the input that `coordinates` gives. With
  /// `b = ⌈x⌉ − 1`, it is `Σ input[b + t] · f(s · (b + t − x))`, with elements beyond the ends being those at the ends.
  /// For `linear`, `f(d) = max(0, 1 − |d|)`; for `cubic` with coefficient `a`,
  /// `f(d) = (a + 2)|d|³ − (a + 3)d² + 1` up to 1 and `a(|d|³ − 5d² + 8|d| − 4)` up to 2 (Keys, 1981).
  /// `s` is 1, or the scale of an axis that shrinks and is `antialiased`; the weights are divided by their sum then.
  /// `nearest` takes the one element that rounding `x` gives. Input: any shape of float32, of every element type for
  /// `nearest` unless elements are made up outside of a region. Output: the same elements, other sizes.
  public struct Resize: OperatorRule {
    /// How `x` becomes the number of an element; the raw value is its number in files.
    public enum Rounding: Int, Sendable, CaseIterable {
      /// The nearest, the lower of two.
      case preferFloor = 1
      /// The nearest, the upper of two.
      case preferCeiling = 2
      /// `⌊x⌋`.
      case floor = 3
      /// `⌈x⌉`.
      case ceiling = 4
    }

    /// Which elements of the input make one of the output.
    public enum Filter: Sendable, Equatable {
      /// One.
      case nearest(Rounding)
      /// Two, or as many as an element of the output covers; with `excludesOutside`, elements beyond the ends have no
      /// weight.
      case linear(antialiased: Bool = false, excludesOutside: Bool = false)
      /// Four, or twice as many as an element of the output covers.
      case cubic(coefficient: Float, antialiased: Bool = false, excludesOutside: Bool = false)
    }

    /// Where element `i` of `m` along an axis of the output is in the `n` of the input; `r` is the scale, `w = r · n`.
    public enum Coordinates: Sendable, Equatable {
      /// `(i + ½) / r − ½`.
      case halfPixel
      /// The same, moved by `n / 2 · (1 − m / w)`, so that the centres agree where `w` was rounded.
      case halfPixelSymmetric
      /// The same as `halfPixel`; −½ when `w` is 1.
      case pytorchHalfPixel
      /// `i · (n − 1) / (w − 1)`; 0 when `w` is 1.
      case alignCorners
      /// `i / r`.
      case asymmetric
      /// From `start · (n − 1)` to `end · (n − 1)`, their middle when `w` is 1; a start and an end for each axis.
      /// Elements that are not between the ends of the input are `outside`.
      case crop(start: [Float], end: [Float], outside: Float)
    }

    /// How large the axes become.
    public enum Target: Sendable, Equatable {
      /// These sizes; the scale of an axis is its size by the input's.
      case sizes([Int])
      /// As large as fits into these sizes with one scale for all axes, `size = ⌊r · n + ½⌋`.
      case within([Int])
      /// As small as covers these sizes with one scale for all axes, `size = ⌊r · n + ½⌋`.
      case covering([Int])
      /// `⌊r · n⌋` with these scales.
      case scales([Float])
    }

    package static let kind = OperatorKind.resize
    package static let inputCounts = 1...1
    /// The largest size of an axis that is resized, before and after, and of those between such axes.
    public static let maximumSize = 1 << 16

    /// The axes that are resized, in ascending order; at least one.
    public let axes: [Int]
    /// How large they become.
    public let target: Target
    /// Which elements of the input make one of the output.
    public let filter: Filter
    /// Where elements of the output are in the input.
    public let coordinates: Coordinates

    /// Makes a resize.
    public init(axes: [Int], to target: Target, _ filter: Filter, _ coordinates: Coordinates) {
      self.axes = axes
      self.target = target
      self.filter = filter
      self.coordinates = coordinates
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      if element == .float32 { return true }
      guard case .nearest = filter else { return false }
      if case .crop = coordinates { return false }
      return true
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      var shape = inputs[0].shape
      try shape.expect(axes: axes)
      guard let first = axes.first, let last = axes.last else { throw .missingAttribute(.axes) }
      for axis in first...last where !(1...Self.maximumSize).contains(shape[axis]) {
        throw .tooLarge
      }
      for (axis, exact) in zip(axes, exactSizes(of: inputs[0].shape)) {
        guard exact.size >= 1 else { throw .invalidAttribute(sizeKey) }
        guard exact.size < Double(Self.maximumSize + 1) else { throw .tooLarge }
        shape = shape.replacing(axis, by: Int(exact.size))
        // What is between two axes may be larger than input and output.
        guard TensorType(inputs[0].element, shape).checkedByteCount != nil else { throw .tooLarge }
      }
      return TensorType(inputs[0].element, shape)
    }

    /// The scale of each axis, what it makes of the size, and the same rounded.
    package func exactSizes(
      of input: Shape
    ) -> [(scale: Double, exact: Double, size: Double)] {
      let inputs = axes.map { Double(input[$0]) }
      switch target {
      case .sizes(let sizes):
        return zip(sizes, inputs).map { (Double($0) / $1, Double($0), Double($0)) }
      case .within(let sizes):
        let scale = zip(sizes, inputs).reduce(Double.infinity) { min($0, Double($1.0) / $1.1) }
        return inputs.map { (scale, scale * $0, (scale * $0 + 0.5).rounded(.down)) }
      case .covering(let sizes):
        let scale = zip(sizes, inputs).reduce(0) { max($0, Double($1.0) / $1.1) }
        return inputs.map { (scale, scale * $0, (scale * $0 + 0.5).rounded(.down)) }
      case .scales(let scales):
        return zip(scales, inputs).map {
          (Double($0), Double($0) * $1, (Double($0) * $1).rounded(.down))
        }
      }
    }

    private var sizeKey: AttributeKey {
      if case .scales = target { return .scale }
      return .size
    }
  }
}
