extension Operator {
  /// A channels-last convolution over one to three spatial axes, in groups of channels.
  ///
  /// `output[n, p, o] = bias[o] + Σ input[n, p · stride + t · dilation − before, c] · weights[t, c, o]`, summed over the
  /// taps `t` and the channels `c` of the group of `o`; elements outside the input are zero.
  /// Inputs: `[batch, spatial..., channels]`, weights `[kernel..., channels / groups, filters]`, optionally a bias
  /// `[filters]`. Output: `[batch, spatial'..., filters]`.
  public struct Convolution: OperatorRule {
    package static let kind = OperatorKind.convolution
    package static let inputCounts = 2...3

    /// How the kernel slides.
    public let window: Window
    /// The number of groups; `channels` and `filters` are multiples of it.
    public let groups: Int

    /// Makes a convolution.
    public init(window: Window, groups: Int = 1) {
      self.window = window
      self.groups = groups
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      window = try Window(reading: &attributes)
      groups = try attributes.integer(.groups, default: 1, in: 1...Window.maximumSize)
    }

    package var attributes: [Attribute] {
      window.attributes + (groups == 1 ? [] : [Attribute(.groups, .integer(groups))])
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let rank = window.rank + 2
      try expectRank(rank, of: inputs, at: 0)
      try expectRank(rank, of: inputs, at: 1)
      for axis in 0..<window.rank {
        try expectSize(window.kernel[axis], of: inputs, at: 1, axis: axis)
      }
      let channels = inputs[0].shape.last
      let filters = inputs[1].shape.last
      guard channels % groups == 0, filters % groups == 0 else { throw .invalidAttribute(.groups) }
      try expectSize(channels / groups, of: inputs, at: 1, axis: rank - 2)
      if inputs.count == 3 {
        try expectRank(1, of: inputs, at: 2)
        try expectSize(filters, of: inputs, at: 2, axis: 0)
      }
      let spatial = try window.outputSizes(of: inputs[0].shape)
      return TensorType(.float32, Shape([inputs[0].shape[0]] + spatial + [filters]))
    }

    package func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int {
      saturatingProduct(output.shape.sizes + inputs[1].shape.sizes.dropLast())
    }
  }
}
