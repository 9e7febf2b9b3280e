import EspalierGraph
package import EspalierKernels

/// `Operator.Normalization`.
package struct NormalizationCall: PreparedCall {
  /// Which numbers are brought to one scale.
  package let geometry: NormalizationGeometry
  /// Whether the mean is subtracted.
  package let isCentred: Bool
  /// What is added to the mean square.
  package let epsilon: Float

  init(_ rule: Operator.Normalization, _ inputs: [TensorType]) {
    geometry = NormalizationGeometry(sizes: inputs[0].shape.sizes, axes: rule.axes)
    isCentred = rule.function == .standard
    epsilon = rule.epsilon
  }

  /// Means, and what reducing an item needs.
  package var scratchCount: Int { geometry.scratchCount }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var scratch = operands.scratch.mutableSpan
    var result = operands.output.mutableSpan
    normalize(
      operands[0].span, geometry, isCentred: isCentred, epsilon: epsilon, scratch: &scratch,
      output: &result)
  }
}
