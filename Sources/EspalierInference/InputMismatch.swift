public import EspalierArrays
public import EspalierGraph

/// Why arrays cannot be the inputs of a model: everything that does not fit.
public struct InputMismatch: Error, Sendable, Equatable {
  /// What does not fit, in the order of the inputs.
  public let problems: [Problem]

  /// Makes an error.
  public init(_ problems: [Problem]) {
    self.problems = problems
  }

  /// What can be wrong with an input's array.
  public enum Problem: Sendable, Equatable {
    /// There is no array of the input's name.
    case missing(GraphInput, given: [Name])
    /// The array has another element type or other sizes than the input declares.
    case wrongType(GraphInput, found: TensorType)
    /// The array has a number that the input's element type does not hold.
    case badNumber(GraphInput, ArrayFileError)
    /// The array has an infinity or NaN; where, counted from 0.
    case notFinite(GraphInput, index: [Int], value: Double)
    /// Arrays have different sizes where inputs have the same symbol.
    case differentSizes(Name, InputSize, InputSize)
  }

  /// The size that a symbol has in an input's array.
  public struct InputSize: Sendable, Equatable {
    /// The input.
    public let input: Name
    /// The size.
    public let size: Int

    /// Makes a size.
    public init(_ input: Name, _ size: Int) {
      self.input = input
      self.size = size
    }
  }
}

extension InputMismatch: CustomStringConvertible {
  /// What does not fit, a line each.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension InputMismatch.Problem: CustomStringConvertible {
  /// What does not fit, in words, with what to do where that is plain.
  public var description: String {
    switch self {
    case .missing(let input, let given):
      "input \(input.name) (\(input.typeText)) is missing; \(Self.list(given))"
    case .wrongType(let input, let found):
      "input \(input.name) has to be \(input.typeText), and is \(found.text)"
        + Self.advice(input, found)
    case .badNumber(_, let error): "\(error)"
    case .notFinite(let input, let index, let value):
      "input \(input.name) is \(value) at \(placeText(index)); replace it, or say --non-finite if the "
        + "model takes such numbers"
    case .differentSizes(let symbol, let first, let second):
      "\(symbol) is \(first.size) in input \(first.input), and \(second.size) in \(second.input)"
    }
  }

  private static func list(_ given: [Name]) -> String {
    given.isEmpty ? "no arrays are given" : "given: \(listed(given))"
  }
}
