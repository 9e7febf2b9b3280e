extension Operator {
  /// A maximum or average over windows of one to three spatial axes, for each channel.
  ///
  /// Input: `[batch, spatial..., channels]`; output: `[batch, spatial'..., channels]`. Padded elements never are the
  /// maximum, and are left out of averages unless `countsPadding`. A window that holds nothing but padding is refused
  /// by the shape rule.
  public struct Pooling: OperatorRule {
    /// How a window becomes one element; the raw value is its number in files.
    public enum Function: Int, Sendable, CaseIterable {
      /// The largest element.
      case maximum = 1
      /// The arithmetic mean.
      case average = 2
    }

    package static let kind = OperatorKind.pooling
    package static let inputCounts = 1...1

    /// How a window becomes one element.
    public let function: Function
    /// How the window slides.
    public let window: Window
    /// Whether averages divide by the size of the whole window.
    public let countsPadding: Bool

    /// Makes a pooling.
    public init(_ function: Function, window: Window, countsPadding: Bool = false) {
      self.function = function
      self.window = window
      self.countsPadding = countsPadding
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      function = try attributes.choice(.function)
      window = try Window(reading: &attributes)
      countsPadding = try attributes.flag(.countPadding)
    }

    package var attributes: [Attribute] {
      [Attribute(.function, .integer(function.rawValue))] + window.attributes
        + (countsPadding ? [Attribute(.countPadding, .integer(1))] : [])
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      try expectRank(window.rank + 2, of: inputs, at: 0)
      let shape = inputs[0].shape
      let spatial = try window.outputSizes(of: shape)
      for axis in 0..<window.rank {
        let amounts = window.paddingAmounts(axis, input: shape[axis + 1])
        guard max(amounts.before, amounts.after) < window.extent(axis), window.dilation[axis] == 1
        else { throw .invalidAttribute(window.dilation[axis] == 1 ? .padding : .dilation) }
      }
      return TensorType(.float32, Shape([shape[0]] + spatial + [shape.last]))
    }
  }
}
