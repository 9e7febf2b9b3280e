import EspalierGraph
import ReferenceOperators

private typealias Operand = OperatorExample.Operand

/// An example of 4 steps, 3 sequences, inputs of 5 and states of 6.
private func example(
  _ description: String, _ rule: Operator.Recurrent, _ optional: [Operand] = []
) -> OperatorExample {
  let width = 6 * rule.function.gates
  let lengths = rule.hasLengths ? [Operand([3], .int64, in: 0...5)] : []
  return OperatorExample(
    description, .recurrent(rule), [[4, 3, 5], [5, width], [6, width]] + lengths + optional,
    domain: -0.7...0.7, hasBatchedParameters: true)
}

/// Recurrent layers.
let recurrentExamples: [OperatorExample] =
  lstmExamples + gruExamples
  + [
    example("recurrent", .init(.simple)),
    example("recurrent with all", .init(.simple, hasLengths: true), [[2, 6], [3, 6]]),
  ]
  + Operator.Recurrent.Activation.Function.allCases.map { function in
    example(
      "recurrent, \(function)",
      .init(.simple, direction: .backward, activations: [.init(function)], clip: 0.9), [[2, 6]])
  }

private let lstmExamples: [OperatorExample] = [
  example("LSTM", .init(.lstm)),
  example("LSTM with biases", .init(.lstm, direction: .backward), [[2, 24]]),
  example(
    "LSTM with all", .init(.lstm, hasLengths: true, keepsCell: true),
    [[2, 24], [3, 6], [1, 6], [3, 6]]),
  example(
    "LSTM with all, backward",
    .init(.lstm, direction: .backward, clip: 0.4, hasLengths: true),
    [[2, 24], [1, 6], [3, 6], [3, 6]]),
  example(
    "LSTM, coupled gates", .init(.lstm, keepsCell: true, couplesGates: true),
    [[2, 24], [3, 6], [3, 6], [3, 6]]),
  example(
    "LSTM, other activations",
    .init(
      .lstm,
      activations: [
        .init(.hardSigmoid, alpha: 0.3), .init(.softsign), .init(.scaledTanh, beta: 0.7),
      ])),
  OperatorExample(
    "LSTM of one", .recurrent(.init(.lstm)), [[1, 1, 1], [1, 68], [17, 68]],
    hasBatchedParameters: true),
]

private let gruExamples: [OperatorExample] = [
  example("GRU", .init(.gru)),
  example("GRU with all", .init(.gru, clip: 0.5, hasLengths: true), [[2, 18], [3, 6]]),
  example(
    "GRU, linear before reset",
    .init(.gru, direction: .backward, hasLengths: true, linearBeforeReset: true),
    [[2, 18], [1, 6]]),
  example(
    "GRU, linear before reset, other activations",
    .init(.gru, activations: [.init(.affine, beta: 0.5), .init(.elu)], linearBeforeReset: true)),
]

extension RecurrentReference {
  /// The layer of an operator with its operands.
  init(_ rule: Operator.Recurrent, _ inputs: [Tensor]) {
    let kind: Function =
      switch rule.function {
      case .lstm: .lstm
      case .gru: .gru
      case .simple: .simple
      }
    self.init(kind, rule.activations.map { value(of: $0) })
    isBackward = rule.direction == .backward
    clip = rule.clip.map { Double($0) } ?? .infinity
    couplesGates = rule.couplesGates
    linearBeforeReset = rule.linearBeforeReset
    keepsCell = rule.keepsCell
    lengths = rule.hasLengths ? inputs[3] : nil
    let optional = Array(inputs.dropFirst(rule.hasLengths ? 4 : 3))
    func operand(_ place: Int) -> Tensor? { place < optional.count ? optional[place] : nil }
    (biases, state, cell, peepholes) = (operand(0), operand(1), operand(2), operand(3))
  }
}

private func value(
  of activation: Operator.Recurrent.Activation
) -> @Sendable (Double) -> Double {
  let (alpha, beta) = (Double(activation.alpha), Double(activation.beta))
  switch activation.function {
  case .sigmoid: return { ActivationReference.sigmoid($0) }
  case .tanh: return { ActivationReference.hyperbolicTangent($0) }
  case .relu: return { max($0, 0) }
  case .leakyRelu: return { $0 < 0 ? alpha * $0 : $0 }
  case .thresholdedRelu: return { $0 > alpha ? $0 : 0 }
  case .scaledTanh: return { alpha * ActivationReference.hyperbolicTangent(beta * $0) }
  case .hardSigmoid: return { min(max(alpha * $0 + beta, 0), 1) }
  case .elu: return { ActivationReference.elu($0, alpha: alpha) }
  case .softsign: return { $0 / (1 + $0.magnitude) }
  case .softplus: return { ActivationReference.softplus($0) }
  case .affine: return { alpha * $0 + beta }
  }
}
