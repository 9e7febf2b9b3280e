extension Operator {
  /// The same numbers as elements of another type.
  ///
  /// - From a float to an integer, numbers are truncated toward zero; those beyond the integers become the nearest of
  ///   them, and NaN becomes 0.
  /// - From an integer to a narrower one, the low bits remain.
  /// - To a float, numbers are rounded to the nearest, to even when two are; infinite beyond the largest.
  /// - To bool, all but zero become true; from bool, true becomes 1.
  public struct Cast: OperatorRule {
    package static let kind = OperatorKind.cast
    package static let inputCounts = 1...1

    /// The type of the output's elements.
    public let element: ElementType

    /// Makes a cast.
    public init(_ element: ElementType) {
      self.element = element
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      element = try attributes.element()
    }

    package var attributes: [Attribute] { [element.attribute] }

    package func accepts(_ element: ElementType, input: Int) -> Bool { true }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      TensorType(element, inputs[0].shape)
    }
  }
}

extension AttributeReader {
  /// The element type, which must be present.
  mutating func element() throws(OperatorError) -> ElementType {
    let number = try integer(.element, default: 0, in: 1...Int(UInt32.max))
    guard let element = ElementType(rawValue: UInt32(number)) else {
      throw number == 0 ? .missingAttribute(.element) : .invalidAttribute(.element)
    }
    return element
  }
}

extension ElementType {
  /// The attribute that says the type.
  var attribute: Attribute { Attribute(.element, .integer(Int(rawValue))) }
}
