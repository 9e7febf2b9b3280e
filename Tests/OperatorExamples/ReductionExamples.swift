import EspalierGraph

/// Many elements become one.
let reductionExamples: [OperatorExample] = [
  OperatorExample("sum of rows", .reduction(.init(.sum, axes: [1])), [[3, 37]]),
  OperatorExample(
    "sum over space", .reduction(.init(.sum, axes: [1, 2])), [[2, 5, 7, 17]]),
  OperatorExample("mean over space", .reduction(.init(.mean, axes: [1, 2])), [[2, 3, 4, 3]]),
  OperatorExample(
    "mean over axes apart", .reduction(.init(.mean, axes: [1, 3])), [[2, 18, 3, 5]]),
  OperatorExample(
    "sum over the batch", .reduction(.init(.sum, axes: [0, 2])), [[3, 4, 5]],
    hasBatchedParameters: true),
  OperatorExample("sum over nothing", .reduction(.init(.sum, axes: [])), [[2, 3]]),
  OperatorExample("sum over size 1", .reduction(.init(.sum, axes: [1])), [[2, 1, 3]]),
  OperatorExample("maximum", .reduction(.init(.maximum, axes: [1])), [[2, 19, 4]]),
  OperatorExample("maximum of rows", .reduction(.init(.maximum, axes: [2])), [[2, 3, 18]]),
  OperatorExample("minimum", .reduction(.init(.minimum, axes: [1])), [[2, 33, 5]]),
  OperatorExample("minimum of rows", .reduction(.init(.minimum, axes: [1])), [[3, 35]]),
  OperatorExample(
    "product", .reduction(.init(.product, axes: [1])), [[2, 17, 3]], domain: 0.5...1.5),
  OperatorExample("product of rows", .reduction(.init(.product, axes: [1])), [[2, 6]]),
  OperatorExample(
    "sum of int32", .reduction(.init(.sum, axes: [1, 3])),
    [.init([2, 3, 4, 5], .int32, in: -1000...1000)]),
  OperatorExample(
    "product of int64", .reduction(.init(.product, axes: [1])),
    [.init([2, 5, 3], .int64, in: -4...4)]),
  OperatorExample(
    "maximum of int64", .reduction(.init(.maximum, axes: [2])),
    [.init([2, 3, 7], .int64, in: -90...90)]),
  OperatorExample(
    "minimum of int32", .reduction(.init(.minimum, axes: [1])),
    [.init([2, 3, 7], .int32, in: -90...90)]),
  OperatorExample(
    "any", .reduction(.init(.maximum, axes: [1])), [.init([4, 3, 5], .bool, in: -2...1)]),
  OperatorExample(
    "all", .reduction(.init(.minimum, axes: [2])), [.init([4, 5, 2], .bool, in: -1...2)]),
  OperatorExample(
    "cumulative sum", .cumulativeSum(.init(.sum, axis: 1)), [[2, 9, 5]]),
  OperatorExample(
    "cumulative sum, exclusive", .cumulativeSum(.init(.sum, axis: 1, exclusive: true)), [[2, 9]]),
  OperatorExample(
    "cumulative sum, reverse", .cumulativeSum(.init(.sum, axis: 2, reverse: true)), [[2, 3, 17]]),
  OperatorExample(
    "cumulative sum over the batch",
    .cumulativeSum(.init(.sum, axis: 0, exclusive: true, reverse: true)), [[4, 3]],
    hasBatchedParameters: true),
  OperatorExample(
    "cumulative product", .cumulativeSum(.init(.product, axis: 1)), [[2, 6, 3]]),
  OperatorExample(
    "cumulative product, exclusive, reverse",
    .cumulativeSum(.init(.product, axis: 1, exclusive: true, reverse: true)), [[2, 6]]),
  OperatorExample(
    "cumulative sum of int32", .cumulativeSum(.init(.sum, axis: 1)),
    [.init([2, 9, 5], .int32, in: -9...9)]),
  OperatorExample(
    "cumulative product of int64", .cumulativeSum(.init(.product, axis: 1, exclusive: true)),
    [.init([2, 5], .int64, in: -4...4)]),
]

