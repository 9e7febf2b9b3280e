internal import CEspalierKernels

/// How the window of a pooling operator lies over its input.
///
/// input is [batch, inputSize, channels], output [batch, outputSize, channels]. Output position p
/// covers the input positions `p * stride - paddingBefore + t * dilation` for t below the kernel;
/// the output size says how much padding follows. Global pooling is a kernel as large as the input.
package struct PoolingGeometry: Equatable, Sendable {
  /// Number of images.
  package var batch: Int
  /// Channels of input and output.
  package var channels: Int
  /// Pixels of one input image.
  package var inputSize: Extent
  /// Pixels of one output image.
  package var outputSize: Extent
  /// Taps of the window.
  package var kernel: Extent
  /// Input pixels between neighbouring windows.
  package var stride: Extent
  /// Input pixels between neighbouring taps.
  package var dilation: Extent
  /// Padding in front of the first input pixel.
  package var paddingBefore: Extent

  /// Makes a geometry.
  package init(
    batch: Int, channels: Int, inputSize: Extent, outputSize: Extent, kernel: Extent,
    stride: Extent, dilation: Extent = Extent(repeating: 1),
    paddingBefore: Extent = Extent(repeating: 0)
  ) {
    self.batch = batch
    self.channels = channels
    self.inputSize = inputSize
    self.outputSize = outputSize
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.paddingBefore = paddingBefore
  }

  var window: SlidingWindow {
    SlidingWindow(
      input: inputSize, output: outputSize, kernel: kernel, stride: stride, dilation: dilation,
      padding: paddingBefore, channels: channels)
  }
}

/// Computes the largest number under each window; -infinity where it covers only padding.
package func maximumPooling(
  _ input: Span<Float>, _ geometry: PoolingGeometry, output: inout MutableSpan<Float>,
  using kernels: Kernels = .best
) {
  pool(input, geometry, &output) { input, output, place in
    var window = place.window
    kernels.table.pointee.maximum_pool(input, &window, output, geometry.channels)
  }
}

/// Computes the average of the numbers under each window.
///
/// - Parameter includePadding: Whether to divide by all taps of the window, padding counting as
///   zeros, or only by the taps inside the input. A window that covers only padding averages to 0.
package func averagePooling(
  _ input: Span<Float>, _ geometry: PoolingGeometry, includePadding: Bool,
  output: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  let taps = geometry.kernel.count
  pool(input, geometry, &output) { input, output, place in
    var window = place.window
    let divisor = Float(includePadding ? taps : max(1, place.count))
    kernels.table.pointee.average_pool(input, &window, divisor, output, geometry.channels)
  }
}

/// Calls `body` for each window with the addresses of its first tap and of its output pixel.
@inline(__always)
private func pool(
  _ input: Span<Float>, _ geometry: PoolingGeometry, _ output: inout MutableSpan<Float>,
  _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, SlidingWindow.Place) -> Void
) {
  let window = geometry.window
  requireCount(input.count, geometry.batch * window.imageCount, "pooling input")
  requireCount(
    output.count, geometry.batch * window.outputPixels * geometry.channels, "pooling output")
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    window.forEachPlace(batch: geometry.batch) { place in
      body(input + place.inputOffset, output + place.pixel * geometry.channels, place)
    }
  }
}
