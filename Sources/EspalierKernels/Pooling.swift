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
  /// Padding behind the last input pixel that averages may count; none further behind counts.
  package var paddingAfter: Extent

  /// Makes a geometry; by default there is as much padding behind the input as windows reach.
  package init(
    batch: Int, channels: Int, inputSize: Extent, outputSize: Extent, kernel: Extent,
    stride: Extent, dilation: Extent = Extent(repeating: 1),
    paddingBefore: Extent = Extent(repeating: 0), paddingAfter: Extent = Extent(repeating: .max)
  ) {
    self.batch = batch
    self.channels = channels
    self.inputSize = inputSize
    self.outputSize = outputSize
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.paddingBefore = paddingBefore
    self.paddingAfter = paddingAfter
  }

  var window: SlidingWindow {
    SlidingWindow(
      input: inputSize, output: outputSize, kernel: kernel, stride: stride, dilation: dilation,
      padding: paddingBefore, paddingAfter: paddingAfter, channels: channels)
  }
}

/// Computes the largest number under each window; -infinity where it covers only padding.
package func maximumPooling(
  _ input: Span<Float>, _ geometry: PoolingGeometry, output: inout MutableSpan<Float>,
  using kernels: Kernels = .best
) {
  poolWindows(input, geometry, &output) { input, output, place in
    var window = place.window
    kernels.table.pointee.maximum_pool(input, &window, output, geometry.channels)
  }
}

/// Computes the average of the numbers under each window.
///
/// - Parameter includePadding: Whether to divide by the taps inside the input or its padding, which
///   counts as zeros, or only by the taps inside the input. A window that covers only padding averages to 0.
package func averagePooling(
  _ input: Span<Float>, _ geometry: PoolingGeometry, includePadding: Bool,
  output: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  poolWindows(input, geometry, &output) { input, output, place in
    var window = place.window
    let divisor = Float(max(1, includePadding ? place.counted : place.count))
    kernels.table.pointee.average_pool(input, &window, divisor, output, geometry.channels)
  }
}

/// Computes `(sum of |x|^power)^(1 / power)` of the numbers x under each window; 0 where it covers only
/// padding.
///
/// - Parameter power: At least 1. The root is exact for 1, rounded once for 2, and
///   `e^(log(sum) / power)` beyond.
package func powerPooling(
  _ input: Span<Float>, _ geometry: PoolingGeometry, power: Int,
  output: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  precondition(power > 0, "power \(power)")
  let (table, channels) = (kernels.table, geometry.channels)
  poolWindows(input, geometry, &output) { input, output, place in
    output.update(repeating: 0, count: channels)
    place.window.forEachTap { offset in
      if power == 2 {
        table.pointee.add_squares(input + offset, output, channels)
      } else {
        for channel in 0..<channels {
          output[channel] += integerPower(input[offset + channel].magnitude, power)
        }
      }
    }
    if power == 2 {
      table.pointee.square_root(output, output, channels)
    } else if power > 2 {
      table.pointee.logarithm(output, output, channels)
      table.pointee.divide.vector_scalar(output, Float(power), output, channels)
      table.pointee.exponential(output, output, channels)
    }
  }
}

/// `base^exponent` by repeated squaring, for positive exponents.
package func integerPower(_ base: Float, _ exponent: Int) -> Float {
  var (result, square, rest): (Float, Float, Int) = (1, base, exponent)
  while rest > 1 {
    if rest % 2 == 1 { result *= square }
    square *= square
    rest /= 2
  }
  return result * square
}

/// Computes the largest number under each window; the least number where it covers only padding.
@_specialize(where Element == Int8)
@_specialize(where Element == UInt8)
package func maximumPoolingOfIntegers<Element: FixedWidthInteger & BitwiseCopyable>(
  _ input: Span<Element>, _ geometry: PoolingGeometry, output: inout MutableSpan<Element>
) {
  poolWindows(input, geometry, &output) { input, output, place in
    output.update(repeating: .min, count: geometry.channels)
    place.window.forEachTap { offset in
      for channel in 0..<geometry.channels {
        output[channel] = max(output[channel], input[offset + channel])
      }
    }
  }
}

/// Finds the pixel of the first largest number under each window, counted in its image.
///
/// It is 0 where the window covers only padding. NaN counts as larger than all numbers.
@_specialize(where Element == Float)
@_specialize(where Element == Int8)
@_specialize(where Element == UInt8)
package func maximumPoolingIndices<Element: Comparable & BitwiseCopyable>(
  _ input: Span<Element>, _ geometry: PoolingGeometry, output: inout MutableSpan<Int64>
) {
  let (channels, images) = (geometry.channels, geometry.outputSize.count)
  let inputPixels = geometry.inputSize.count
  poolWindows(input, geometry, &output) { input, output, place in
    // The window's first tap is pixel `first` of the image that begins at `image`.
    let image = place.pixel / images * inputPixels
    let first = place.inputOffset / channels - image
    let plane = input - first * channels
    output.update(repeating: Int64(place.count == 0 ? 0 : first), count: channels)
    place.window.forEachTap { offset in
      let pixel = first + offset / channels
      for channel in 0..<channels {
        let best = plane[Int(output[channel]) * channels + channel]
        let value = plane[pixel * channels + channel]
        if best == best && !(value <= best) { output[channel] = Int64(pixel) }
      }
    }
  }
}

extension espalier_window {
  /// Calls `body` with how far each tap is from the first.
  @inline(__always)
  fileprivate func forEachTap(_ body: (Int) -> Void) {
    for z in 0..<taps.0 {
      for y in 0..<taps.1 {
        for x in 0..<taps.2 {
          body(z * input_stride.0 + y * input_stride.1 + x * input_stride.2)
        }
      }
    }
  }
}

/// Calls `body` for each window with the addresses of its first tap and of its output pixel.
@inline(__always)
func poolWindows<Input: BitwiseCopyable, Output: BitwiseCopyable>(
  _ input: Span<Input>, _ geometry: PoolingGeometry, _ output: inout MutableSpan<Output>,
  _ body: (UnsafePointer<Input>, UnsafeMutablePointer<Output>, SlidingWindow.Place) -> Void
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
