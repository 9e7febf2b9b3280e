import EspalierGraph
package import EspalierKernels

/// `Operator.Convolution`.
package struct ConvolutionCall: PreparedCall {
  /// How the kernel lies over the input.
  package let geometry: ConvolutionGeometry

  init(_ rule: Operator.Convolution, _ inputs: [TensorType], _ output: TensorType) {
    let (input, output) = (inputs[0].shape, output.shape)
    geometry = ConvolutionGeometry(
      batch: input[0], inputSize: Extent(spatial: input), inputChannels: input.last,
      outputSize: Extent(spatial: output), outputChannels: output.last,
      kernel: Extent(rule.window.kernel), stride: Extent(rule.window.stride),
      dilation: Extent(rule.window.dilation), paddingBefore: rule.window.paddingBefore(input),
      groups: rule.groups)
  }

  /// The patches of a block.
  package var scratchCount: Int { EspalierKernels.scratchCount(for: geometry) }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output.mutableSpan
    var scratch = operands.scratch.mutableSpan
    convolution(
      operands[0].span, weights: operands[1].span, bias: operands[2].span, geometry,
      scratch: &scratch, output: &result)
  }
}

extension Extent {
  /// One to three sizes, innermost last; missing outer ones are `missing`.
  init(_ sizes: [Int], missing: Int = 1) {
    let padded = Array(repeating: missing, count: 3 - sizes.count) + sizes
    self.init(depth: padded[0], height: padded[1], width: padded[2])
  }

  /// The sizes between the batch and the channels.
  init(spatial shape: Shape) {
    self.init(Array(shape.sizes.dropFirst().dropLast()))
  }
}

extension Operator.Window {
  /// The padding before each spatial axis.
  func paddingBefore(_ input: Shape) -> Extent {
    Extent((0..<rank).map { paddingAmounts($0, input: input[$0 + 1]).before }, missing: 0)
  }
}
