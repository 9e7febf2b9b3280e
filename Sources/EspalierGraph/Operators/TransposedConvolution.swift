extension Operator {
  /// The transpose of a channels-last convolution over one to three spatial axes, in groups of channels.
  ///
  /// Every element of the input adds its multiple of the kernel to the output:
  /// `output[n, p · stride + t · dilation − before, o] += input[n, p, c] · weights[c, t, o]`, for the channels `c` of
  /// the group of the filter `o`; the output starts as the bias.
  /// Inputs: `[batch, spatial..., channels]`, weights `[channels, kernel..., filters / groups]`, optionally a bias
  /// `[filters]`. Output: `[batch, spatial'..., filters]` with
  /// `spatial' = (spatial − 1) · stride + (kernel − 1) · dilation + 1 + outputPadding − before − after`.
  public struct TransposedConvolution: OperatorRule {
    package static let kind = OperatorKind.transposedConvolution
    package static let inputCounts = 2...3

    /// How the convolution slides that this is the transpose of; its padding is explicit.
    public let window: Window
    /// Elements that are added after each spatial axis of the output.
    public let outputPadding: [Int]
    /// The number of groups; `channels` and `filters` are multiples of it.
    public let groups: Int

    /// Makes a transposed convolution; the output is not padded by default.
    public init(window: Window, outputPadding: [Int]? = nil, groups: Int = 1) {
      self.window = window
      self.outputPadding = outputPadding ?? window.kernel.map { _ in 0 }
      self.groups = groups
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      window = try Window(reading: &attributes)
      if case .same = window.padding { throw .invalidAttribute(.same) }
      groups = try attributes.integer(.groups, default: 1, in: 1...Window.maximumSize)
      outputPadding =
        try attributes.integers(
          .outputPadding, count: window.rank...window.rank, in: 0...Window.maximumSize)
        ?? window.kernel.map { _ in 0 }
    }

    package var attributes: [Attribute] {
      window.attributes + (groups == 1 ? [] : [Attribute(.groups, .integer(groups))])
        + (outputPadding.allSatisfy { $0 == 0 }
          ? [] : [Attribute(.outputPadding, .integers(outputPadding))])
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let rank = window.rank + 2
      try expectRank(rank, of: inputs, at: 0)
      try expectRank(rank, of: inputs, at: 1)
      let channels = inputs[0].shape.last
      let (filters, overflow) = inputs[1].shape.last.multipliedReportingOverflow(by: groups)
      guard !overflow else { throw .tooLarge }
      guard channels % groups == 0 else { throw .invalidAttribute(.groups) }
      try expectSize(channels, of: inputs, at: 1, axis: 0)
      for axis in 0..<window.rank {
        try expectSize(window.kernel[axis], of: inputs, at: 1, axis: axis + 1)
      }
      if inputs.count == 3 {
        try expectRank(1, of: inputs, at: 2)
        try expectSize(filters, of: inputs, at: 2, axis: 0)
      }
      let spatial = try outputSizes(of: inputs[0].shape)
      return TensorType(.float32, Shape([inputs[0].shape[0]] + spatial + [filters]))
    }

    private func outputSizes(of input: Shape) throws(OperatorError) -> [Int] {
      var sizes: [Int] = []
      for axis in 0..<window.rank {
        let size = input[axis + 1]
        guard size <= Window.maximumInput else { throw .tooLarge }
        let amounts = window.paddingAmounts(axis, input: size)
        let reach = (size - 1) * window.stride[axis] + window.extent(axis) + outputPadding[axis]
        let output = reach - amounts.before - amounts.after
        guard size > 0, output > 0 else { throw .invalidAttribute(.padding) }
        guard output <= Window.maximumInput else { throw .tooLarge }
        sizes.append(output)
      }
      return sizes
    }

    package func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int {
      saturatingProduct(inputs[0].shape.sizes + inputs[1].shape.sizes.dropFirst())
    }
  }
}
