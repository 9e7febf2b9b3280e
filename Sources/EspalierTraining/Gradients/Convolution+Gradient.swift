import EspalierKernels

extension StepGradient {
  /// The most elements of a block of patches.
  private static let blockCount = 65_536

  private static func pixelsPerBlock(_ geometry: ConvolutionGeometry) -> Int {
    min(geometry.outputPixels, max(1, blockCount / geometry.patchCount))
  }

  /// Patches, their gradients, and the transposed weights of a group.
  static func convolutionScratchCount(_ geometry: ConvolutionGeometry) -> Int {
    let share = geometry.outputChannels / geometry.groups
    return geometry.patchCount * (2 * pixelsPerBlock(geometry) + share)
  }

  /// With the convolution as patches times weights: `∂weights += patchesᵀ · ∂output`,
  /// `∂patches = ∂output · weightsᵀ`, added back to where the patches were taken; `∂bias += Σ pixels of ∂output`.
  func convolution(_ geometry: ConvolutionGeometry) {
    let block = Self.pixelsPerBlock(geometry)
    for group in 0..<geometry.groups {
      let weights = transposedWeights(geometry, group: group)
      for first in stride(from: 0, to: geometry.outputPixels, by: block) {
        let pixels = first..<min(first + block, geometry.outputPixels)
        addWeightGradient(geometry, group: group, pixels: pixels)
        addInputGradient(geometry, group: group, pixels: pixels, weights)
      }
    }
    if inputGradients.count > 2, let gradient = inputGradients[2] {
      addColumnSums(outputGradient, columns: geometry.outputChannels, to: gradient)
    }
  }

  private func addWeightGradient(
    _ geometry: ConvolutionGeometry, group: Int, pixels: Range<Int>
  ) {
    guard let gradient = inputGradients[1] else { return }
    let channels = geometry.outputChannels
    let share = channels / geometry.groups
    var patches = scratch.from(0, count: pixels.count * geometry.patchCount).mutableSpan
    patchMatrix(of: inputs[0].span, geometry, group: group, pixels: pixels, into: &patches)
    var result = gradient.from(group * share).mutableSpan
    matrixProduct(
      patches.span, rowStride: 1, columnStride: geometry.patchCount,
      outputGradient.from(pixels.lowerBound * channels + group * share).span, bStride: channels,
      into: &result, cStride: channels, rows: geometry.patchCount, columns: share,
      depth: pixels.count, accumulate: true)
  }

  private func addInputGradient(
    _ geometry: ConvolutionGeometry, group: Int, pixels: Range<Int>,
    _ weights: UnsafeMutableBufferPointer<Float>
  ) {
    guard let gradient = inputGradients[0] else { return }
    let channels = geometry.outputChannels
    let share = channels / geometry.groups
    let count = pixels.count * geometry.patchCount
    var patches = scratch.from(count, count: count).mutableSpan
    matrixProduct(
      outputGradient.from(pixels.lowerBound * channels + group * share).span, rowStride: channels,
      columnStride: 1, weights.span, bStride: geometry.patchCount, into: &patches,
      cStride: geometry.patchCount, rows: pixels.count, columns: geometry.patchCount, depth: share)
    var result = gradient.mutableSpan
    addPatches(patches.span, geometry, group: group, pixels: pixels, to: &result)
  }

  /// The weights of a group as `[filters of the group, patch]`, at the end of the scratch memory.
  private func transposedWeights(
    _ geometry: ConvolutionGeometry, group: Int
  ) -> UnsafeMutableBufferPointer<Float> {
    let channels = geometry.outputChannels
    let share = channels / geometry.groups
    let patchCount = geometry.patchCount
    let count = share * patchCount
    let result = scratch.from(scratch.count - count, count: count)
    guard inputGradients[0] != nil else { return result }
    let weights = inputs[1]
    for element in 0..<patchCount {
      for filter in 0..<share {
        result[filter * patchCount + element] = weights[element * channels + group * share + filter]
      }
    }
    return result
  }
}
