internal import EspalierGraph

/// A function of each element that recurrent layers have.
struct GateFunction: Hashable {
  let function: Operator.Recurrent.Activation.Function
  let alpha: Float
  let beta: Float

  var activation: Operator.Recurrent.Activation { .init(function, alpha: alpha, beta: beta) }

  /// The same function as a layer of its own has it; nil where there is none.
  var layer: Operator.Unary? {
    switch function {
    case .sigmoid: .init(.sigmoid)
    case .tanh: .init(.tanh)
    case .relu: .init(.relu)
    case .leakyRelu: .init(.leakyRelu, alpha: alpha)
    case .thresholdedRelu: .init(.thresholdedRelu, alpha: alpha)
    case .hardSigmoid: .init(.hardSigmoid, alpha: alpha, beta: beta)
    case .elu: .init(.elu, alpha: alpha)
    case .softsign: .init(.softsign)
    case .softplus: .init(.softplus)
    case .scaledTanh, .affine: nil
    }
  }

  init(_ activation: Operator.Recurrent.Activation) {
    (function, alpha, beta) = (activation.function, activation.alpha, activation.beta)
  }

  /// The function of a layer; nil where recurrent layers do not have it.
  init?(_ rule: Operator.Unary) {
    let functions: [Operator.Unary.Function: Operator.Recurrent.Activation.Function] = [
      .sigmoid: .sigmoid, .tanh: .tanh, .relu: .relu, .leakyRelu: .leakyRelu,
      .thresholdedRelu: .thresholdedRelu, .hardSigmoid: .hardSigmoid, .elu: .elu,
      .softsign: .softsign, .softplus: .softplus,
    ]
    if let function = functions[rule.function] {
      self.function = function
      alpha = rule.alpha ?? function.usualParameters.alpha
      beta = rule.beta ?? function.usualParameters.beta
    } else if rule.function == .clip, rule.alpha == 0, rule.beta == 1 {
      (function, alpha, beta) = (.hardSigmoid, 1, 0)
    } else {
      return nil
    }
  }
}

/// What the products are made of that a turn of a loop adds up.
enum Factor: Hashable {
  /// A state before the turn.
  case state(Int)
  /// A state after the turn.
  case next(Int)
  /// A part that the turn reads.
  case step(Int)
  /// Numbers that are the same in every turn.
  case given(DraftValue)
  /// Some columns of a state or a step.
  case columns(Int, Range<Int>)
  /// The product of factors, a row for each of the batch, times a matrix.
  case product([Int], DraftValue)
  /// A function of a sum.
  case function(GateFunction, GateSum)
}

/// A sum of products of factors, element by element along the last axis: for each product, its factors by their numbers
/// ascending, what it is multiplied by.
struct GateSum: Hashable {
  /// The most products that are looked at.
  private static let most = 24
  /// The most factors of one product.
  private static let mostFactors = 4

  private(set) var terms: [[Int]: Double] = [:]

  init() {}

  init(_ factors: [Int], times number: Double = 1) {
    if number != 0 { terms[factors.sorted()] = number }
  }

  /// The terms in an order that does not depend on anything else.
  var ordered: [(factors: [Int], number: Double)] {
    terms.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
  }

  /// The only factor of the only term, if that is not multiplied by anything.
  var single: Int? {
    guard terms.count == 1, let (factors, number) = terms.first, factors.count == 1, number == 1
    else { return nil }
    return factors[0]
  }

  /// Nil when it would become too long.
  func plus(_ other: GateSum, times number: Double = 1) -> GateSum? {
    var result = self
    for (factors, share) in other.terms {
      let sum = (result.terms[factors] ?? 0) + share * number
      result.terms[factors] = sum == 0 ? nil : sum
    }
    return result.terms.count <= Self.most ? result : nil
  }

  /// Nil when it would become too long.
  func times(_ other: GateSum) -> GateSum? {
    guard terms.count * other.terms.count <= Self.most else { return nil }
    var result = GateSum()
    for (left, number) in terms {
      for (right, share) in other.terms {
        guard left.count + right.count <= Self.mostFactors,
          let sum = result.plus(GateSum(left + right, times: number * share))
        else { return nil }
        result = sum
      }
    }
    return result
  }
}
