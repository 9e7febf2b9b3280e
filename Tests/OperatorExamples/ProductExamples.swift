import EspalierGraph

/// Dense layers and convolutions.
let productExamples: [OperatorExample] = [
  OperatorExample("dense", .dense(.init()), [[3, 5], [5, 17], [17]]),
  OperatorExample("dense without bias", .dense(.init()), [[2, 33], [33, 1]]),
  OperatorExample("dense on rank 3", .dense(.init()), [[2, 3, 4], [4, 6], [6]]),
  OperatorExample(
    "convolution 2D", .convolution(.init(window: window([3, 3]))),
    [[2, 5, 6, 3], [3, 3, 3, 4], [4]]),
  OperatorExample(
    "convolution 2D, same, stride 2",
    .convolution(.init(window: window([3, 2], stride: [2, 2], padding: .same))),
    [[2, 6, 5, 2], [3, 2, 2, 17], [17]]),
  OperatorExample(
    "convolution 2D, dilated and padded",
    .convolution(
      .init(
        window: window(
          [2, 3], dilation: [2, 1], padding: .explicit(before: [1, 2], after: [0, 1])))),
    [[1, 5, 4, 2], [2, 3, 2, 3]]),
  OperatorExample(
    "convolution 2D, pointwise", .convolution(.init(window: window([1, 1]))),
    [[2, 3, 3, 5], [1, 1, 5, 7], [7]]),
  OperatorExample(
    "convolution 2D, groups",
    .convolution(.init(window: window([3, 3], padding: .same), groups: 2)),
    [[2, 4, 4, 4], [3, 3, 2, 6], [6]]),
  OperatorExample(
    "convolution 2D, depthwise",
    .convolution(.init(window: window([3, 3], padding: .same), groups: 5)),
    [[2, 4, 3, 5], [3, 3, 1, 5], [5]]),
  OperatorExample(
    "convolution 1D", .convolution(.init(window: window([4], stride: [2]))),
    [[2, 9, 3], [4, 3, 5], [5]]),
  OperatorExample(
    "convolution 3D", .convolution(.init(window: window([2, 2, 2], padding: .same))),
    [[1, 3, 2, 4, 2], [2, 2, 2, 2, 3], [3]]),
]
