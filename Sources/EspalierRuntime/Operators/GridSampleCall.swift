import EspalierGraph
package import EspalierKernels

/// `Operator.GridSample`.
package struct GridSampleCall: PreparedCall {
  /// Where values come from.
  package let sampling: GridSampling

  init(_ rule: Operator.GridSample, _ inputs: [TensorType]) {
    let (images, points) = (inputs[0].shape, inputs[1].shape)
    let mode: GridSampling.Mode =
      switch rule.mode {
      case .linear: .linear
      case .nearest: .nearest
      case .cubic: .cubic
      }
    let boundary: GridSampling.Boundary =
      switch rule.boundary {
      case .zeros: .zeros
      case .border: .border
      case .reflection: .reflection
      }
    sampling = GridSampling(
      mode, boundary, alignsCorners: rule.alignsCorners, batch: images[0],
      size: Extent(spatial: images), axes: images.rank - 2,
      points: points.sizes[1..<points.rank - 1].reduce(1, *), channels: images.last)
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output.mutableSpan
    gridSample(operands[0].span, operands[1].span, sampling, output: &result)
  }
}
