import EspalierGraph

/// Functions of elements, and of rows.
let elementwiseExamples: [OperatorExample] = [
  OperatorExample("relu", .unary(.init(.relu)), [[3, 33]]),
  OperatorExample("sigmoid", .unary(.init(.sigmoid)), [[2, 17]], domain: -6...6),
  OperatorExample("tanh", .unary(.init(.tanh)), [[2, 17]], domain: -4...4),
  OperatorExample("add", .binary(.init(.add)), [[2, 3, 4], [3, 4]]),
  OperatorExample("subtract, repeated axes", .binary(.init(.subtract)), [[2, 1, 4], [3, 1]]),
  OperatorExample("multiply by a number", .binary(.init(.multiply)), [[2, 19], [1]]),
  OperatorExample("divide", .binary(.init(.divide)), [[2, 5], [5]], domain: 0.5...2),
  OperatorExample("softmax", .softmax(.init()), [[3, 10]], domain: -5...5),
  OperatorExample("softmax over one", .softmax(.init()), [[2, 1]]),
]
