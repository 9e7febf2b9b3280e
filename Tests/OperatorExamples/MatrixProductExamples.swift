import EspalierGraph

/// Products of matrices.
let matrixProductExamples: [OperatorExample] = [
  OperatorExample("matrix product", .matrixProduct(.init()), [[5, 7], [7, 17]]),
  OperatorExample("matrix product of rows", .matrixProduct(.init()), [[2, 3, 7], [1, 7, 33]]),
  OperatorExample(
    "matrix product, batches", .matrixProduct(.init()), [[2, 3, 4], [2, 4, 5]],
    hasBatchedParameters: true),
  OperatorExample(
    "matrix product, broadcast", .matrixProduct(.init()), [[2, 1, 3, 4], [5, 4, 2]]),
  OperatorExample(
    "matrix product, left broadcast", .matrixProduct(.init()), [[1, 3, 4], [2, 2, 4, 2]],
    hasBatchedParameters: true),
  OperatorExample(
    "matrix product, right transposed", .matrixProduct(.init(transposesRight: true)),
    [[2, 3, 4], [5, 4]]),
  OperatorExample(
    "matrix product, left transposed", .matrixProduct(.init(transposesLeft: true)),
    [[2, 4, 3], [2, 4, 5]], hasBatchedParameters: true),
  OperatorExample(
    "matrix product, both transposed",
    .matrixProduct(.init(transposesLeft: true, transposesRight: true)),
    [[2, 1, 4, 3], [2, 2, 6, 4]], hasBatchedParameters: true),
  OperatorExample(
    "matrix product of int32", .matrixProduct(.init(transposesRight: true)),
    [
      .init([2, 3, 4], .int32, in: -99...99), .init([5, 4], .int32, in: -99...99),
    ]),
  OperatorExample(
    "matrix product of int32, left transposed", .matrixProduct(.init(transposesLeft: true)),
    [
      .init([2, 4, 3], .int32, in: -99...99), .init([4, 5], .int32, in: -99...99),
    ]),
]
