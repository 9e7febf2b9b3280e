import EspalierGraph
package import EspalierKernels

/// `Operator.TransposedConvolution`.
package struct TransposedConvolutionCall: PreparedCall {
  /// The convolution that it is the transpose of: its output is our input.
  package let geometry: ConvolutionGeometry

  init(
    _ rule: Operator.TransposedConvolution, _ inputs: [TensorType], _ output: TensorType
  ) {
    let (input, output) = (inputs[0].shape, output.shape)
    geometry = ConvolutionGeometry(
      batch: input[0], inputSize: Extent(spatial: output), inputChannels: output.last,
      outputSize: Extent(spatial: input), outputChannels: input.last,
      kernel: Extent(rule.window.kernel), stride: Extent(rule.window.stride),
      dilation: Extent(rule.window.dilation), paddingBefore: rule.window.paddingBefore(input),
      groups: rule.groups)
  }

  /// The patches of a block.
  package var scratchCount: Int { transposedScratchCount(for: geometry) }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output.mutableSpan
    var scratch = operands.scratch.mutableSpan
    transposedConvolution(
      operands[0].span, weights: operands[1].span, bias: operands[2].span, geometry,
      scratch: &scratch, output: &result)
  }
}
