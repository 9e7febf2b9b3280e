extension Operator.Recurrent {
  /// A function of gates and states.
  public struct Activation: Sendable, Equatable {
    /// Which function; the raw value is its number in files.
    public enum Function: Int, Sendable, CaseIterable {
      /// `1 / (1 + e⁻ˣ)`.
      case sigmoid = 1
      /// The hyperbolic tangent.
      case tanh = 2
      /// `max(x, 0)`.
      case relu = 3
      /// `x`, and `α·x` where x is negative.
      case leakyRelu = 4
      /// `x` where it is greater than α, 0 elsewhere.
      case thresholdedRelu = 5
      /// `α·tanh(β·x)`.
      case scaledTanh = 6
      /// `min(max(α·x + β, 0), 1)`.
      case hardSigmoid = 7
      /// `x`, and `α·(eˣ − 1)` where x is negative.
      case elu = 8
      /// `x / (1 + |x|)`.
      case softsign = 9
      /// `log(1 + eˣ)`.
      case softplus = 10
      /// `α·x + β`.
      case affine = 11

      /// The α and β that are usual; 0 where there is none.
      public var usualParameters: (alpha: Float, beta: Float) {
        switch self {
        case .sigmoid, .tanh, .relu, .softsign, .softplus: (0, 0)
        case .leakyRelu: (0.01, 0)
        case .thresholdedRelu, .elu, .affine: (1, 0)
        case .scaledTanh: (1, 1)
        case .hardSigmoid: (0.2, 0.5)
        }
      }
    }

    /// Which function.
    public let function: Function
    /// Its α.
    public let alpha: Float
    /// Its β.
    public let beta: Float

    /// Makes an activation; α and β default to the usual ones.
    public init(_ function: Function, alpha: Float? = nil, beta: Float? = nil) {
      self.function = function
      self.alpha = alpha ?? function.usualParameters.alpha
      self.beta = beta ?? function.usualParameters.beta
    }

    /// Takes the functions and, where they are not usual, all their α and β.
    static func list(
      reading attributes: inout AttributeReader, usual: [Activation]
    ) throws(OperatorError) -> [Activation] {
      let count = usual.count...usual.count
      let alphas = try attributes.numbers(.alpha, count: count)
      let betas = try attributes.numbers(.beta, count: count)
      let numbers = try attributes.integers(.activations, count: count, in: 1...Int.max)
      var list: [Activation] = []
      for index in usual.indices {
        let function = numbers.map { Function(rawValue: $0[index]) } ?? usual[index].function
        guard let function else { throw .invalidAttribute(.activations) }
        list.append(Activation(function, alpha: alphas?[index], beta: betas?[index]))
      }
      if numbers != nil && list.map({ $0.function }) == usual.map({ $0.function }) {
        throw .invalidAttribute(.activations)
      }
      if alphas != nil && list.allSatisfy({ $0.alpha == $0.function.usualParameters.alpha }) {
        throw .invalidAttribute(.alpha)
      }
      if betas != nil && list.allSatisfy({ $0.beta == $0.function.usualParameters.beta }) {
        throw .invalidAttribute(.beta)
      }
      return list
    }

    /// The attribute of the functions, left out when they are the usual ones.
    static func functions(of list: [Activation], usual: [Activation]) -> [Attribute] {
      list.map { $0.function } == usual.map { $0.function }
        ? [] : [Attribute(.activations, .integers(list.map { $0.function.rawValue }))]
    }

    /// The attributes of α and β, left out when all are usual.
    static func numbers(of list: [Activation]) -> [Attribute] {
      let alphas = list.contains { $0.alpha != $0.function.usualParameters.alpha }
      let betas = list.contains { $0.beta != $0.function.usualParameters.beta }
      return (alphas ? [Attribute(.alpha, .numbers(list.map { $0.alpha }))] : [])
        + (betas ? [Attribute(.beta, .numbers(list.map { $0.beta }))] : [])
    }
  }
}