/// Elements brought to one scale.
let normalizationExamples: [OperatorExample] = [
  OperatorExample(
    "layer normalization", .normalization(.init(.standard, axes: [2], epsilon: 1e-5)),
    [[2, 3, 37]]),
  OperatorExample(
    "layer normalization over two axes",
    .normalization(.init(.standard, axes: [1, 2], epsilon: 1e-3)), [[3, 4, 5]]),
  OperatorExample(
    "instance normalization", .normalization(.init(.standard, axes: [1, 2], epsilon: 1e-5)),
    [[2, 5, 4, 17]]),
  OperatorExample(
    "group normalization", .normalization(.init(.standard, axes: [1, 3], epsilon: 1e-5)),
    [[2, 18, 3, 4]]),
  OperatorExample(
    "normalization over the batch", .normalization(.init(.standard, axes: [0], epsilon: 1e-5)),
    [[5, 3]], hasBatchedParameters: true),
  OperatorExample(
    "rms normalization", .normalization(.init(.rootMeanSquare, axes: [1], epsilon: 1e-5)),
    [[3, 33]]),
  OperatorExample(
    "rms normalization over space",
    .normalization(.init(.rootMeanSquare, axes: [1], epsilon: 0)), [[2, 19, 5]]),
  OperatorExample(
    "normalization over size 1", .normalization(.init(.standard, axes: [1], epsilon: 1)),
    [[2, 1, 3]]),
  OperatorExample(
    "local response normalization",
    .localResponseNormalization(.init(size: 5, alpha: 0.5, beta: 0.75, bias: 1)),
    [[2, 3, 17]]),
  OperatorExample(
    "local response normalization, even size",
    .localResponseNormalization(.init(size: 4, alpha: 2, beta: 1.5, bias: 2)), [[2, 2, 2, 9]]),
  OperatorExample(
    "local response normalization, few channels",
    .localResponseNormalization(.init(size: 7, alpha: 0.1, beta: 0.5, bias: 0.5)), [[2, 3]]),
]

/// Where elements are.
let searchExamples: [OperatorExample] = [
  OperatorExample(
    "arg max", .argReduction(.init(.maximum, axis: 1)), [[3, 17]], hasGradient: false),
  OperatorExample(
    "arg min", .argReduction(.init(.minimum, axis: 1)), [[2, 9, 5]], hasGradient: false),
  OperatorExample(
    "arg max over the batch", .argReduction(.init(.maximum, axis: 0)), [[5, 3]],
    hasBatchedParameters: true, hasGradient: false),
  OperatorExample(
    "arg max of equal numbers", .argReduction(.init(.maximum, axis: 1)),
    [.init([2, 9, 3], .int32, in: -1...1)]),
  OperatorExample(
    "arg max of equal numbers, the last", .argReduction(.init(.maximum, axis: 1, lastIndex: true)),
    [.init([2, 9, 3], .int64, in: -1...1)]),
  OperatorExample(
    "arg min of equal numbers, the last", .argReduction(.init(.minimum, axis: 2, lastIndex: true)),
    [.init([2, 3, 9], .int32, in: -1...1)]),
  OperatorExample("top k", .topK(.init(axis: 1, size: 5)), [[3, 17]], hasGradient: false),
  OperatorExample(
    "top k of the smallest", .topK(.init(axis: 1, size: 3, largest: false)), [[2, 9, 5]],
    hasGradient: false),
  OperatorExample("top k of all", .topK(.init(axis: 2, size: 8)), [[2, 3, 8]], hasGradient: false),
  OperatorExample(
    "top k of equal numbers", .topK(.init(axis: 1, size: 6)), [.init([2, 12], .int32, in: -2...2)]),
  OperatorExample(
    "top k of the smallest equal numbers", .topK(.init(axis: 1, size: 6, largest: false)),
    [.init([2, 12, 2], .int64, in: -2...2)]),
  OperatorExample(
    "top k over the batch", .topK(.init(axis: 0, size: 2)), [[4, 3]], hasBatchedParameters: true,
    hasGradient: false),
]

/// Transposes of convolutions.
let transposedConvolutionExamples: [OperatorExample] = [
  OperatorExample(
    "transposed convolution 2D", .transposedConvolution(.init(window: window([3, 3]))),
    [[2, 4, 3, 3], [3, 3, 3, 4], [4]]),
  OperatorExample(
    "transposed convolution 2D, strides and padding",
    .transposedConvolution(
      .init(
        window: window(
          [3, 2], stride: [2, 3], padding: .explicit(before: [1, 0], after: [0, 1])),
        outputPadding: [1, 2])),
    [[2, 3, 4, 2], [2, 3, 2, 17], [17]]),
  OperatorExample(
    "transposed convolution 2D, dilated",
    .transposedConvolution(
      .init(window: window([2, 3], stride: [1, 2], dilation: [3, 2]))),
    [[2, 3, 3, 2], [2, 2, 3, 3]]),
  OperatorExample(
    "transposed convolution 2D, groups",
    .transposedConvolution(.init(window: window([2, 2], stride: [2, 2]), groups: 2)),
    [[2, 3, 3, 4], [4, 2, 2, 3], [6]]),
  OperatorExample(
    "transposed convolution 1D, depthwise",
    .transposedConvolution(.init(window: window([3], stride: [2]), groups: 5)),
    [[2, 4, 5], [5, 3, 1], [5]]),
  OperatorExample(
    "transposed convolution 1D, gaps",
    .transposedConvolution(.init(window: window([1], stride: [3]))), [[2, 3, 2], [2, 1, 2], [2]]),
  OperatorExample(
    "transposed convolution 3D",
    .transposedConvolution(.init(window: window([2, 1, 2], stride: [1, 2, 2]))),
    [[1, 2, 3, 2, 2], [2, 2, 1, 2, 3], [3]]),
]
