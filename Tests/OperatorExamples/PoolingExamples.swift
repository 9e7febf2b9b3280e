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
  OperatorExample(
    "maximum pooling, dilated, rounded up",
    .pooling(
      .init(.maximum, window: window([2, 3], stride: [2, 2], dilation: [2, 1]), roundsUp: true)),
    [[2, 6, 6, 5]]),
  OperatorExample(
    "average pooling, dilated",
    .pooling(.init(.average, window: window([2, 2], dilation: [2, 3]))),
    [[2, 5, 6, 3]]),
  OperatorExample(
    "average pooling, rounded up, padding counted",
    .pooling(
      .init(
        .average,
        window: window(
          [3, 3], stride: [2, 3], padding: .explicit(before: [1, 1], after: [0, 1])),
        countsPadding: true, roundsUp: true)),
    [[2, 6, 6, 3]]),
  OperatorExample(
    "average pooling, rounded up, padding left out",
    .pooling(
      .init(
        .average, window: window([3], stride: [2], padding: .explicit(before: [1], after: [2])),
        roundsUp: true)),
    [[2, 6, 17]]),
  OperatorExample(
    "average pooling, windows of padding",
    .pooling(
      .init(.average, window: window([2], padding: .explicit(before: [3], after: [4])))),
    [[2, 3, 4]]),
  OperatorExample(
    "power pooling",
    .pooling(
      .init(
        .powerSum,
        window: window(
          [3, 2], stride: [2, 1], padding: .explicit(before: [1, 1], after: [0, 0])),
        power: 2)), [[2, 4, 4, 17]]),
  OperatorExample(
    "power pooling, sums", .pooling(.init(.powerSum, window: window([2, 2]), power: 1)),
    [[2, 3, 3, 4]]),
  OperatorExample(
    "power pooling, cubes",
    .pooling(.init(.powerSum, window: window([3], dilation: [2]), roundsUp: true, power: 3)),
    [[2, 7, 5]]),
  OperatorExample(
    "maximum pooling of int8",
    .pooling(
      .init(.maximum, window: window([2, 2], padding: .explicit(before: [1, 0], after: [0, 1])))),
    [.init([2, 4, 3, 5], .int8, in: -100...100)]),
  OperatorExample(
    "maximum pooling of uint8", .pooling(.init(.maximum, window: window([3], stride: [2]))),
    [.init([2, 7, 3], .uint8, in: 0...255)]),
  OperatorExample(
    "maximum pooling, indices",
    .pooling(
      .init(.maximumIndex, window: window([3, 3], stride: [2, 2], padding: .same))),
    [[2, 5, 4, 17]], hasGradient: false),
  OperatorExample(
    "maximum pooling, indices of int8",
    .pooling(
      .init(.maximumIndex, window: window([2, 2, 2], dilation: [1, 2, 1]), roundsUp: true)),
    [.init([2, 3, 4, 3, 2], .int8, in: -3...3)]),
  OperatorExample(
    "maximum pooling, indices of uint8",
    .pooling(
      .init(.maximumIndex, window: window([2], padding: .explicit(before: [1], after: [1])))),
    [.init([2, 6, 3], .uint8, in: 0...5)]),
]
