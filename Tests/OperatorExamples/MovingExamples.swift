import EspalierGraph

/// Elements in other places.
let movingExamples: [OperatorExample] = [
  OperatorExample(
    "reshape", .reshape(.init([Operator.Reshape.copied, Operator.Reshape.inferred])),
    [[2, 3, 4]]),
  OperatorExample("transpose", .transpose(.init([0, 2, 1])), [[2, 3, 5]]),
  OperatorExample("transpose of an image", .transpose(.init([0, 3, 1, 2])), [[2, 4, 3, 17]]),
  OperatorExample("transpose of nothing", .transpose(.init([0, 1])), [[3, 4]]),
  OperatorExample(
    "slice", .slice(.init([.init(), .init(start: 1, count: 2), .init(start: 2)])), [[2, 4, 7]]),
  OperatorExample(
    "slice, steps and backwards",
    .slice(.init([.init(), .init(start: 1, step: 3), .init(start: 5, count: 3, step: -2)])),
    [[2, 8, 6]]),
  OperatorExample(
    "slice from the end",
    .slice(.init([.init(), .init(start: -2), .init(start: -4, count: 2)])), [[2, 3, 5]]),
  OperatorExample(
    "slice of all but the last",
    .slice(
      .init([
        .init(), .init(count: Operator.Slice.allBut(1)),
        .init(start: 1, count: Operator.Slice.allBut(2), step: 2),
        .init(start: -1, count: Operator.Slice.allBut(1), step: -2),
      ])), [[2, 3, 8, 6]]),
  OperatorExample("slice of all", .slice(.init([.init(), .init()])), [[2, 5]]),
  OperatorExample(
    "slice reversed", .slice(.init([.init(), .init(start: 4, step: -1)])), [[2, 5]]),
  OperatorExample("expand", .expand(.init([0, 3, 4])), [[2, 1, 4]]),
  OperatorExample("expand, several axes", .expand(.init([0, 2, 1, 5])), [[2, 1, 1, 1]]),
  OperatorExample(
    "concatenate", .concatenate(.init(axis: 1)), [[2, 3], [2, 1], [2, 17]],
    hasBatchedParameters: true),
  OperatorExample(
    "concatenate in the middle", .concatenate(.init(axis: 1)), [[2, 3, 4], [2, 2, 4]],
    hasBatchedParameters: true),
  OperatorExample("concatenate one", .concatenate(.init(axis: 2)), [[2, 3, 4]]),
]
