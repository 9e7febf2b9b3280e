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
  /// Whether a last window may be cut off by the end of the padded input.
  package var roundsUp: Bool

  /// Makes a window; what is left out is 1 for strides and dilations and 0 for padding.
  package init(
    kernel: [Int], stride: [Int]? = nil, dilation: [Int]? = nil, paddingBefore: [Int]? = nil,
    paddingAfter: [Int]? = nil, roundsUp: Bool = false
  ) {
    let ones = kernel.map { _ in 1 }
    let zeros = kernel.map { _ in 0 }
    self.kernel = kernel
    self.stride = stride ?? ones
    self.dilation = dilation ?? ones
    self.paddingBefore = paddingBefore ?? zeros
    self.paddingAfter = paddingAfter ?? zeros
    self.roundsUp = roundsUp
  }

  /// Output extents for spatial input extents: as many windows as fit into the padded input; rounded up, as many as leave
  /// nothing over, without the last one if that begins in the padding behind.
  package func outputSize(_ input: [Int]) -> [Int] {
    input.indices.map { axis in
      let padded = paddingBefore[axis] + input[axis] + paddingAfter[axis]
      let covered = dilation[axis] * (kernel[axis] - 1) + 1
      guard roundsUp else {
        return padded < covered ? 0 : (padded - covered) / stride[axis] + 1
      }
      let steps = (Double(padded - covered) / Double(stride[axis])).rounded(.up)
      let last = Int(steps) * stride[axis]
      return Int(steps) + (last >= paddingBefore[axis] + input[axis] ? 0 : 1)
    }
  }

  /// The input position that a tap reads for an output position, or nil on padding.
  package func position(_ output: [Int], tap: [Int], input: [Int]) -> [Int]? {
    let position = paddedPosition(output, tap: tap)
    let isInside = input.indices.allSatisfy { position[$0] >= 0 && position[$0] < input[$0] }
    return isInside ? position : nil
  }

  /// Whether a tap reads the input or its padding.
  package func isInsidePadding(_ output: [Int], tap: [Int], input: [Int]) -> Bool {
    let position = paddedPosition(output, tap: tap)
    return input.indices.allSatisfy { position[$0] < input[$0] + paddingAfter[$0] }
  }

  private func paddedPosition(_ output: [Int], tap: [Int]) -> [Int] {
    output.indices.map { axis in
      output[axis] * stride[axis] - paddingBefore[axis] + tap[axis] * dilation[axis]
    }
  }
}
