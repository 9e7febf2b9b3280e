extension Operator {
  /// Elements brought to one scale over some axes, without scale and bias of their own.
  ///
  /// `standard`: `(x − mean) / √(variance + epsilon)` with `variance` the mean of `(x − mean)²`; `rootMeanSquare`:
  /// `x / √(mean of x² + epsilon)`. Means run over the axes. Input and output: any one shape of float32. Layer
  /// normalisation has the last axes, instance normalisation the spatial ones; group normalisation has the spatial axes
  /// and the last one of `[batch, spatial..., groups, channels / groups]`.
  public struct Normalization: OperatorRule {
    /// What the elements are divided by; the raw value is its number in files.
    public enum Function: Int, Sendable, CaseIterable {
      /// The standard deviation, the mean subtracted before.
      case standard = 1
      /// The root of the mean square.
      case rootMeanSquare = 2
    }

    package static let kind = OperatorKind.normalization
    package static let inputCounts = 1...1

    /// What the elements are divided by.
    public let function: Function
    /// The axes that means run over, in ascending order; at least one.
    public let axes: [Int]
    /// What is added to the mean square; not negative.
    public let epsilon: Float

    /// Makes a normalisation.
    public init(_ function: Function, axes: [Int], epsilon: Float) {
      self.function = function
      self.axes = axes
      self.epsilon = epsilon
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      function = try attributes.choice(.function)
      guard let axes = try attributes.axes() else { throw .missingAttribute(.axes) }
      self.axes = axes
      epsilon = try attributes.requiredNumber(.epsilon)
      guard epsilon >= 0 else { throw .invalidAttribute(.epsilon) }
    }

    package var attributes: [Attribute] {
      [
        Attribute(.function, .integer(function.rawValue)), Attribute(.axes, .integers(axes)),
        Attribute(.epsilon, .number(epsilon)),
      ]
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      if axes.isEmpty { throw .missingAttribute(.axes) }
      try inputs[0].shape.expect(axes: axes)
      return inputs[0]
    }
  }
}
