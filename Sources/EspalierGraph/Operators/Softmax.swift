extension Operator {
  /// The normalised exponential over the last axis, or its logarithm.
  public struct Softmax: OperatorRule {
    /// What becomes of a row; the raw value is its number in files.
    public enum Function: Int, Sendable, CaseIterable {
      /// `e^(x − max) / Σ e^(x − max)`.
      case softmax = 1
      /// `x − max − ln Σ e^(x − max)`.
      case logSoftmax = 2
    }

    package static let kind = OperatorKind.softmax
    package static let inputCounts = 1...1

    /// What becomes of a row.
    public let function: Function

    /// Makes the operator.
    public init(_ function: Function = .softmax) {
      self.function = function
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      function = try attributes.choice(.function, default: .softmax)
    }

    package var attributes: [Attribute] {
      function == .softmax ? [] : [Attribute(.function, .integer(function.rawValue))]
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      guard inputs[0].shape.rank >= 1 else { throw .wrongRank(input: 0, found: 0, expected: 1) }
      return inputs[0]
    }
  }
}
