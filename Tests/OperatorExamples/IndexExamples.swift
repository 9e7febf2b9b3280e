import EspalierGraph

private typealias Operand = OperatorExample.Operand

/// Elements around others, at chosen positions, and the positions themselves.
let indexExamples: [OperatorExample] =
  padExamples + gatherExamples + scatterExamples + positionExamples

private let padExamples: [OperatorExample] = [
  OperatorExample("pad", .pad(.init(before: [0, 1, 2], after: [0, 3, 0])), [[2, 3, 17]]),
  OperatorExample(
    "pad an image", .pad(.init(before: [0, 1, 2, 0], after: [0, 0, 1, 0])), [[2, 3, 2, 4]]),
  OperatorExample("pad with nothing", .pad(.init(before: [0, 0], after: [0, 0])), [[2, 3]]),
  OperatorExample(
    "pad with a number", .pad(.init(before: [0, 2], after: [0, 1])), [[2, 5], Operand([])]),
  OperatorExample(
    "pad int8", .pad(.init(before: [0, 1], after: [0, 1])),
    [Operand([2, 3], .int8, in: -9...9), Operand([1], .int8, in: 3...3)]),
  OperatorExample(
    "pad int64", .pad(.init(before: [0, 1], after: [0, 0])),
    [Operand([2, 3], .int64, in: -9...9), Operand([], .int64, in: -5...(-5))]),
  OperatorExample(
    "pad by reflection", .pad(.init(.reflect, before: [0, 2, 1], after: [0, 1, 2])), [[2, 3, 4]]),
  OperatorExample(
    "pad by reflection more than there is",
    .pad(.init(.reflect, before: [0, 7, 1], after: [0, 6, 2])), [[2, 3, 1]]),
  OperatorExample(
    "pad with the edge", .pad(.init(.edge, before: [0, 2, 1], after: [0, 3, 2])), [[2, 2, 3]]),
  OperatorExample(
    "pad by wrapping", .pad(.init(.wrap, before: [0, 5, 1], after: [0, 1, 4])), [[2, 2, 3]]),
  OperatorExample(
    "pad the batch", .pad(.init(.edge, before: [1, 0], after: [1, 0])), [[2, 17]],
    hasBatchedParameters: true),
]

private let gatherExamples: [OperatorExample] = [
  OperatorExample(
    "embedding", .gather(.init()), [[6, 17], Operand([2, 3], .int64, in: -6...5)],
    hasBatchedParameters: true),
  OperatorExample(
    "gather", .gather(.init(axis: 1)), [[2, 5, 3], Operand([4], .int32, in: -5...4)]),
  OperatorExample(
    "gather one", .gather(.init(axis: 2)), [[2, 3, 5], Operand([], .int64, in: 3...3)]),
  OperatorExample(
    "gather numbers", .gather(.init(axis: 1)), [[2, 33], Operand([2, 2], .int32, in: 0...32)]),
  OperatorExample(
    "gather outside", .gather(.init(axis: 1)), [[2, 3, 2], Operand([6], .int64, in: -9...9)]),
  OperatorExample(
    "gather bool", .gather(.init(axis: 1)),
    [Operand([2, 5], .bool), Operand([3], .int64, in: 0...4)]),
  OperatorExample(
    "gather elements", .gatherElements(.init(axis: 1)),
    [[2, 5, 3], Operand([2, 4, 2], .int64, in: -5...4)], hasBatchedParameters: true),
  OperatorExample(
    "gather elements of the last axis", .gatherElements(.init(axis: 2)),
    [[2, 2, 7], Operand([2, 2, 4], .int32, in: -9...9)], hasBatchedParameters: true),
  OperatorExample(
    "gather elements of the first axis", .gatherElements(.init()),
    [Operand([3, 4], .int8, in: -9...9), Operand([2, 4], .int32, in: -3...2)],
    hasBatchedParameters: true),
  OperatorExample(
    "gather by tuples", .gatherND(.init()),
    [[3, 4, 5], Operand([2, 3, 2], .int64, in: -3...2)], hasBatchedParameters: true),
  OperatorExample(
    "gather by tuples of all axes", .gatherND(.init()),
    [Operand([3, 4], .int32, in: -9...9), Operand([5, 2], .int32, in: -9...9)],
    hasBatchedParameters: true),
  OperatorExample(
    "gather by tuples in batches", .gatherND(.init(batchAxes: 1)),
    [[2, 3, 4, 2], Operand([2, 3, 2], .int32, in: -3...2)], hasBatchedParameters: true),
]

