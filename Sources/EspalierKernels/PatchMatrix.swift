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
  let width = geometry.outputSize.width
  var patch = 0
  var pixel = pixels.lowerBound
  while pixel < pixels.upperBound {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
    let line = PatchLine(geometry, window, group: group, outputRow: row)
    let endColumn = min(width, column + pixels.upperBound - pixel)
    for column in column..<endColumn {
      line.forEachRun(at: column, patch: &patch, body)
    }
    pixel += endColumn - column
  }
}

/// What the patches of one row of output pixels have in common.
private struct PatchLine {
  private let window: SlidingWindow
  private let depthTaps: Range<Int>
  private let heightTaps: Range<Int>
  /// Channels per group.
  private let share: Int
  /// Whether neighbouring taps of a row lie side by side in the input.
  private let isContiguous: Bool
  /// Where tap 0 of depth and height reads column 0, which may be padding.
  private let inputOffset: Int
  private let planeStep: Int
  private let rowStep: Int

  /// `outputRow` counts the rows of all planes of all images.
  init(_ geometry: ConvolutionGeometry, _ window: SlidingWindow, group: Int, outputRow: Int) {
    let (planes, y) = outputRow.quotientAndRemainder(dividingBy: window.height.output)
    let (image, z) = planes.quotientAndRemainder(dividingBy: window.depth.output)
    let rowCount = window.width.input * window.channels
    let planeCount = window.height.input * rowCount
    self.window = window
    depthTaps = window.depth.taps(at: z)
    heightTaps = window.height.taps(at: y)
    share = geometry.channelsPerGroup
    isContiguous = geometry.groups == 1 && window.width.dilation == 1
    inputOffset =
      image * window.imageCount + window.depth.start(at: z) * planeCount
      + window.height.start(at: y) * rowCount + group * share
    planeStep = window.depth.dilation * planeCount
    rowStep = window.height.dilation * rowCount
  }

  /// Visits one patch, which starts at `patch`, and moves that to the next.
  @inline(__always)
  func forEachRun(at column: Int, patch: inout Int, _ body: (Int, Int?, Int) -> Void) {
    let taps = window.width.taps(at: column)
    let start = window.width.start(at: column) + taps.lowerBound * window.width.dilation
    let run = window.width.kernel * share
    for depthTap in 0..<window.depth.kernel {
      for heightTap in 0..<window.height.kernel {
        let end = patch + run
        if depthTaps.contains(depthTap) && heightTaps.contains(heightTap) && !taps.isEmpty {
          let row = inputOffset + depthTap * planeStep + heightTap * rowStep
          body(patch, nil, taps.lowerBound * share)
          patch += taps.lowerBound * share
          visitTaps(taps.count, from: row + start * window.channels, patch: &patch, body)
        }
        body(patch, nil, end - patch)
        patch = end
      }
    }
  }

  /// Visits the taps of one row that lie inside the input.
  @inline(__always)
  private func visitTaps(
    _ count: Int, from input: Int, patch: inout Int, _ body: (Int, Int?, Int) -> Void
  ) {
    if isContiguous {
      body(patch, input, count * share)
      patch += count * share
      return
    }
    for tap in 0..<count {
      body(patch, input + tap * window.width.dilation * window.channels, share)
      patch += share
    }
  }
}
