package import EspalierGraph
package import EspalierKernels

/// `Operator.Recurrent`.
package struct RecurrentCall: PreparedCall {
  /// What is computed.
  package let layer: RecurrentLayer
  /// What the lengths are; nil when all sequences have all steps.
  package let lengthElement: ElementType?

  init(_ rule: Operator.Recurrent, _ inputs: [TensorType]) {
    let input = inputs[0].shape
    let function: RecurrentLayer.Function =
      switch rule.function {
      case .lstm: .lstm
      case .gru: .gru
      case .simple: .simple
      }
    layer = RecurrentLayer(
      function, steps: input[0], batch: input[1], inputs: input[2], hidden: inputs[2].shape[0],
      activations: rule.activations.map { GateActivation($0) },
      isBackward: rule.direction == .backward, clip: rule.clip ?? .infinity,
      keepsCell: rule.keepsCell, couplesGates: rule.couplesGates,
      linearBeforeReset: rule.linearBeforeReset)
    lengthElement = rule.hasLengths ? inputs[3].element : nil
  }

  /// The position of the first operand that may be absent, the biases.
  package var firstOptional: Int { lengthElement == nil ? 3 : 4 }

  /// The working memory.
  package var scratchCount: Int { RecurrentMemory.count(layer) }

  /// Computes the output.
  package func run(_ operands: Operands) {
    let pass = RecurrentPass(
      layer,
      self.operands({ operands[$0] }, lengths: lengthElement.map { operands.indices(3, $0) }),
      RecurrentMemory(layer, operands.scratch), output: operands.output)
    pass.run()
  }

  /// The operands by their places; `operand` gives nothing for those that are absent.
  package func operands(
    _ operand: (Int) -> UnsafeMutableBufferPointer<Float>, lengths: Indices?
  ) -> RecurrentOperands {
    func optional(_ place: Int) -> UnsafeBufferPointer<Float> {
      UnsafeBufferPointer(operand(firstOptional + place))
    }
    return RecurrentOperands(
      input: UnsafeBufferPointer(operand(0)), weights: UnsafeBufferPointer(operand(1)),
      recurrence: UnsafeBufferPointer(operand(2)), biases: optional(0), state: optional(1),
      cell: optional(2), peepholes: optional(3), lengths: lengths)
  }
}

extension GateActivation {
  init(_ activation: Operator.Recurrent.Activation) {
    let function: GateActivation.Function =
      switch activation.function {
      case .sigmoid: .sigmoid
      case .tanh: .tanh
      case .relu: .relu
      case .leakyRelu: .leakyRelu
      case .thresholdedRelu: .thresholdedRelu
      case .scaledTanh: .scaledTanh
      case .hardSigmoid: .hardSigmoid
      case .elu: .elu
      case .softsign: .softsign
      case .softplus: .softplus
      case .affine: .affine
      }
    self.init(function, alpha: activation.alpha, beta: activation.beta)
  }
}