private let scatterExamples: [OperatorExample] =
  [
    OperatorExample(
      "scatter elements", .scatterElements(.init(axis: 1)),
      [[2, 5, 3], Operand([2, 4, 2], .int64, in: -5...4), [2, 4, 2]], hasBatchedParameters: true),
    OperatorExample(
      "scatter elements along the batch", .scatterElements(.init()),
      [[4, 3], Operand([6, 3], .int32, in: -9...9), [6, 3]], hasBatchedParameters: true),
    OperatorExample(
      "scatter elements of bool", .scatterElements(.init(axis: 1)),
      [Operand([2, 5], .bool), Operand([2, 2], .int64, in: 0...4), Operand([2, 2], .bool)],
      hasBatchedParameters: true),
    OperatorExample(
      "scatter int64 to be multiplied", .scatterElements(.init(axis: 1, reduction: .multiply)),
      [
        Operand([2, 3], .int64, in: -9...9), Operand([2, 5], .int64, in: 0...2),
        Operand([2, 5], .int64, in: -9...9),
      ], hasBatchedParameters: true),
    OperatorExample(
      "scatter tuples", .scatterND(.init()),
      [[4, 3, 2], Operand([3, 1], .int64, in: -4...3), [3, 3, 2]], hasBatchedParameters: true),
    OperatorExample(
      "scatter tuples of all axes", .scatterND(.init(reduction: .add)),
      [[3, 2], Operand([2, 4, 2], .int32, in: -9...9), [2, 4]], hasBatchedParameters: true),
    OperatorExample(
      "scatter int32 to be added", .scatterND(.init(reduction: .add)),
      [
        Operand([3, 2], .int32, in: -9...9), Operand([4, 1], .int32, in: 0...2),
        Operand([4, 2], .int32, in: -9...9),
      ], hasBatchedParameters: true),
  ]
  + Operator.ScatterReduction.allCases.dropFirst().map { reduction in
    OperatorExample(
      "scatter elements, \(reduction)", .scatterElements(.init(axis: 1, reduction: reduction)),
      [[2, 5, 2], Operand([2, 7, 2], .int64, in: -5...4), [2, 7, 2]], hasBatchedParameters: true)
  }

private let positionExamples: [OperatorExample] = [
  OperatorExample("one-hot", .oneHot(.init(axis: 1, size: 5)), [Operand([3], .int64, in: -7...7)]),
  OperatorExample(
    "one-hot in the middle", .oneHot(.init(axis: 1, size: 4)),
    [Operand([2, 3], .int32, in: -4...3)]),
  OperatorExample(
    "one-hot before all", .oneHot(.init(size: 3)), [Operand([2, 2], .int64, in: 0...2)],
    hasBatchedParameters: true),
  OperatorExample(
    "range", .range(.init(axis: 1)), [[2, 5, 3]], hasBatchedParameters: true, hasGradient: false),
  OperatorExample(
    "range along the batch", .range(.init()), [Operand([3], .bool)], hasBatchedParameters: true),
  OperatorExample(
    "expand like another", .expand(.init([0, Operator.like(axis: 1), Operator.like(axis: 0)])),
    [[2, 1, 4], Operand([4, 3], .bool)]),
  OperatorExample(
    "reshape like another",
    .reshape(.init([Operator.Reshape.copied, Operator.like(axis: 2), Operator.Reshape.inferred])),
    [[2, 12], [1, 1, 3]]),
]
