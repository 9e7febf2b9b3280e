import EspalierFormat
import EspalierGraph
import EspalierReport
import EspalierText
import EspalierWriter
import Foundation
import Testing

/// A model whose every property can be varied by itself.
private struct Recipe {
  var input = GraphInput(name: "x", dimensions: [.batch, .fixed(2)])
  var columns: [Column] = ["left", "right"]
  var weights: [Float] = [1, 2, 3, 4]
  var weightsName: Name = "w"
  var bias: [Float] = [0.5, -0.5]
  var operators: [(Name, Operator)] = [("act", .unary(.init(.relu))), ("out", .softmax(.init()))]
  var feature: Name = "feature"
  var task = TaskKind.regression
  var labels: [Name] = ["a", "b"]
  var unit: Name = "m"
  var threshold = 0.5
  var targetMean = 0.0
  var targetDeviation = 1.0
  var loss: Name = "huber"
  var lossWeight = 1.0
  var metrics = [Metric(name: "mae", split: "test", value: 0.25)]
  var temperature = 1.0
  var quantiles: [Double] = []
  var about: About?
  var headNames: [Name] = ["first", "second"]
  var readsHead = false

  func model() throws -> Model {
    let trunk = Graph(
      inputs: [input],
      parameters: [
        Parameter(name: weightsName, shape: [2, 2], values: weights),
        Parameter(name: "b", shape: [2], values: bias),
      ],
      nodes: [Node(name: "in", .dense(.init()), inputs: [ValueID(0), ValueID(1), ValueID(2)])]
        + operators.enumerated().map {
          Node(name: $0.element.0, $0.element.1, inputs: [ValueID(3 + $0.offset)])
        },
      outputs: [GraphOutput(name: feature, value: ValueID(3 + operators.count))])
    let graph = Graph(
      inputs: [GraphInput(name: "in", dimensions: [.batch, .fixed(2)])], parameters: [],
      nodes: [Node(name: "", .unary(.init(.tanh)), inputs: [ValueID(0)])],
      outputs: [GraphOutput(name: "y", value: ValueID(1))])
    let heads = headNames.enumerated().map { index, name in
      Model.Head(
        name: name,
        sources: [
          index == 1 && readsHead ? .head(headNames[0], output: "y") : .feature(feature)
        ],
        graph: graph,
        description: HeadDescription(
          task: task, labels: labels, unit: unit, threshold: threshold, targetMean: targetMean,
          targetDeviation: targetDeviation, loss: loss, lossWeight: lossWeight, metrics: metrics,
          temperature: temperature, quantiles: quantiles))
    }
    return try Model(trunk: Model.Trunk(graph: trunk, columns: [columns]), heads: heads)
  }
}

/// A variation of the recipe and the difference that it has to show.
private struct Variation: CustomTestStringConvertible {
  let kind: ModelDifference.Change.Kind
  let head: String?
  let subject: String
  let a: String?
  let b: String?
  let vary: @Sendable (inout Recipe) throws -> Void

  var testDescription: String { subject }

  init(
    _ kind: ModelDifference.Change.Kind, _ subject: String, head: String? = nil, _ a: String?,
    _ b: String?, _ vary: @escaping @Sendable (inout Recipe) throws -> Void
  ) {
    (self.kind, self.head, self.subject, self.a, self.b, self.vary) = (
      kind, head, subject, a, b, vary
    )
  }

