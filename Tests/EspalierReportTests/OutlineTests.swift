import EspalierGraph
import EspalierReport
import Testing

@Suite struct OutlineTests {
  @Test func functionsBelongToTheLayerThatNothingElseReads() throws {
    var builder = Models.Builder(inputs: ["x"])
    let shared = builder.dense(.input(0))
    let activated = builder.relu(shared)
    let sum = builder.node(.binary(.init(.add)), [shared, activated])
    let end = builder.node(.softmax(.init()), [sum])
    let outline = ModelOutline(try Models.model(builder.graph(outputs: [("y", end)])))
    #expect(outline.layers.map(\.title) == ["dense", "relu", "add, softmax"])
    #expect(outline.layers.map(\.reads) == [[0], [1], [1, 2]])
    #expect(outline.layers.map(\.parameters) == [64, 0, 0])
    #expect(outline.features.map(\.position) == [3])
  }

  @Test func featuresEndTheirLayer() throws {
    var builder = Models.Builder(inputs: ["x"])
    let inner = builder.dense(.input(0))
    let end = builder.relu(inner)
    let outline = ModelOutline(
      try Models.model(builder.graph(outputs: [("inner", inner), ("end", end), ("x", .input(0))])))
    #expect(outline.layers.map(\.title) == ["dense", "relu"])
    #expect(outline.features.map(\.position) == [1, 2, 0])
  }

  @Test(
    arguments: [
      (
        Operator.convolution(.init(window: .init(kernel: [3, 3], stride: [2, 2]))),
        Shape([3, 3, 4, 6]),
        "convolution 3x3 stride 2"
      ),
      (
        .convolution(.init(window: .init(kernel: [3, 1], dilation: [2, 1]), groups: 4)),
        [3, 1, 1, 4], "depthwise convolution 3x1 dilation 2x1"
      ),
      (
        .convolution(.init(window: .init(kernel: [2, 2]), groups: 2)), [2, 2, 2, 4],
        "grouped convolution 2x2"
      ),
      (
        .pooling(.init(.maximum, window: .init(kernel: [2, 2], stride: [2, 2]))), [],
        "max pooling 2x2"
      ),
      (
        .pooling(.init(.average, window: .init(kernel: [2, 2]))), [], "average pooling 2x2 stride 1"
      ),
    ] as [(Operator, Shape, String)])
  func windowsAreSaid(_ operator: Operator, _ weights: Shape, _ expected: String) throws {
    let hasWeights = weights.rank > 0
    let parameter = Parameter(
      name: "w", shape: weights, values: [Float](repeating: 1, count: weights.elementCount))
    let graph = Graph(
      inputs: [
        GraphInput(name: "x", dimensions: [.batch, .fixed(8), .fixed(8), .fixed(4)])
      ], parameters: hasWeights ? [parameter] : [],
      nodes: [
        Node(name: "", `operator`, inputs: hasWeights ? [ValueID(0), ValueID(1)] : [ValueID(0)])
      ], outputs: [GraphOutput(name: "y", value: ValueID(hasWeights ? 2 : 1))])
    let outline = ModelOutline(try Models.model(graph))
    #expect(outline.layers.map(\.title) == [expected])
  }

