public import EspalierGraph

/// Why tensors cannot be the parameters of a model: everything that does not fit.
public struct WeightsMismatch: Error, Sendable, Equatable {
  /// What does not fit, in the order of the model's parameters; tensors of no parameter come last.
  public let problems: [Problem]

  /// Makes an error.
  public init(_ problems: [Problem]) {
    self.problems = problems
  }

  /// What can be wrong with a parameter, or with a tensor for it.
  public enum Problem: Sendable, Equatable {
    /// There is no tensor for a parameter.
    case missing(Name, wanted: TensorType)
    /// There is no parameter for a tensor.
    case unknown(Name)
    /// Two parameters, or two tensors, have the same name.
    case ambiguous(Name)
    /// A tensor has another shape than its parameter, or a type that cannot become the parameter's.
    case wrongType(Name, wanted: TensorType, found: TensorType)
    /// A number is larger than any of the type that the parameter is stored in.
    case overflow(Name, stored: ElementType)
  }
}

extension WeightsMismatch: CustomStringConvertible {
  /// What does not fit, a line each.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension WeightsMismatch.Problem: CustomStringConvertible {
  /// What does not fit, in words.
  public var description: String {
    switch self {
    case .missing(let name, let wanted): "missing: \(name), \(wanted.text)"
    case .unknown(let name): "unknown: \(name) is no parameter of the model"
    case .ambiguous(let name): "ambiguous: \(name) stands twice"
    case .wrongType(let name, let wanted, let found):
      "wrong type: \(name) has to be \(wanted.text), and is \(found.text)"
    case .overflow(let name, let stored):
      "too large: \(name) is stored as \(stored.label), which cannot hold all of its numbers"
    }
  }
}
