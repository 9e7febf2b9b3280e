/// A window sliding over the spatial axes of a channels-last tensor, one number per axis.
package struct WindowReference: Sendable {
  /// Taps of the window.
  package var kernel: [Int]
  /// Input positions between neighbouring windows.
  package var stride: [Int]
  /// Input positions between neighbouring taps.
  package var dilation: [Int]
  /// Padding in front of the input.
  package var paddingBefore: [Int]
  /// Padding behind the input.
  package var paddingAfter: [Int]

  /// Makes a window; what is left out is 1 for strides and dilations and 0 for padding.
  package init(
    kernel: [Int], stride: [Int]? = nil, dilation: [Int]? = nil, paddingBefore: [Int]? = nil,
    paddingAfter: [Int]? = nil
  ) {
    let ones = kernel.map { _ in 1 }
    let zeros = kernel.map { _ in 0 }
    self.kernel = kernel
    self.stride = stride ?? ones
    self.dilation = dilation ?? ones
    self.paddingBefore = paddingBefore ?? zeros
    self.paddingAfter = paddingAfter ?? zeros
  }

  /// Output extents for spatial input extents: as many windows as fit into the padded input.
  package func outputSize(_ input: [Int]) -> [Int] {
    input.indices.map { axis in
      let padded = paddingBefore[axis] + input[axis] + paddingAfter[axis]
      let covered = dilation[axis] * (kernel[axis] - 1) + 1
      return padded < covered ? 0 : (padded - covered) / stride[axis] + 1
    }
  }

  /// The input position that a tap reads for an output position, or nil on padding.
  package func position(_ output: [Int], tap: [Int], input: [Int]) -> [Int]? {
    let position = input.indices.map { axis in
      output[axis] * stride[axis] - paddingBefore[axis] + tap[axis] * dilation[axis]
    }
    let isInside = input.indices.allSatisfy { position[$0] >= 0 && position[$0] < input[$0] }
    return isInside ? position : nil
  }
}
