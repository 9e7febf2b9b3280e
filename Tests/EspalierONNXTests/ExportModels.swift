import EspalierGraph

/// Models that go out as ONNX documents.
enum ExportModels {
  static let columns = [
    Column("age", mean: 40.5, deviation: 12, range: 17...99.5),
    Column("city", categories: ["Bern", "Lugano"]),
    Column("sex", categories: ["f", "m"], mean: 0.5, deviation: 0.5), Column("plain"),
  ]

  static let classes = HeadDescription(
    task: .classification, labels: ["ca\"t", "dög", "{}"], loss: "cross-entropy", lossWeight: 0.25,
    metrics: [
      Metric(name: "accuracy", split: "test", value: 0.1 + 0.2),
      Metric(name: "loss", split: "validation", value: 1e-300),
    ], temperature: 1.75)
  static let answer = HeadDescription(
    task: .binary, labels: ["no", "yes"], threshold: 1.0 / 3, loss: "binary-cross-entropy")
  static let speed = HeadDescription(
    task: .regression, labels: ["low", "middle", "high"], unit: "m/s", targetMean: -12.25,
    targetDeviation: 1e10, loss: "pinball", quantiles: [0.05, 0.5, 0.95])

  /// A trunk of one layer on a table of four columns, a head for each task, and one that reads two others' outputs.
  static func everyTask() throws -> Model {
    var trunk = Layers(inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(4)])])
    let hidden = trunk.add(.unary(.init(.relu)), [trunk.dense(.input(0), 4, 8)])
    return try Model(
      trunk: Model.Trunk(graph: trunk.graph(outputs: [("feature", hidden)]), columns: [columns]),
      heads: [
        head("class", classes, 3) { layers, value in layers.add(.softmax(.init()), [value]) },
        head("is good", answer, 1) { layers, value in
          layers.add(.unary(.init(.sigmoid)), [value])
        },
        head("speed", speed, 3) { _, value in value },
        sum(of: ("class", "y"), ("speed", "y")),
      ])
  }

  private static func head(
    _ name: Name, _ description: HeadDescription, _ size: Int,
    _ end: (inout Layers, Layers.Operand) -> Layers.Operand
  ) -> Model.Head {
    var layers = Layers(
      inputs: [GraphInput(name: "in", dimensions: [.batch, .fixed(8)])],
      scale: 1 + Float(description.labels.count) / 4 + Float(description.quantiles.count))
    let value = layers.dense(.input(0), 8, size)
    let answer = end(&layers, value)
    return Model.Head(
      name: name, sources: [.feature("feature")], graph: layers.graph(outputs: [("y", answer)]),
      description: description)
  }

  private static func sum(
    of first: (head: Name, output: Name), _ second: (head: Name, output: Name)
  ) -> Model.Head {
    let dimensions: [Dimension] = [.batch, .fixed(3)]
    var layers = Layers(
      inputs: [
        GraphInput(name: "a", dimensions: dimensions),
        GraphInput(name: "b", dimensions: dimensions),
      ])
    let sum = layers.add(.binary(.init(.add)), [.input(0), .input(1)])
    let twice = layers.add(.binary(.init(.add)), [sum, sum])
    return Model.Head(
      name: "sum",
      sources: [
        .head(first.head, output: first.output), .head(second.head, output: second.output),
      ],
      graph: layers.graph(outputs: [("y", sum), ("twice", twice)]),
      description: HeadDescription(task: .regression))
  }
}

/// A graph whose nodes are added one by one.
struct Layers {
  enum Operand {
    case input(Int)
    case parameter(Int)
    case node(Int)
  }

  private let inputs: [GraphInput]
  private let scale: Float
  private var parameters: [Parameter] = []
  private var nodes: [(operator: Operator, operands: [Operand])] = []

  /// - Parameter scale: what makes the numbers of this graph's parameters others than those of another.
  init(inputs: [GraphInput], scale: Float = 1) {
    self.inputs = inputs
    self.scale = scale
  }

  mutating func add(_ operator: Operator, _ operands: [Operand]) -> Operand {
    nodes.append((`operator`, operands))
    return .node(nodes.count - 1)
  }

  mutating func parameter(_ name: Name, _ sizes: [Int]) -> Operand {
    let count = sizes.reduce(1, *)
    parameters.append(
      Parameter(
        name: name, shape: Shape(sizes),
        values: (0..<count).map { scale * (Float($0 * 7 % 11) / 8 - 0.5) }))
    return .parameter(parameters.count - 1)
  }

  mutating func dense(_ input: Operand, _ from: Int, _ to: Int) -> Operand {
    let operands = [input, parameter("weights", [from, to]), parameter("bias", [to])]
    return add(.dense(.init()), operands)
  }

  func graph(outputs: [(name: Name, value: Operand)]) -> Graph {
    func value(_ operand: Operand) -> ValueID {
      switch operand {
      case .input(let index): ValueID(index)
      case .parameter(let index): ValueID(inputs.count + index)
      case .node(let index): ValueID(inputs.count + parameters.count + index)
      }
    }
    return Graph(
      inputs: inputs, parameters: parameters,
      nodes: nodes.enumerated().map { index, node in
        Node(name: Name("node \(index)"), node.operator, inputs: node.operands.map(value))
      },
      outputs: outputs.map { GraphOutput(name: $0.name, value: value($0.value)) })
  }
}