  static let all = [
    Variation(.graph, "input 0", "x batchx2 float32", "z batchx2 float32") {
      $0.input = GraphInput(name: "z", dimensions: [.batch, .fixed(2)])
    },
    Variation(.graph, "node 1 act: operator", "relu", "tanh") {
      $0.operators[0].1 = .unary(.init(.tanh))
    },
    Variation(.graph, "node 1 act: name", "act", "function") { $0.operators[0].0 = "function" },
    Variation(.graph, "node 2 new", nil, "sigmoid of act") {
      $0.operators.insert(("new", .unary(.init(.sigmoid))), at: 1)
    },
    Variation(.graph, "node 2 out", "softmax of act", nil) { $0.operators.removeLast() },
    Variation(.graph, "node 2 shape", nil, "reshape of act") {
      $0.operators.insert(("shape", .reshape(.init([0, 2]))), at: 1)
    },
    Variation(.graph, "parameter w", "2x2 float32", nil) { $0.weightsName = "v" },
    Variation(.graph, "output 0", "feature = out", "trait = out") { $0.feature = "trait" },
    Variation(.graph, "sources", head: "second", "feature", "first.y") { $0.readsHead = true },
    Variation(.weights, "w", nil, nil) { $0.weights[2] = 3.5 },
    Variation(.weights, "b", nil, nil) { $0.bias[0] = -0.5 },
    Variation(.metadata, "input 0, column 1", "right", "wrong") { $0.columns[1] = "wrong" },
    Variation(.metadata, "input 0, column 0", "left", nil) { $0.columns = [] },
    Variation(.metadata, "input 0, column 1", "right", "right minus 2.0 over 4.0 of a, b") {
      $0.columns[1] = Column("right", categories: ["a", "b"], mean: 2, deviation: 4)
    },
    Variation(.metadata, "author", nil, "Ada") {
      $0.about = try About(author: "Ada", licence: "", notes: [])
    },
    Variation(.metadata, "licence", nil, "MIT") {
      $0.about = try About(author: "", licence: "MIT", notes: [])
    },
    Variation(.metadata, "note data", nil, "roads") {
      $0.about = try About(author: "", licence: "", notes: [.init(key: "data", value: "roads")])
    },
    Variation(.metadata, "temperature", head: "first", "1.0", "2.0") { $0.temperature = 2 },
    Variation(.metadata, "quantiles", head: "first", "", "0.1, 0.9") { $0.quantiles = [0.1, 0.9] },
    Variation(.metadata, "task", head: "first", "regression", "classification") {
      $0.task = .classification
    },
    Variation(.metadata, "labels", head: "first", "a, b", "a, c") { $0.labels[1] = "c" },
    Variation(.metadata, "unit", head: "second", "m", "") { $0.unit = "" },
    Variation(.metadata, "threshold", head: "first", "0.5", "0.75") { $0.threshold = 0.75 },
    Variation(.metadata, "target mean", head: "first", "0.0", "2.0") { $0.targetMean = 2 },
    Variation(.metadata, "target deviation", head: "first", "1.0", "3.0") {
      $0.targetDeviation = 3
    },
    Variation(.metadata, "loss", head: "first", "huber", "mse") { $0.loss = "mse" },
    Variation(.metadata, "loss weight", head: "first", "1.0", "0.5") { $0.lossWeight = 0.5 },
    Variation(.metadata, "metric mae on test", head: "first", "0.25", "0.5") {
      $0.metrics = [Metric(name: "mae", split: "test", value: 0.5)]
    },
    Variation(.metadata, "metric mae on test", head: "first", "0.25", nil) { $0.metrics = [] },
    Variation(.onlyInA, "head", head: "second", "present", nil) { $0.headNames = ["first"] },
    Variation(.onlyInB, "head", head: "third", nil, "present") { $0.headNames.append("third") },
  ]
}

@Suite struct DifferenceTests {
  /// The same letters in other bytes: names of heads, features, parameters, nodes, labels and columns.
  @Test func namesDifferByTheirBytes() throws {
    let (one, two) = (Name("\u{E9}"), Name("e\u{301}"))
    func model(_ name: Name, heads: [Name]) throws -> Model {
      var recipe = Recipe()
      recipe.weightsName = name
      recipe.operators[0].0 = name
      recipe.feature = name
      recipe.labels[0] = name
      recipe.columns[0] = Column(name)
      recipe.metrics = [Metric(name: name, split: "test", value: 1)]
      recipe.headNames = heads
      return try recipe.model()
    }
    let (a, b) = (try model(one, heads: [one, two]), try model(two, heads: [one, two]))
    #expect(ModelDifference(a, a).changes.isEmpty)
    let changes = ModelDifference(a, b).changes
    #expect(changes.count { $0.subject == "labels" } == 2)
    #expect(changes.count { $0.subject == "sources" } == 2)
    #expect(changes.count { $0.subject.hasPrefix("metric ") } == 4)
    #expect(changes.count { $0.subject.hasPrefix("parameter ") } == 2)
    for subject in ["output 0", "input 0, column 0"] {
      #expect(changes.count { $0.subject == subject } == 1)
    }
    #expect(changes.count { $0.subject.hasSuffix(": name") } == 1)
    let text = DifferenceReport(a: "a", b: "b", models: ModelDifference(a, b), storage: []).text
    #expect(text.contains("in the trunk and 2 heads"))
    #expect(text.contains("é in A, the same text in other bytes in B"))
    #expect(text.split(separator: "\n").count { $0.hasPrefix("head ") } == 2)

    let others = ModelDifference(try model(one, heads: [one]), try model(one, heads: [two]))
    #expect(others.changes.map(\.kind) == [.onlyInB, .onlyInA])
  }

