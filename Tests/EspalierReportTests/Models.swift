import EspalierGraph

/// The models that the tests draw and compare, all of whose values are rows of eight numbers.
enum Models {
  static let width = 8

  /// A graph whose nodes are added one by one.
  struct Builder {
    private(set) var inputs: [GraphInput]
    private(set) var parameters: [Parameter] = []
    private(set) var nodes: [(Name, Operator, [Operand])] = []

    enum Operand {
      case input(Int)
      case parameter(Int)
      case node(Int)
    }

    init(inputs names: [Name]) {
      inputs = names.map { GraphInput(name: $0, dimensions: [.batch, .fixed(Models.width)]) }
    }

    mutating func dense(_ operand: Operand, name: Name = "dense") -> Operand {
      let values = (0..<width * width).map { Float($0 % 7) - 3 }
      parameters.append(
        Parameter(name: Name("w\(parameters.count)"), shape: [width, width], values: values))
      return node(.dense(.init()), [operand, .parameter(parameters.count - 1)], name: name)
    }

    mutating func relu(_ operand: Operand) -> Operand { node(.unary(.init(.relu)), [operand]) }

    mutating func node(_ operator: Operator, _ operands: [Operand], name: Name = "") -> Operand {
      nodes.append((name, `operator`, operands))
      return .node(nodes.count - 1)
    }

    func graph(outputs: [(Name, Operand)]) -> Graph {
      func value(_ operand: Operand) -> ValueID {
        switch operand {
        case .input(let index): ValueID(index)
        case .parameter(let index): ValueID(inputs.count + index)
        case .node(let index): ValueID(inputs.count + parameters.count + index)
        }
      }
      return Graph(
        inputs: inputs, parameters: parameters,
        nodes: nodes.map { Node(name: $0.0, $0.1, inputs: $0.2.map(value)) },
        outputs: outputs.map { GraphOutput(name: $0.0, value: value($0.1)) })
    }
  }

  /// A trunk of dense layers one after the other, each of which may be a feature.
  static func chain(layers: Int, features: [Int: Name]) -> Graph {
    var builder = Builder(inputs: ["x"])
    var value = Builder.Operand.input(0)
    var outputs: [(Name, Builder.Operand)] = []
    for layer in 1...layers {
      value = builder.relu(builder.dense(value, name: Name("layer \(layer)")))
      if let name = features[layer] { outputs.append((name, value)) }
    }
    return builder.graph(outputs: outputs)
  }

  /// A trunk of pairs of dense layers that are added to what they read.
  static func residual(blocks: Int) -> Graph {
    var builder = Builder(inputs: ["x"])
    var value = builder.relu(builder.dense(.input(0)))
    var outputs: [(Name, Builder.Operand)] = []
    for block in 1...blocks {
      let inner = builder.dense(builder.relu(builder.dense(value)))
      value = builder.relu(builder.node(.binary(.init(.add)), [value, inner]))
      if block % (blocks / 2) == 0 { outputs.append((Name("stage \(block)"), value)) }
    }
    return builder.graph(outputs: outputs)
  }

  /// A head of one dense layer.
  static func head(
    _ name: Name, reads sources: [HeadSource], task: TaskKind = .regression, labels: [Name] = [],
    unit: Name = ""
  ) -> Model.Head {
    var builder = Builder(inputs: sources.indices.map { Name("in \($0)") })
    var value = builder.dense(.input(0))
    for index in sources.indices.dropFirst() {
      value = builder.node(.binary(.init(.add)), [value, .input(index)])
    }
    return Model.Head(
      name: name, sources: sources, graph: builder.graph(outputs: [("y", value)]),
      description: HeadDescription(task: task, labels: labels, unit: unit))
  }

  static func model(_ trunk: Graph, heads: [Model.Head] = []) throws -> Model {
    try Model(
      trunk: Model.Trunk(graph: trunk, columns: trunk.inputs.map { _ in [] }), heads: heads)
  }

  /// A chain of three layers with a number of heads on its end.
  static func flat(heads count: Int) throws -> Model {
    try model(
      chain(layers: 3, features: [3: "feature"]),
      heads: (0..<count).map { index in
        head(
          Name("head \(index)"), reads: [.feature("feature")],
          task: index % 2 == 0 ? .regression : .classification)
      })
  }

  /// A chain of three layers with a chain of heads, each reading the one before.
  static func tower(heads count: Int) throws -> Model {
    try model(
      chain(layers: 3, features: [3: "feature"]),
      heads: (0..<count).map { index in
        head(
          Name("head \(index)"),
          reads: [
            index == 0 ? .feature("feature") : .head(Name("head \(index - 1)"), output: "y")
          ])
      })
  }

  /// Features in the middle, a head of two features, heads that read heads.
  static func branching() throws -> Model {
    try model(
      chain(layers: 5, features: [2: "low", 5: "high"]),
      heads: [
        head("edges", reads: [.feature("low")], unit: "px"),
        head("lane", reads: [.feature("low"), .feature("high")], task: .regression),
        head("car", reads: [.feature("high")], task: .classification, labels: names(8)),
        head("speed", reads: [.head("car", output: "y"), .feature("high")], unit: "m/s"),
        head("brake", reads: [.head("speed", output: "y"), .head("car", output: "y")]),
        head("risk", reads: [.head("car", output: "y")]),
      ])
  }

  /// Names and labels that markup, terminals and layouts could stumble over.
  static func hostile() throws -> Model {
    let name: Name = "</text><script>alert(\"1\")</script> & 'q' 漢字漢字漢字漢字漢字漢字 ]]>"
    return try model(
      chain(layers: 1, features: [1: name]),
      heads: [
        head(
          name, reads: [.feature(name)], task: .classification, labels: names(8, name.description)),
        head("\u{202E}\u{FFFF}x", reads: [.head(name, output: "y")], unit: "<&>"),
        head(Name(String(repeating: "W", count: 900)), reads: [.feature(name)]),
      ])
  }

  static func names(_ count: Int, _ stem: String = "label") -> [Name] {
    (0..<count).map { Name("\(stem) \($0)") }
  }
}
