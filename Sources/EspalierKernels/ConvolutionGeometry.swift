/// How the kernel of a convolution lies over its input, in one, two or three dimensions.
///
/// input is [batch, inputSize, inputChannels], output [batch, outputSize, outputChannels], weights
/// [kernel, inputChannels / groups, outputChannels]; sizes are depth, height, width, and missing
/// dimensions are 1. Output position p reads the input positions
/// `p * stride - paddingBefore + t * dilation` for t below the kernel, and zero outside the input;
/// the output size says how much padding follows. Group g maps the g-th share of the input channels
/// to the g-th share of the output channels.
package struct ConvolutionGeometry: Equatable, Sendable {
  /// Number of images.
  package var batch: Int
  /// Pixels of one input image.
  package var inputSize: Extent
  /// Channels of the input.
  package var inputChannels: Int
  /// Pixels of one output image.
  package var outputSize: Extent
  /// Channels of the output.
  package var outputChannels: Int
  /// Taps of the kernel.
  package var kernel: Extent
  /// Input pixels between neighbouring output pixels.
  package var stride: Extent
  /// Input pixels between neighbouring taps.
  package var dilation: Extent
  /// Padding in front of the first input pixel.
  package var paddingBefore: Extent
  /// Shares of the channels that do not mix.
  package var groups: Int

  /// Makes a geometry; both channel counts must be multiples of the groups.
  package init(
    batch: Int, inputSize: Extent, inputChannels: Int, outputSize: Extent, outputChannels: Int,
    kernel: Extent, stride: Extent = Extent(repeating: 1),
    dilation: Extent = Extent(repeating: 1), paddingBefore: Extent = Extent(repeating: 0),
    groups: Int = 1
  ) {
    precondition(
      groups > 0 && inputChannels % groups == 0 && outputChannels % groups == 0,
      "\(inputChannels) to \(outputChannels) channels in \(groups) groups")
    self.batch = batch
    self.inputSize = inputSize
    self.inputChannels = inputChannels
    self.outputSize = outputSize
    self.outputChannels = outputChannels
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.paddingBefore = paddingBefore
    self.groups = groups
  }

  /// Input channels that one output channel sees.
  package var channelsPerGroup: Int { inputChannels / groups }

  /// Output pixels of the whole batch, which are the rows of the patch matrix.
  package var outputPixels: Int { batch * outputSize.count }

  /// Numbers in one row of the patch matrix: taps times channels per group.
  package var patchCount: Int { kernel.count * channelsPerGroup }

  /// Whether every output pixel reads just the input pixel in its own place.
  var isPointwise: Bool {
    kernel.count == 1 && stride == Extent(repeating: 1) && paddingBefore == Extent(repeating: 0)
      && inputSize == outputSize
  }

  /// Whether every output channel reads just the input channel of the same number.
  var isDepthwise: Bool { groups == inputChannels && outputChannels == inputChannels }

  var window: SlidingWindow {
    SlidingWindow(
      input: inputSize, output: outputSize, kernel: kernel, stride: stride, dilation: dilation,
      padding: paddingBefore, channels: inputChannels)
  }
}
