import EspalierKernels

extension StepGradient {
  private static func pixelsPerBlock(_ geometry: ConvolutionGeometry) -> Int {
    min(geometry.outputPixels, max(1, 65_536 / geometry.patchCount))
  }

  /// Patches, and the transposed weights of a group.
  static func transposedConvolutionScratchCount(_ geometry: ConvolutionGeometry) -> Int {
    let share = geometry.outputChannels / geometry.groups
    return geometry.patchCount * (pixelsPerBlock(geometry) + share)
  }

  /// With the patches of `∂output`: `∂input += patches · weightsᵀ`, `∂weights += inputᵀ · patches`;
  /// `∂bias += Σ pixels of ∂output`.
  func transposedConvolution(_ geometry: ConvolutionGeometry) {
    let block = Self.pixelsPerBlock(geometry)
    for group in 0..<geometry.groups {
      let weights = transposedWeights(geometry, group: group)
      for first in stride(from: 0, to: geometry.outputPixels, by: block) {
        let pixels = first..<min(first + block, geometry.outputPixels)
        let patches = scratch.from(0, count: pixels.count * geometry.patchCount)
        var result = patches.mutableSpan
        patchMatrix(of: outputGradient.span, geometry, group: group, pixels: pixels, into: &result)
        addInputGradient(geometry, group: group, pixels: pixels, patches, weights)
        addWeightGradient(geometry, group: group, pixels: pixels, patches)
      }
    }
    if inputGradients.count > 2, let gradient = inputGradients[2] {
      addColumnSums(outputGradient, columns: geometry.inputChannels, to: gradient)
    }
  }

  private func addInputGradient(
    _ geometry: ConvolutionGeometry, group: Int, pixels: Range<Int>,
    _ patches: UnsafeMutableBufferPointer<Float>, _ weights: UnsafeMutableBufferPointer<Float>
  ) {
    guard let gradient = inputGradients[0] else { return }
    let channels = geometry.outputChannels
    let share = channels / geometry.groups
    var result = gradient.from(pixels.lowerBound * channels + group * share).mutableSpan
    matrixProduct(
      patches.span, rowStride: geometry.patchCount, columnStride: 1, weights.span, bStride: share,
      into: &result, cStride: channels, rows: pixels.count, columns: share,
      depth: geometry.patchCount, accumulate: true)
  }

  private func addWeightGradient(
    _ geometry: ConvolutionGeometry, group: Int, pixels: Range<Int>,
    _ patches: UnsafeMutableBufferPointer<Float>
  ) {
    guard let gradient = inputGradients[1] else { return }
    let channels = geometry.outputChannels
    let share = channels / geometry.groups
    let count = geometry.patchCount
    var result = gradient.from(group * share * count, count: share * count).mutableSpan
    matrixProduct(
      inputs[0].from(pixels.lowerBound * channels + group * share).span, rowStride: 1,
      columnStride: channels, patches.span, bStride: count, into: &result, cStride: count,
      rows: share, columns: count, depth: pixels.count, accumulate: true)
  }

  /// The weights of a group as `[patch, channels of the group]`, at the end of the scratch memory.
  private func transposedWeights(
    _ geometry: ConvolutionGeometry, group: Int
  ) -> UnsafeMutableBufferPointer<Float> {
    let share = geometry.outputChannels / geometry.groups
    let count = share * geometry.patchCount
    let result = scratch.from(scratch.count - count, count: count)
    guard inputGradients[0] != nil else { return result }
    var transposed = result.mutableSpan
    transpose(
      inputs[1].from(group * count, count: count).span, output: &transposed, rows: share,
      columns: geometry.patchCount)
    return result
  }
}