  /// A trunk that scales its input, flattens it, and a regression that goes back to the scale of its target.
  private func scaled() throws -> Model {
    func number(_ name: Name, _ value: Float) -> Parameter {
      Parameter(name: name, shape: [1], values: [value])
    }
    let weights = Parameter(name: "w", shape: [8, 1], values: [Float](repeating: 1, count: 8))
    let trunk = Graph(
      inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(2), .fixed(4)])],
      parameters: [number("offset", 128), number("scale", 64)],
      nodes: [
        Node(name: "", .binary(.init(.subtract)), inputs: [ValueID(0), ValueID(1)]),
        Node(name: "", .binary(.init(.divide)), inputs: [ValueID(3), ValueID(2)]),
        Node(name: "", .reshape(.init([0, 8])), inputs: [ValueID(4)]),
      ], outputs: [GraphOutput(name: "flat", value: ValueID(5))])
    let head = Graph(
      inputs: [GraphInput(name: "flat", dimensions: [.batch, .fixed(8)])],
      parameters: [weights, number("deviation", 3), number("mean", 20)],
      nodes: [
        Node(name: "", .dense(.init()), inputs: [ValueID(0), ValueID(1)]),
        Node(name: "", .binary(.init(.multiply)), inputs: [ValueID(4), ValueID(2)]),
        Node(name: "", .binary(.init(.add)), inputs: [ValueID(5), ValueID(3)]),
      ], outputs: [GraphOutput(name: "y", value: ValueID(6))])
    return try Model(
      trunk: Model.Trunk(graph: trunk, columns: [[]]),
      heads: [
        Model.Head(
          name: "price", sources: [.feature("flat")], graph: head,
          description: HeadDescription(task: .regression, targetMean: 20, targetDeviation: 3))
      ])
  }

  @Test func scalingIsCalledSoAndItsConstantsAreNoParameters() throws {
    let outline = ModelOutline(try scaled())
    #expect(outline.layers.map(\.title) == ["input scaling - 128 / 64", "flatten"])
    #expect(outline.layers.map(\.parameters) == [0, 0])
    #expect(outline.heads[0].layers.words == "dense 1 unstandardize")
    #expect(outline.heads[0].parameters == 8)
  }

  @Test func constantsOfOtherArithmeticAreParameters() throws {
    let model = try scaled()
    let price = try #require(model.head(named: "price"))
    let other = Model.Head(
      name: "price", sources: price.sources, graph: price.graph,
      description: HeadDescription(task: .regression, targetMean: 21, targetDeviation: 3))
    let outline = ModelOutline(try Model(trunk: model.trunk, heads: [other]))
    #expect(outline.heads[0].layers.words == "dense 1 multiply add")
    #expect(outline.heads[0].parameters == 10)
  }

  @Test func headsHangOnWhatTheyReadLast() throws {
    let outline = ModelOutline(try Models.branching())
    func parent(_ name: String) -> ModelOutline.Parent? {
      outline.heads.first { $0.name == name }?.parent
    }
    func head(_ name: String) -> ModelOutline.Parent? {
      outline.heads.firstIndex { $0.name == name }.map { .head($0) }
    }
    #expect(parent("edges") == .feature(0))
    #expect(parent("lane") == .feature(1))
    #expect(parent("speed") == head("car"))
    #expect(parent("brake") == head("speed"))
    let car = try #require(outline.heads.firstIndex { $0.name == "car" })
    #expect(outline.descendants[car] == 3)
  }

  @Test func blocksThatRepeatAreFolded() throws {
    let outline = ModelOutline(try Models.model(Models.residual(blocks: 20)))
    #expect(
      outline.rows(limit: 20) == [
        .layer(1), .layer(2), .layer(3), .layer(4), .repeated(5...28, times: 8), .layer(29),
        .layer(30), .layer(31), .layer(32), .layer(33), .layer(34), .repeated(35...58, times: 8),
        .layer(59), .layer(60), .layer(61),
      ])
  }

  /// Layers of two widths in an order that does not repeat.
  private func irregular(layers: Int, feature: (Int) -> Bool) throws -> ModelOutline {
    var builder = Models.Builder(inputs: ["x"])
    var value = Models.Builder.Operand.input(0)
    var outputs: [(Name, Models.Builder.Operand)] = []
    for layer in 1...layers {
      let isDense = (layer * layer) % 7 < 3
      value =
        isDense
        ? builder.dense(value) : builder.node(.reshape(.init([0, Models.width])), [value])
      if feature(layer) || layer == layers { outputs.append((Name("f\(layer)"), value)) }
    }
    return ModelOutline(try Models.model(builder.graph(outputs: outputs)))
  }

  @Test(arguments: [1, 2, 19, 20, 21, 40, 97, 500], [0, 1, 3, 50])
  func rowsStandForEveryLayerOnce(_ layers: Int, _ featureDistance: Int) throws {
    for limit in [10, 20, 30] {
      let outline = try irregular(layers: layers) {
        featureDistance > 0 && $0 % featureDistance == 0
      }
      let rows = outline.rows(limit: limit)
      #expect(rows.flatMap(\.positions) == Array(1...layers))
      #expect(rows.count <= limit + 1)
    }
  }

  @Test func layersWithFeaturesStay() throws {
    let outline = try irregular(layers: 200) { $0 == 77 || $0 == 120 }
    let rows = outline.rows(limit: 20)
    #expect(rows.contains(.layer(77)) && rows.contains(.layer(120)) && rows.contains(.layer(200)))
  }
}
