internal import CEspalierKernels

/// Writes what the kernel sees at each of some output pixels: the patch matrix of one group.
///
/// Row p - pixels.lowerBound of `patches` is [kernel, channelsPerGroup], with zeros where the kernel
/// lies on padding, so that patches times the group's weights are the output pixels.
///
/// - Parameters:
///   - input: [batch, inputSize, inputChannels].
///   - group: The group whose channels are taken.
///   - pixels: Output pixels, counted through the batch.
///   - patches: At least [pixels.count, geometry.patchCount].
package func patchMatrix(
  of input: Span<Float>, _ geometry: ConvolutionGeometry, group: Int, pixels: Range<Int>,
  into patches: inout MutableSpan<Float>
) {
  requirePatches(input.count, geometry, group, pixels, patches.count)
  withPointers(input, &patches) { input, patches in
    guard let input, let patches else { return }
    forEachPatchRun(geometry, group: group, pixels: pixels) { patch, source, count in
      if count == 0 { return }
      if let source {
        (patches + patch).update(from: input + source, count: count)
      } else {
        (patches + patch).update(repeating: 0, count: count)
      }
    }
  }
}

/// Adds each number of a patch matrix to the input number that it was taken from.
///
/// The transpose of `patchMatrix`, which carries gradients of patches back to the input.
package func addPatches(
  _ patches: Span<Float>, _ geometry: ConvolutionGeometry, group: Int, pixels: Range<Int>,
  to input: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  requirePatches(input.count, geometry, group, pixels, patches.count)
  withPointers(patches, &input) { patches, input in
    guard let patches, let input else { return }
    forEachPatchRun(geometry, group: group, pixels: pixels) { patch, target, count in
      guard let target else { return }
      kernels.table.pointee.add_scaled(1, patches + patch, input + target, count)
    }
  }
}

private func requirePatches(
  _ inputCount: Int, _ geometry: ConvolutionGeometry, _ group: Int, _ pixels: Range<Int>,
  _ patchesCount: Int
) {
  requireCount(inputCount, geometry.batch * geometry.window.imageCount, "convolution input")
  precondition(
    group >= 0 && group < geometry.groups && pixels.lowerBound >= 0
      && pixels.upperBound <= geometry.outputPixels,
    """
    group \(group) of \(geometry.groups), pixels \(pixels.lowerBound)..<\(pixels.upperBound) \
    of \(geometry.outputPixels)
    """)
  precondition(
    patchesCount >= pixels.count * geometry.patchCount,
    "\(patchesCount) numbers for \(pixels.count) patches of \(geometry.patchCount)")
}

/// Calls `body` with each run of a patch matrix: its offset there, its offset in the input or nil for
/// padding, and its length.
@inline(__always)
private func forEachPatchRun(
  _ geometry: ConvolutionGeometry, group: Int, pixels: Range<Int>, _ body: (Int, Int?, Int) -> Void
) {
  let window = geometry.window
  let share = geometry.channelsPerGroup
  let outputSize = geometry.outputSize
  let isContiguous = geometry.groups == 1 && geometry.dilation.width == 1
  var patch = 0

  for pixel in pixels {
    let (rows, x) = pixel.quotientAndRemainder(dividingBy: outputSize.width)
    let (planes, y) = rows.quotientAndRemainder(dividingBy: outputSize.height)
    let (image, z) = planes.quotientAndRemainder(dividingBy: outputSize.depth)
    let depthTaps = window.depth.taps(at: z)
    let heightTaps = window.height.taps(at: y)
    let widthTaps = window.width.taps(at: x)

    for depthTap in 0..<geometry.kernel.depth {
      for heightTap in 0..<geometry.kernel.height {
        let end = patch + geometry.kernel.width * share
        guard
          depthTaps.contains(depthTap) && heightTaps.contains(heightTap) && !widthTaps.isEmpty
        else {
          body(patch, nil, end - patch)
          patch = end
          continue
        }
        let plane = window.depth.start(at: z) + depthTap * geometry.dilation.depth
        let row = window.height.start(at: y) + heightTap * geometry.dilation.height
        let column =
          window.width.start(at: x) + widthTaps.lowerBound * geometry.dilation.width
        let inputRow =
          (image * geometry.inputSize.depth + plane) * geometry.inputSize.height + row
        var source =
          (inputRow * geometry.inputSize.width + column) * geometry.inputChannels + group * share

        body(patch, nil, widthTaps.lowerBound * share)
        patch += widthTaps.lowerBound * share
        if isContiguous {
          body(patch, source, widthTaps.count * share)
          patch += widthTaps.count * share
        } else {
          for _ in widthTaps {
            body(patch, source, share)
            patch += share
            source += geometry.dilation.width * geometry.inputChannels
          }
        }
        body(patch, nil, end - patch)
        patch = end
      }
    }
  }
}
