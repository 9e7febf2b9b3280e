extension Operator {
  /// Float32 numbers as multiples of a scale: `round(x / scale) + zero point`, rounded to even when two are as near, and
  /// the nearest that the element type holds.
  ///
  /// Inputs: the numbers, the scales (float32) and, if any, the zero points (int8 or uint8, as the output). Scales and
  /// zero points are broadcast to the shape of the numbers, which is also the output's: one scale for all of a tensor
  /// has one element, one for each channel has the size of the last axis. NaN becomes the zero point.
  public struct Quantize: OperatorRule {
    package static let kind = OperatorKind.quantize
    package static let inputCounts = 2...3

    /// The type of the output's elements, int8 or uint8.
    public let element: ElementType

    /// Makes a quantization.
    public init(_ element: ElementType) {
      self.element = element
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      element = try attributes.element()
      guard element.isQuantized else { throw .invalidAttribute(.element) }
    }

    package var attributes: [Attribute] { [element.attribute] }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      element == (input < 2 ? .float32 : self.element)
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      guard element.isQuantized else { throw .invalidAttribute(.element) }
      return TensorType(element, try shapeOfFirst(inputs))
    }
  }
}

extension OperatorRule {
  /// The first operand's shape, to which all others must broadcast.
  func shapeOfFirst(_ inputs: [TensorType]) throws(OperatorError) -> Shape {
    let shape = inputs[0].shape
    for input in inputs.dropFirst() where Operator.Binary.broadcast(shape, input.shape) != shape {
      throw .notBroadcastable(shape, input.shape)
    }
    return shape
  }
}

extension ElementType {
  /// Whether numbers are quantized to the type.
  fileprivate var isQuantized: Bool { self == .int8 || self == .uint8 }
}
