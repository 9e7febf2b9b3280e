extension Operator {
  /// How a convolution or pooling slides over one to three spatial axes.
  public struct Window: Sendable, Equatable {
    /// What surrounds the input: implicit zeros for a convolution, absent elements for a pooling.
    public enum Padding: Sendable, Equatable {
      /// A number of elements before and after each spatial axis.
      case explicit(before: [Int], after: [Int])
      /// As many that the output has ceil(input / stride) elements, the odd one after.
      case same
    }

    /// The largest kernel, stride, dilation or padding that is accepted; products of two fit 32 bits.
    public static let maximumSize = 1 << 15
    /// The largest spatial size that is accepted.
    static let maximumInput = 1 << 30

    /// Taps along each spatial axis.
    public let kernel: [Int]
    /// Steps along each spatial axis.
    public let stride: [Int]
    /// Distances between taps along each spatial axis.
    public let dilation: [Int]
    /// What surrounds the input.
    public let padding: Padding

    /// Makes a window; stride and dilation default to 1, padding to none.
    public init(
      kernel: [Int], stride: [Int]? = nil, dilation: [Int]? = nil, padding: Padding? = nil
    ) {
      let ones = kernel.map { _ in 1 }
      let zeros = kernel.map { _ in 0 }
      self.kernel = kernel
      self.stride = stride ?? ones
      self.dilation = dilation ?? ones
      self.padding = padding ?? .explicit(before: zeros, after: zeros)
    }

    init(reading attributes: inout AttributeReader) throws(OperatorError) {
      let sizes = 1...Self.maximumSize
      guard let kernel = try attributes.integers(.kernel, count: 1...3, in: sizes) else {
        throw .missingAttribute(.kernel)
      }
      let rank = kernel.count
      let stride = try attributes.integers(.stride, count: rank...rank, in: sizes)
      let dilation = try attributes.integers(.dilation, count: rank...rank, in: sizes)
      let amounts = try attributes.integers(
        .padding, count: (2 * rank)...(2 * rank), in: 0...Self.maximumSize)
      let same = try attributes.flag(.same)
      if same && amounts != nil { throw .invalidAttribute(.same) }
      self.init(
        kernel: kernel, stride: stride, dilation: dilation,
        padding: same
          ? .same
          : amounts.map { .explicit(before: Array($0[..<rank]), after: Array($0[rank...])) })
    }

    /// The attributes in ascending order of their keys, defaults left out.
    var attributes: [Attribute] {
      var list = [Attribute(.kernel, .integers(kernel))]
      if stride.contains(where: { $0 != 1 }) { list.append(Attribute(.stride, .integers(stride))) }
      if dilation.contains(where: { $0 != 1 }) {
        list.append(Attribute(.dilation, .integers(dilation)))
      }
      switch padding {
      case .explicit(let before, let after):
        if (before + after).contains(where: { $0 != 0 }) {
          list.append(Attribute(.padding, .integers(before + after)))
        }
      case .same:
        list.append(Attribute(.same, .integer(1)))
      }
      return list
    }

    /// The number of spatial axes.
    public var rank: Int { kernel.count }

    /// The elements that the dilated kernel covers along an axis.
    public func extent(_ axis: Int) -> Int { (kernel[axis] - 1) * dilation[axis] + 1 }

    /// The padding before and after the input along an axis.
    public func paddingAmounts(_ axis: Int, input: Int) -> (before: Int, after: Int) {
      switch padding {
      case .explicit(let before, let after):
        return (before[axis], after[axis])
      case .same:
        let output = (input + stride[axis] - 1) / stride[axis]
        let total = max(0, (output - 1) * stride[axis] + extent(axis) - input)
        return (total / 2, total - total / 2)
      }
    }

    /// The spatial sizes of the output for an input `[batch, spatial..., channels]`.
    ///
    /// - Parameter roundsUp: whether a last window that is cut off is added where the others leave elements over, and the
    ///   last window left out if it begins in the padding that follows.
    func outputSizes(of input: Shape, roundsUp: Bool = false) throws(OperatorError) -> [Int] {
      var sizes: [Int] = []
      for axis in 0..<rank {
        let size = input[axis + 1]
        guard size <= Self.maximumInput else { throw .tooLarge }
        let amounts = paddingAmounts(axis, input: size)
        let room = size + amounts.before + amounts.after - extent(axis)
        var last = room < 0 ? -1 : room / stride[axis]
        if roundsUp {
          if (last + 1) * stride[axis] < room + stride[axis] { last += 1 }
          if last * stride[axis] >= size + amounts.before { last -= 1 }
        }
        guard last >= 0, size > 0 else {
          throw .windowTooLarge(axis: axis, window: extent(axis), input: size)
        }
        sizes.append(last + 1)
      }
      return sizes
    }
  }
}