  @Test(arguments: Variation.all)
  fileprivate func everyKindOfChangeIsFound(_ variation: Variation) throws {
    var recipe = Recipe()
    try variation.vary(&recipe)
    let (a, b) = (try Recipe().model(), try recipe.model())
    let changes = ModelDifference(a, b, about: (nil, recipe.about)).changes
    let change = try #require(
      changes.first {
        $0.kind == variation.kind && $0.head == variation.head && $0.subject == variation.subject
      }, "\(changes)")
    #expect(change.a == variation.a)
    #expect(change.b == variation.b)
    #expect((change.numbers != nil) == (variation.kind == .weights))
    let places = Set(changes.map { [$0.kind.rawValue, $0.head ?? ""] })
    if variation.kind == .weights || variation.head == nil && variation.kind == .metadata {
      #expect(places.count == 1, "one variation, but \(changes)")
    }
    let back = ModelDifference(b, a, about: (recipe.about, nil)).changes
    #expect(back.count == changes.count)
    let text = DifferenceReport(
      a: "a", b: "b", models: ModelDifference(a, b, about: (nil, recipe.about)), storage: []
    ).text
    #expect(text.hasPrefix("differ: "))
    for line in text.split(separator: "\n") { #expect(columns(of: String(line)) <= reportWidth) }
  }

  @Test func aModelIsLikeItself() throws {
    for model in [try Recipe().model(), try Models.branching(), try Models.hostile()] {
      #expect(ModelDifference(model, model).changes.isEmpty)
    }
    #expect(report(try Recipe().model(), try Recipe().model()).text == "same\nA  a\nB  b")
  }

  @Test func theOrderOfHeadsDoesNotMatter() throws {
    var recipe = Recipe()
    recipe.headNames.reverse()
    #expect(ModelDifference(try Recipe().model(), try recipe.model()).changes.isEmpty)
  }

  @Test func anInsertedNodeIsTheOnlyOneThatIsReportedWhole() throws {
    var recipe = Recipe()
    recipe.operators.insert(("new", .unary(.init(.sigmoid))), at: 0)
    let changes = ModelDifference(try Recipe().model(), try recipe.model()).changes
    #expect(changes.map(\.subject) == ["node 1 new", "node 1 act: inputs"])
  }

  @Test func nodesThatAreCalledAlikeAreStillToldApart() throws {
    func graph(_ second: Int) -> Graph {
      Graph(
        inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(2)])], parameters: [],
        nodes: [
          Node(name: "same", .unary(.init(.relu)), inputs: [ValueID(0)]),
          Node(name: "same", .unary(.init(.relu)), inputs: [ValueID(1)]),
          Node(name: "end", .unary(.init(.relu)), inputs: [ValueID(second)]),
        ], outputs: [GraphOutput(name: "y", value: ValueID(3))])
    }
    let changes = ModelDifference(try Models.model(graph(1)), try Models.model(graph(2))).changes
    #expect(changes.map(\.subject) == ["numbering of values"])
  }

  @Test func metadataThatReadsAlikeIsStillToldApart() throws {
    var (first, second) = (Recipe(), Recipe())
    (first.task, second.task) = (.regression, .regression)
    first.labels = ["a, b", "c"]
    second.labels = ["a", "b, c"]
    let changes = ModelDifference(try first.model(), try second.model()).changes
    #expect(changes.map(\.subject) == ["description", "description"])
  }

  @Test func storageThatDiffersIsShown() throws {
    let model = try Models.branching()
    let whole = try sections(ModelWriter(model).encode())
    let plain = try sections(ModelWriter(model, weights: .none).encode())
    let parts = try sections(
      ModelWriter(model, contents: .trunk).encode()
        + ModelWriter(model, contents: .heads(model.heads.map { $0.name })).encode())
    #expect(StorageDifference.all(whole, whole).isEmpty)
    #expect(
      StorageDifference.all(whole, plain).contains {
        $0.subject == "codec of weights of trunk" && $0.a == "planes" && $0.b == "none"
      })
    #expect(
      StorageDifference.all(whole, parts) == [StorageDifference(subject: "parts", a: "1", b: "2")])
    let report = DifferenceReport(
      a: "a", b: "b", models: ModelDifference(model, model),
      storage: StorageDifference.all(whole, parts))
    #expect(report.same)
    #expect(
      report.text == "same model, stored differently\nA  a\nB  b\n  parts: 1 in A, 2 in B")
  }

  private func sections(_ bytes: [UInt8]) throws -> [SectionInfo] {
    try ModelReader(MemorySource(bytes)).sections()
  }

  private func report(_ a: Model, _ b: Model) -> DifferenceReport {
    DifferenceReport(a: "a", b: "b", models: ModelDifference(a, b), storage: [])
  }
}
