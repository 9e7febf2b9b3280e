package import EspalierGraph
package import EspalierKernels

/// A node's computation with everything that follows from its shapes worked out.
package enum KernelCall: Sendable {
  /// `Operator.Dense` on rows.
  case dense(rows: Int, inputs: Int, outputs: Int)
  /// `Operator.Convolution`.
  case convolution(ConvolutionGeometry)
  /// `Operator.Pooling` with the maximum.
  case maximumPooling(PoolingGeometry)
  /// `Operator.Pooling` with the average.
  case averagePooling(PoolingGeometry, includesPadding: Bool)
  /// `Operator.Unary`.
  case unary(UnaryKernel)
  /// `Operator.Binary`.
  case binary(BinaryKernel, left: Shape, right: Shape, output: Shape)
  /// `Operator.Softmax` on rows.
  case softmax(rows: Int, columns: Int)
  /// `Operator.Transpose`, `.Slice` and `.Expand`.
  case strided(StridedCopy)
  /// `Operator.Concatenate` of rows of these numbers of columns.
  case concatenate(columns: [Int])

  /// Prepares an operator for shapes that its rule accepted; nil when the output is the input under another shape.
  init?(_ operator: Operator, inputs: [TensorType], output: TensorType) {
    let input = inputs[0].shape
    switch `operator` {
    case .dense:
      let outputs = output.shape.last
      self = .dense(
        rows: output.shape.elementCount / outputs, inputs: input.last, outputs: outputs)
    case .convolution(let rule):
      self = .convolution(ConvolutionGeometry(rule, input: input, output: output.shape))
    case .pooling(let rule):
      let geometry = PoolingGeometry(rule.window, input: input, output: output.shape)
      switch rule.function {
      case .maximum: self = .maximumPooling(geometry)
      case .average: self = .averagePooling(geometry, includesPadding: rule.countsPadding)
      }
    case .unary(let rule):
      self = .unary(rule.function.kernel)
    case .binary(let rule):
      self = .binary(
        rule.function.kernel, left: input, right: inputs[1].shape, output: output.shape)
    case .softmax:
      self = .softmax(rows: input.elementCount / input.last, columns: input.last)
    case .reshape:
      return nil
    case .transpose(let rule):
      self = .strided(
        StridedCopy(
          offset: 0, sizes: output.shape.sizes,
          strides: rule.permutation.map { input.strides[$0] }))
    case .slice(let rule):
      let (strides, ranges) = (input.strides, rule.ranges)
      self = .strided(
        StridedCopy(
          offset: ranges.indices.reduce(0) { $0 + ranges[$1].start * strides[$1] },
          sizes: output.shape.sizes,
          strides: ranges.indices.map { ranges[$0].step * strides[$0] }))
    case .expand:
      let added = Array(repeating: 0, count: output.shape.rank - input.rank)
      self = .strided(
        StridedCopy(
          offset: 0, sizes: output.shape.sizes,
          strides: added + zip(input.strides, input.sizes).map { $1 == 1 ? 0 : $0 }))
    case .concatenate(let rule):
      self = .concatenate(
        columns: inputs.map { $0.shape.sizes[rule.axis...].reduce(1, *) })
    }
  }

  /// The 4-byte elements of scratch memory that the computation needs.
  var scratchCount: Int {
    switch self {
    case .convolution(let geometry): EspalierKernels.scratchCount(for: geometry)
    case .dense, .maximumPooling, .averagePooling, .unary, .binary, .softmax, .strided,
      .concatenate:
      0
    }
  }
}

extension Shape {
  /// How far apart neighbours along each axis lie, row-major.
  fileprivate var strides: [Int] {
    var strides = sizes
    var stride = 1
    for axis in sizes.indices.reversed() {
      strides[axis] = stride
      stride *= sizes[axis]
    }
    return strides
  }
}

extension Extent {
  /// One to three sizes, innermost last; missing outer ones are `missing`.
  fileprivate init(_ sizes: [Int], missing: Int = 1) {
    let padded = Array(repeating: missing, count: 3 - sizes.count) + sizes
    self.init(depth: padded[0], height: padded[1], width: padded[2])
  }

  /// The sizes between the batch and the channels.
  fileprivate init(spatial shape: Shape) {
    self.init(Array(shape.sizes.dropFirst().dropLast()))
  }
}

extension Operator.Window {
  /// The padding before each spatial axis.
  fileprivate func paddingBefore(_ input: Shape) -> Extent {
    Extent((0..<rank).map { paddingAmounts($0, input: input[$0 + 1]).before }, missing: 0)
  }
}

extension ConvolutionGeometry {
  fileprivate init(_ rule: Operator.Convolution, input: Shape, output: Shape) {
    self.init(
      batch: input[0], inputSize: Extent(spatial: input), inputChannels: input.last,
      outputSize: Extent(spatial: output), outputChannels: output.last,
      kernel: Extent(rule.window.kernel), stride: Extent(rule.window.stride),
      dilation: Extent(rule.window.dilation), paddingBefore: rule.window.paddingBefore(input),
      groups: rule.groups)
  }
}

extension PoolingGeometry {
  fileprivate init(_ window: Operator.Window, input: Shape, output: Shape) {
    self.init(
      batch: input[0], channels: input.last, inputSize: Extent(spatial: input),
      outputSize: Extent(spatial: output), kernel: Extent(window.kernel),
      stride: Extent(window.stride), paddingBefore: window.paddingBefore(input))
  }
}

extension Operator.Unary.Function {
  fileprivate var kernel: UnaryKernel {
    switch self {
    case .relu: .relu
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    }
  }
}

extension Operator.Binary.Function {
  fileprivate var kernel: BinaryKernel {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    }
  }
}
