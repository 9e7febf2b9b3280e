package import EspalierGraph
package import EspalierKernels

/// `Operator.Pooling`.
package struct PoolingCall: PreparedCall {
  /// How a window becomes one element, and what counts.
  package let rule: Operator.Pooling
  /// How the window slides.
  package let geometry: PoolingGeometry

  init(_ rule: Operator.Pooling, _ inputs: [TensorType], _ output: TensorType) {
    let (input, window) = (inputs[0].shape, rule.window)
    self.rule = rule
    geometry = PoolingGeometry(
      batch: input[0], channels: input.last, inputSize: Extent(spatial: input),
      outputSize: Extent(spatial: output.shape), kernel: Extent(window.kernel),
      stride: Extent(window.stride), paddingBefore: window.paddingBefore(input))
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output.mutableSpan
    switch rule.function {
    case .maximum:
      maximumPooling(operands[0].span, geometry, output: &result)
    case .average:
      averagePooling(
        operands[0].span, geometry, includePadding: rule.countsPadding, output: &result)
    }
  }
}
