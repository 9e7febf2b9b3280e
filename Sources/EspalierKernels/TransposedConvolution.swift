internal import CEspalierKernels

/// Numbers of scratch that `transposedConvolution` needs for the geometry of its transpose.
///
/// At most 65,536, or one row of the patch matrix if that is longer.
package func transposedScratchCount(for geometry: ConvolutionGeometry) -> Int {
  pixelsPerBlock(geometry) * geometry.patchCount
}

private func pixelsPerBlock(_ geometry: ConvolutionGeometry) -> Int {
  min(geometry.outputPixels, max(1, 65_536 / max(1, geometry.patchCount)))
}

/// Computes the transpose of a convolution, plus bias: what the gradient of its output is to its input.
///
/// Input pixels times weights are patches of the output, which are added up where they overlap, pixel
/// by pixel in ascending order.
///
/// - Parameters:
///   - input: [batch, outputSize, outputChannels] of the geometry.
///   - weights: [outputChannels, kernel, inputChannels / groups] of the geometry.
///   - bias: [inputChannels] of the geometry, or empty.
///   - geometry: The convolution that this is the transpose of.
///   - scratch: At least `transposedScratchCount(for: geometry)` numbers; their contents are
///     overwritten.
///   - output: [batch, inputSize, inputChannels] of the geometry.
package func transposedConvolution(
  _ input: Span<Float>, weights: Span<Float>, bias: Span<Float>, _ geometry: ConvolutionGeometry,
  scratch: inout MutableSpan<Float>, output: inout MutableSpan<Float>,
  using kernels: Kernels = .best
) {
  let (channels, filters) = (geometry.outputChannels, geometry.inputChannels)
  requireCount(input.count, geometry.outputPixels * channels, "transposed convolution input")
  requireCount(weights.count, geometry.patchCount * channels, "transposed convolution weights")
  if !bias.isEmpty { requireCount(bias.count, filters, "transposed convolution bias") }
  start(&output, with: bias, rowOf: filters)
  let share = channels / geometry.groups
  let block = pixelsPerBlock(geometry)
  for group in 0..<geometry.groups {
    let groupWeights = weights.extracting((group * share * geometry.patchCount)...)
    for first in stride(from: 0, to: geometry.outputPixels, by: block) {
      let pixels = first..<min(first + block, geometry.outputPixels)
      matrixProduct(
        input.extracting((first * channels + group * share)...), rowStride: channels,
        columnStride: 1, groupWeights, bStride: geometry.patchCount, into: &scratch,
        cStride: geometry.patchCount, rows: pixels.count, columns: geometry.patchCount,
        depth: share, using: kernels)
      addPatches(
        scratch.span, geometry, group: group, pixels: pixels, to: &output, using: kernels)
    }
  }
}

/// Fills the rows of a matrix with the bias, or with zeros if there is none.
private func start(_ output: inout MutableSpan<Float>, with bias: Span<Float>, rowOf columns: Int) {
  let count = output.count
  withPointers(bias, &output) { bias, output in
    guard let output else { return }
    guard let bias else { return output.update(repeating: 0, count: count) }
    for row in stride(from: 0, to: count, by: columns) {
      (output + row).update(from: bias, count: columns)
    }
  }
}
