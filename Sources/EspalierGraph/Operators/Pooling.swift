extension Operator {
  /// A maximum, average or power mean over windows of one to three spatial axes, for each channel.
  ///
  /// Input: `[batch, spatial..., channels]` of float32, of int8 and uint8 too for maxima; output:
  /// `[batch, spatial'..., channels]` of the same elements, or of int64 where it says where maxima are. Padded elements
  /// never are the maximum, add nothing to power means, and are left out of averages unless `countsPadding`.
  /// In a window that holds nothing but padding the maximum is the least number of the element type (minus infinity) and
  /// found at 0, an average or power mean is 0.
  public struct Pooling: OperatorRule {
    /// How a window becomes one element; the raw value is its number in files.
    public enum Function: Int, Sendable, CaseIterable {
      /// The largest element.
      case maximum = 1
      /// The arithmetic mean.
      case average = 2
      /// `(Σ |x|ᵖ)^(1/p)`, with `p` the power.
      case powerSum = 3
      /// Where the first largest element is: its number in the row-major plane of one channel, `y · width + x` for two
      /// spatial axes.
      case maximumIndex = 4
    }

    package static let kind = OperatorKind.pooling
    package static let inputCounts = 1...1
    /// The largest power that is accepted.
    public static let maximumPower = 64

    /// How a window becomes one element.
    public let function: Function
    /// How the window slides.
    public let window: Window
    /// Whether averages count padded elements; never those beyond the padding, which `roundsUp` may reach.
    public let countsPadding: Bool
    /// Whether a last window that is cut off is added where the others leave elements over, and the last window left out
    /// if it begins in the padding that follows.
    public let roundsUp: Bool
    /// The power of `powerSum`; 0 for other functions.
    public let power: Int

    /// Makes a pooling.
    public init(
      _ function: Function, window: Window, countsPadding: Bool = false, roundsUp: Bool = false,
      power: Int = 0
    ) {
      self.function = function
      self.window = window
      self.countsPadding = countsPadding
      self.roundsUp = roundsUp
      self.power = power
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      function = try attributes.choice(.function)
      window = try Window(reading: &attributes)
      countsPadding = try attributes.flag(.countPadding)
      roundsUp = try attributes.flag(.roundsUp)
      if roundsUp, case .same = window.padding { throw .invalidAttribute(.roundsUp) }
      power =
        function == .powerSum
        ? try attributes.requiredInteger(.power, in: 1...Self.maximumPower) : 0
    }

    package var attributes: [Attribute] {
      [Attribute(.function, .integer(function.rawValue))] + window.attributes
        + (countsPadding ? [Attribute(.countPadding, .integer(1))] : [])
        + (roundsUp ? [Attribute(.roundsUp, .integer(1))] : [])
        + (function == .powerSum ? [Attribute(.power, .integer(power))] : [])
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      switch function {
      case .maximum, .maximumIndex: element == .float32 || element == .int8 || element == .uint8
      case .average, .powerSum: element == .float32
      }
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      try expectRank(window.rank + 2, of: inputs, at: 0)
      let shape = inputs[0].shape
      let spatial = try window.outputSizes(of: shape, roundsUp: roundsUp)
      return TensorType(
        function == .maximumIndex ? .int64 : inputs[0].element,
        Shape([shape[0]] + spatial + [shape.last]))
    }
  }
}
