extension Operator {
  /// The float32 numbers that integers stand for: `(x − zero point) · scale`.
  ///
  /// Inputs: int8, uint8 or int32 elements, the scales (float32) and, if any, the zero points, of the first input's
  /// type. Scales and zero points are broadcast to the shape of the first input, as `Quantize` does.
  public struct Dequantize: OperatorRule {
    package static let kind = OperatorKind.dequantize
    package static let inputCounts = 2...3

    /// Makes the operator, which has no attributes.
    public init() {}

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {}

    package var attributes: [Attribute] { [] }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      if input == 1 { return element == .float32 }
      return element == .int8 || element == .uint8 || element == .int32
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      if inputs.count > 2 { try expectElement(inputs[0].element, of: inputs, at: 2) }
      return TensorType(.float32, try shapeOfFirst(inputs))
    }
  }
}
