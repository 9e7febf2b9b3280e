extension Operator {
  /// A function of each element; the output has the input's shape.
  public struct Unary: OperatorRule {
    /// Which function; the raw value is its number in files.
    public enum Function: Int, Sendable, CaseIterable {
      /// `max(x, 0)`.
      case relu = 1
      /// `1 / (1 + e⁻ˣ)`.
      case sigmoid = 2
      /// The hyperbolic tangent.
      case tanh = 3

      /// The function's name in recipes and drawings.
      public var label: String {
        switch self {
        case .relu: "relu"
        case .sigmoid: "sigmoid"
        case .tanh: "tanh"
        }
      }
    }

    package static let kind = OperatorKind.unary
    package static let inputCounts = 1...1

    /// Which function.
    public let function: Function

    /// Makes an elementwise function.
    public init(_ function: Function) {
      self.function = function
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      function = try attributes.choice(.function)
    }

    package var attributes: [Attribute] { [Attribute(.function, .integer(function.rawValue))] }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      inputs[0]
    }
  }
}
