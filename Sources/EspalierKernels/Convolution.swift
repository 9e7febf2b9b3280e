internal import CEspalierKernels

/// Numbers of scratch that `convolution` needs for a geometry.
///
/// At most 65,536, or one row of the patch matrix if that is longer; 0 where no patch matrix is
/// made.
package func scratchCount(for geometry: ConvolutionGeometry) -> Int {
  pixelsPerBlock(geometry) * geometry.patchCount
}

/// Output pixels whose patches are multiplied at once; 0 if the convolution needs no patches.
private func pixelsPerBlock(_ geometry: ConvolutionGeometry) -> Int {
  if geometry.isPointwise || geometry.isDepthwise { return 0 }
  return min(geometry.outputPixels, max(1, 65_536 / max(1, geometry.patchCount)))
}

/// Computes a convolution (a cross-correlation: the kernel is not flipped) plus bias.
///
/// - Parameters:
///   - input: [batch, inputSize, inputChannels].
///   - weights: [kernel, inputChannels / groups, outputChannels].
///   - bias: [outputChannels], or empty.
///   - scratch: At least `scratchCount(for: geometry)` numbers; their contents are overwritten.
///   - output: [batch, outputSize, outputChannels].
package func convolution(
  _ input: Span<Float>, weights: Span<Float>, bias: Span<Float>, _ geometry: ConvolutionGeometry,
  scratch: inout MutableSpan<Float>, output: inout MutableSpan<Float>,
  using kernels: Kernels = .best
) {
  requireCount(input.count, geometry.batch * geometry.window.imageCount, "convolution input")
  requireCount(
    weights.count, geometry.patchCount * geometry.outputChannels, "convolution weights")
  requireCount(
    output.count, geometry.outputPixels * geometry.outputChannels, "convolution output")
  if !bias.isEmpty { requireCount(bias.count, geometry.outputChannels, "convolution bias") }
  precondition(
    scratch.count >= scratchCount(for: geometry),
    "convolution scratch has \(scratch.count) numbers, needs \(scratchCount(for: geometry))")
  if output.isEmpty { return }

  if geometry.isDepthwise {
    depthwiseConvolution(input, weights, bias, geometry, &output, kernels)
    return
  }
  for group in 0..<geometry.groups {
    if geometry.isPointwise {
      let patches = input.extracting((group * geometry.channelsPerGroup)...)
      multiply(
        patches, rowStride: geometry.inputChannels, weights, bias, geometry, group: group,
        pixels: 0..<geometry.outputPixels, &output, kernels)
      continue
    }
    let block = pixelsPerBlock(geometry)
    for first in stride(from: 0, to: geometry.outputPixels, by: block) {
      let pixels = first..<min(first + block, geometry.outputPixels)
      patchMatrix(of: input, geometry, group: group, pixels: pixels, into: &scratch)
      multiply(
        scratch.span, rowStride: geometry.patchCount, weights, bias, geometry, group: group,
        pixels: pixels, &output, kernels)
    }
  }
}

/// Multiplies patches of one group by its weights.
private func multiply(
  _ patches: Span<Float>, rowStride: Int, _ weights: Span<Float>, _ bias: Span<Float>,
  _ geometry: ConvolutionGeometry, group: Int, pixels: Range<Int>,
  _ output: inout MutableSpan<Float>, _ kernels: Kernels
) {
  let channels = geometry.outputChannels
  let share = channels / geometry.groups
  let first = group * share
  withPointers(patches, weights, bias, &output) { patches, weights, bias, output in
    guard let output else { return }
    var product = espalier_product(
      rows: pixels.count, columns: share, depth: geometry.patchCount, a: patches,
      a_row_stride: rowStride, a_column_stride: 1, b: weights.map { $0 + first },
      b_row_stride: channels,
      c: output + (pixels.lowerBound * channels + first), c_row_stride: channels,
      bias: bias.map { $0 + first }, accumulate: false)
    kernels.table.pointee.product(&product)
  }
}

/// Computes a convolution of each channel with its own kernel, many channels at a time.
private func depthwiseConvolution(
  _ input: Span<Float>, _ weights: Span<Float>, _ bias: Span<Float>,
  _ geometry: ConvolutionGeometry, _ output: inout MutableSpan<Float>, _ kernels: Kernels
) {
  let channels = geometry.outputChannels
  let kernel = geometry.kernel
  let window = geometry.window
  withPointers(input, weights, bias, &output) { input, weights, bias, output in
    guard let input, let weights, let output else { return }
    var stride = (kernel.height * kernel.width * channels, kernel.width * channels, channels)
    withUnsafePointer(to: &stride) { stride in
      stride.withMemoryRebound(to: Int.self, capacity: 3) { stride in
        window.forEachPlace(batch: geometry.batch) { place in
          var taps = place.window
          let row = place.depth.lowerBound * kernel.height + place.height.lowerBound
          let tap = row * kernel.width + place.width.lowerBound
          kernels.table.pointee.depthwise(
            input + place.inputOffset, &taps, weights + tap * channels, stride, bias,
            output + place.pixel * channels, channels)
        }
      }
    }
  }
}
