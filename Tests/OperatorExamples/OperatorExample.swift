// To add an operator: add its examples to `operatorExamples`, at least one for each attribute, and its definition to
// `reference(_:_:)`. Every test that takes the table then covers it: shape rule, attributes, running alone and in a
// batch, gradient, and saving and loading.

package import EspalierGraph
package import ReferenceOperators

/// An operator with the shapes of its operands and the numbers that they may hold.
package struct OperatorExample: Sendable, CustomStringConvertible {
  /// What is shown, for messages.
  package let description: String
  /// The operator.
  package let `operator`: Operator
  /// The shapes of the operands; the first axis of the first operand is the batch.
  package let shapes: [Shape]
  /// The numbers that the operands are drawn from.
  package let domain: ClosedRange<Double>
  /// Whether operands other than the first have a row for each row of the batch, too.
  package let hasBatchedParameters: Bool

  init(
    _ description: String, _ operator: Operator, _ shapes: [Shape],
    domain: ClosedRange<Double> = -2...2, hasBatchedParameters: Bool = false
  ) {
    self.hasBatchedParameters = hasBatchedParameters
    self.description = description
    self.operator = `operator`
    self.shapes = shapes
    self.domain = domain
  }

  /// Operands whose numbers follow from the seed; each is a float32 number.
  package func operands(seed: UInt64) -> [Tensor] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let share = Double(state >> 40) / Double(1 << 24)
      let value = domain.lowerBound + (domain.upperBound - domain.lowerBound) * share
      return Double(Float(value))
    }
    return shapes.map { shape in
      Tensor(shape.sizes, (0..<shape.elementCount).map { _ in next() })
    }
  }

  /// A model whose trunk is the operator alone: the first operand is the input, the others are parameters.
  package func model(operands: [Tensor]) throws -> Model {
    let dimensions = [.batch] + shapes[0].sizes.dropFirst().map { Dimension.fixed($0) }
    let parameters = operands.indices.dropFirst().map { index in
      Parameter(
        name: Name("operand \(index)"), shape: shapes[index],
        values: operands[index].values.map { Float($0) })
    }
    let node = Node(name: "node", `operator`, inputs: shapes.indices.map { ValueID($0) })
    let trunk = Graph(
      inputs: [GraphInput(name: "x", dimensions: dimensions)], parameters: parameters,
      nodes: [node], outputs: [GraphOutput(name: "y", value: ValueID(shapes.count))])
    let output = try `operator`.outputType(of: shapes.map { TensorType(.float32, $0) })
    let head = Graph(
      inputs: [
        GraphInput(
          name: "y",
          dimensions: [.batch] + output.shape.sizes.dropFirst().map { .fixed($0) })
      ],
      parameters: [], nodes: [], outputs: [GraphOutput(name: "result", value: ValueID(0))])
    return try Model(
      trunk: Model.Trunk(graph: trunk, columns: [[]]),
      heads: [
        Model.Head(
          name: "head", sources: [.feature("y")], graph: head,
          description: HeadDescription(task: .regression))
      ])
  }
}

private func window(
  _ kernel: [Int], stride: [Int]? = nil, dilation: [Int]? = nil,
  padding: Operator.Window.Padding? = nil
) -> Operator.Window {
  Operator.Window(kernel: kernel, stride: stride, dilation: dilation, padding: padding)
}

/// Every operator, every attribute, sizes around the vector width.
package let operatorExamples: [OperatorExample] = [
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
  OperatorExample("relu", .unary(.init(.relu)), [[3, 33]]),
  OperatorExample("sigmoid", .unary(.init(.sigmoid)), [[2, 17]], domain: -6...6),
  OperatorExample("tanh", .unary(.init(.tanh)), [[2, 17]], domain: -4...4),
  OperatorExample("add", .binary(.init(.add)), [[2, 3, 4], [3, 4]]),
  OperatorExample("subtract, repeated axes", .binary(.init(.subtract)), [[2, 1, 4], [3, 1]]),
  OperatorExample("multiply by a number", .binary(.init(.multiply)), [[2, 19], [1]]),
  OperatorExample("divide", .binary(.init(.divide)), [[2, 5], [5]], domain: 0.5...2),
  OperatorExample("softmax", .softmax(.init()), [[3, 10]], domain: -5...5),
  OperatorExample("softmax over one", .softmax(.init()), [[2, 1]]),
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
