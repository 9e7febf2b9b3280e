import EspalierGraph

/// SplitMix64, so that failures can be repeated by their seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func numbers(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float.random(in: -1...1, using: &self) }
  }
}

/// A valid model of rows of `width` numbers with branches, shared features and heads that read heads.
func randomModel(seed: UInt64, heads headCount: Int = 4) throws -> Model {
  let width = 6
  var generator = SeededGenerator(seed: seed)

  /// A graph of random nodes, all of whose values are `[batch, width]`.
  func graph(inputs: [Name], nodes count: Int, outputs outputCount: Int) -> Graph {
    let parameters = (0..<3).map { index in
      Parameter(
        name: Name("p\(index)"), shape: index == 0 ? [width, width] : [width],
        values: generator.numbers(index == 0 ? width * width : width))
    }
    let firstNode = inputs.count + parameters.count
    var values = inputs.indices.map { ValueID($0) }
    var nodes: [Node] = []
    for index in 0..<count {
      let left = values.randomElement(using: &generator)!
      let right = values.randomElement(using: &generator)!
      let matrix = ValueID(inputs.count)
      let vector = ValueID(inputs.count + Int.random(in: 1...2, using: &generator))
      let choices: [(Operator, [ValueID])] = [
        (.dense(.init()), [left, matrix, vector]),
        (.unary(.init(.tanh)), [left]),
        (.unary(.init(.relu)), [left]),
        (.binary(.init(.add)), [left, right]),
        (.binary(.init(.multiply)), [left, vector]),
        (.softmax(.init()), [left]),
        (.reshape(.init([Operator.Reshape.copied, width])), [left]),
      ]
      let choice = choices.randomElement(using: &generator)!
      nodes.append(Node(name: Name("n\(index)"), choice.0, inputs: choice.1))
      values.append(ValueID(firstNode + index))
    }
    let outputs = (0..<outputCount).map { index in
      GraphOutput(name: Name("o\(index)"), value: values.randomElement(using: &generator)!)
    }
    return Graph(
      inputs: inputs.map { GraphInput(name: $0, dimensions: [.batch, .fixed(width)]) },
      parameters: parameters, nodes: nodes, outputs: outputs)
  }

  let trunk = graph(inputs: ["x", "unused or not"], nodes: 12, outputs: 3)
  let heads = (0..<headCount).map { index in
    var sources = [HeadSource.feature(Name("o\(Int.random(in: 0..<3, using: &generator))"))]
    if index > 0 && Bool.random(using: &generator) {
      let other = Int.random(in: 0..<index, using: &generator)
      sources.append(.head(Name("h\(other)"), output: "o1"))
    }
    return Model.Head(
      name: Name("h\(index)"), sources: sources,
      graph: graph(inputs: sources.indices.map { Name("i\($0)") }, nodes: 5, outputs: 2),
      description: HeadDescription(task: .regression))
  }
  return try Model(
    trunk: Model.Trunk(graph: trunk, columns: [[], []]), heads: heads.shuffled(using: &generator))
}
