internal import CEspalierKernels

/// Where a window reads along one axis: tap t of output position p reads the input at
/// `p * stride - padding + t * dilation`.
struct WindowAxis {
  let input: Int
  let output: Int
  let kernel: Int
  let stride: Int
  let dilation: Int
  let padding: Int
  /// Padding behind the input that counts; what lies further behind does not.
  let paddingAfter: Int

  init(
    input: Int, output: Int, kernel: Int, stride: Int, dilation: Int, padding: Int,
    paddingAfter: Int
  ) {
    precondition(
      input >= 0 && output >= 0 && kernel > 0 && stride > 0 && dilation > 0 && padding >= 0
        && paddingAfter >= 0,
      """
      window axis with input \(input), output \(output), kernel \(kernel), stride \(stride), \
      dilation \(dilation), padding \(padding) and \(paddingAfter)
      """)
    self.input = input
    self.output = output
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.paddingAfter = paddingAfter
  }

  /// Input position of the first tap, which is outside the input if it falls on padding.
  func start(at position: Int) -> Int { position * stride - padding }

  /// The taps that fall inside the input.
  func taps(at position: Int) -> Range<Int> {
    let start = start(at: position)
    var first = max(0, -start)
    var end = max(0, input - start)
    if dilation > 1 {
      first = (first + dilation - 1) / dilation
      end = (end + dilation - 1) / dilation
    }
    return first..<max(first, min(kernel, end))
  }

  /// How many taps fall inside the input or its padding.
  func countedTaps(at position: Int) -> Int {
    if paddingAfter == .max { return kernel }
    let room = input + paddingAfter - start(at: position)
    return max(0, min(kernel, (room + dilation - 1) / dilation))
  }
}

/// A window that slides over channels-last images, [batch][depth][height][width][channels].
struct SlidingWindow {
  let depth: WindowAxis
  let height: WindowAxis
  let width: WindowAxis
  let channels: Int

  init(
    input: Extent, output: Extent, kernel: Extent, stride: Extent, dilation: Extent,
    padding: Extent, paddingAfter: Extent = Extent(repeating: .max), channels: Int
  ) {
    depth = WindowAxis(
      input: input.depth, output: output.depth, kernel: kernel.depth, stride: stride.depth,
      dilation: dilation.depth, padding: padding.depth, paddingAfter: paddingAfter.depth)
    height = WindowAxis(
      input: input.height, output: output.height, kernel: kernel.height, stride: stride.height,
      dilation: dilation.height, padding: padding.height, paddingAfter: paddingAfter.height)
    width = WindowAxis(
      input: input.width, output: output.width, kernel: kernel.width, stride: stride.width,
      dilation: dilation.width, padding: padding.width, paddingAfter: paddingAfter.width)
    self.channels = channels
  }

  /// Output positions of one image.
  var outputPixels: Int { depth.output * height.output * width.output }

  /// Numbers in one input image.
  var imageCount: Int { depth.input * height.input * width.input * channels }

  /// What the window covers at one output pixel.
  struct Place {
    /// Number of the output pixel, counted through the batch.
    var pixel: Int
    /// Taps inside the input, per axis.
    var depth: Range<Int>
    var height: Range<Int>
    var width: Range<Int>
    /// The same for the kernels.
    var window: espalier_window
    /// Number of taps inside the input.
    var count: Int { depth.count * height.count * width.count }
    /// Number of taps inside the input or its padding.
    var counted: Int
    /// Where the first tap inside the input reads; 0 if there is none.
    var inputOffset: Int
  }

  /// Calls `body` for every output pixel of every image, in ascending order.
  @inline(__always)
  func forEachPlace(batch: Int, _ body: (Place) -> Void) {
    let rowStride = width.input * channels
    let planeStride = height.input * rowStride
    let stride = (
      depth.dilation * planeStride, height.dilation * rowStride, width.dilation * channels
    )
    var pixel = 0
    for image in 0..<batch {
      for z in 0..<depth.output {
        let depthTaps = depth.taps(at: z)
        let countedPlanes = depth.countedTaps(at: z)
        let plane = depth.start(at: z) + depthTaps.lowerBound * depth.dilation
        for y in 0..<height.output {
          let heightTaps = height.taps(at: y)
          let countedRows = countedPlanes * height.countedTaps(at: y)
          let row = height.start(at: y) + heightTaps.lowerBound * height.dilation
          for x in 0..<width.output {
            let widthTaps = width.taps(at: x)
            let column = width.start(at: x) + widthTaps.lowerBound * width.dilation
            let taps = (depthTaps.count, heightTaps.count, widthTaps.count)
            let isEmpty = taps.0 == 0 || taps.1 == 0 || taps.2 == 0
            body(
              Place(
                pixel: pixel, depth: depthTaps, height: heightTaps, width: widthTaps,
                window: espalier_window(taps: taps, input_stride: stride),
                counted: countedRows * width.countedTaps(at: x),
                inputOffset: isEmpty
                  ? 0
                  : image * imageCount + plane * planeStride + row * rowStride + column * channels))
            pixel += 1
          }
        }
      }
    }
  }
}
