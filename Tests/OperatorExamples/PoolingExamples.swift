import EspalierGraph

/// Pooling.
let poolingExamples: [OperatorExample] = [
  OperatorExample(
    "maximum pooling", .pooling(.init(.maximum, window: window([2, 2], stride: [2, 2]))),
    [[2, 4, 6, 3]]),
  OperatorExample(
    "maximum pooling, padded",
    .pooling(.init(.maximum, window: window([3, 3], stride: [2, 2], padding: .same))),
    [[2, 5, 4, 17]]),
  OperatorExample(
    "average pooling, padding left out",
    .pooling(
      .init(
        .average,
        window: window(
          [3, 2], stride: [1, 2], padding: .explicit(before: [1, 0], after: [1, 1])))),
    [[2, 4, 5, 3]]),
  OperatorExample(
    "average pooling, padding counted",
    .pooling(
      .init(
        .average, window: window([3, 2], padding: .explicit(before: [2, 1], after: [0, 1])),
        countsPadding: true)),
    [[2, 4, 5, 3]]),
  OperatorExample(
    "average pooling 1D", .pooling(.init(.average, window: window([3]))), [[2, 7, 2]]),
  OperatorExample(
    "maximum pooling 3D", .pooling(.init(.maximum, window: window([2, 1, 2]))), [[1, 3, 2, 3, 2]]),
]
