import EspalierGraph
package import EspalierKernels

/// `Operator.LocalResponseNormalization` of rows.
package struct LocalResponseNormalizationCall: PreparedCall {
  /// How much each channel counts.
  package let response: LocalResponse

  init(_ rule: Operator.LocalResponseNormalization, _ inputs: [TensorType]) {
    response = LocalResponse(
      channels: inputs[0].shape.last, size: rule.size, alpha: rule.alpha, beta: rule.beta,
      bias: rule.bias)
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output.mutableSpan
    localResponseNormalization(operands[0].span, response, output: &result)
  }
}
