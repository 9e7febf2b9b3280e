extension Operator {
  /// A function of each element; the output has the input's shape.
  ///
  /// Functions take and give float32 where their cases do not say otherwise.
  public struct Unary: OperatorRule {
    package static let kind = OperatorKind.unary
    package static let inputCounts = 1...1

    /// Which function.
    public let function: Function
    /// The function's first parameter, α; nil where it has none.
    public let alpha: Float?
    /// The function's second parameter, β; nil where it has none.
    public let beta: Float?

    /// Makes an elementwise function, with the function's usual parameters where none are given.
    public init(_ function: Function, alpha: Float? = nil, beta: Float? = nil) {
      self.function = function
      self.alpha = alpha ?? function.usualAlpha
      self.beta = beta ?? function.usualBeta
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      function = try attributes.choice(.function)
      alpha = try attributes.parameter(.alpha, usual: function.usualAlpha)
      beta = try attributes.parameter(.beta, usual: function.usualBeta)
    }

    package var attributes: [Attribute] {
      var list = [Attribute(.function, .integer(function.rawValue))]
      if let alpha, alpha != function.usualAlpha { list.append(Attribute(.alpha, .number(alpha))) }
      if let beta, beta != function.usualBeta { list.append(Attribute(.beta, .number(beta))) }
      return list
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      switch function {
      case .absolute, .negate, .sign, .clip: element.isNumber
      case .not: element == .bool || element.isInteger
      default: element == .float32
      }
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      try expectParameter(.alpha, alpha, usual: function.usualAlpha)
      try expectParameter(.beta, beta, usual: function.usualBeta)
      switch function {
      case .isNaN, .isInfinite, .isPositiveInfinite, .isNegativeInfinite:
        return TensorType(.bool, inputs[0].shape)
      default:
        return inputs[0]
      }
    }

    /// Refuses a parameter that the function does not have, and one that is neither finite nor the usual one.
    private func expectParameter(
      _ key: AttributeKey, _ value: Float?, usual: Float?
    ) throws(OperatorError) {
      guard let value else { return }
      guard let usual else { throw .unknownAttribute(key) }
      guard value.isFinite || value == usual else { throw .invalidAttribute(key) }
    }
  }
}

extension AttributeReader {
  /// A parameter of a function, left out when it is the usual one; nil where the function has none.
  fileprivate mutating func parameter(
    _ key: AttributeKey, usual: Float?
  ) throws(OperatorError) -> Float? {
    guard let usual else { return nil }
    let value = try number(key, default: .nan)
    guard value != usual else { throw .invalidAttribute(key) }
    return value.isNaN ? usual : value
  }
}

extension ElementType {
  /// Whether arithmetic is done in the type, whole numbers only.
  var isInteger: Bool { self == .int32 || self == .int64 }

  /// Whether arithmetic is done in the type.
  var isNumber: Bool { self == .float32 || isInteger }
}
