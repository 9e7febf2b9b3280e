import EspalierGraph
import Testing

/// One test for each way in which a model can be refused; each spoils one thing of a valid model.
@Suite struct GraphErrorTests {
  @Test func theModelThatTheTestsSpoilIsValid() throws {
    let model = try Draft().model()
    #expect(model.heads.map(\.name) == ["a", "b"])
  }

  @Test func badNames() {
    for name in ["", "\u{1B}[2J", String(repeating: "x", count: 1025)] {
      var draft = Draft()
      draft.input = GraphInput(name: Name(name), dimensions: [.batch, .fixed(2)])
      #expect(throws: GraphError.badName(.input, head: nil)) { try draft.model() }
    }
  }

  @Test func duplicateNames() {
    var draft = Draft()
    draft.headNames = ["a", "a"]
    draft.secondSource = .feature("y")
    #expect(throws: GraphError.duplicateName(.head, "a", head: nil)) { try draft.model() }
    draft = Draft()
    draft.columns = ["p", "p"]
    #expect(throws: GraphError.duplicateName(.column, "p", head: nil)) { try draft.model() }
  }

  @Test func tooManyColumnLists() {
    var draft = Draft()
    draft.columnLists = 2
    #expect(throws: GraphError.tooMany(.column, count: 2, limit: 1, head: nil)) {
      try draft.model()
    }
  }

  @Test func noOutput() {
    var draft = Draft()
    draft.trunkOutputs = []
    #expect(throws: GraphError.noOutput(head: nil)) { try draft.model() }
  }

  @Test(arguments: [0, -1, GraphLimits.dimension + 1])
  func badInputSize(_ size: Int) {
    var draft = Draft()
    draft.input = GraphInput(name: "x", dimensions: [.batch, .fixed(size)])
    #expect(throws: GraphError.badInput("x", head: nil)) { try draft.model() }
  }

  @Test(arguments: [
    Dimension.any, .symbol("a\u{1}b"), .symbol("time", probe: 0),
    .symbol("time", probe: GraphLimits.dimension + 1),
  ])
  func impossibleDimensionOfATrunk(_ dimension: Dimension) {
    var draft = Draft()
    draft.input = GraphInput(name: "x", dimensions: [dimension, .fixed(2)])
    #expect(throws: GraphError.badInput("x", head: nil)) { try draft.model() }
  }

  @Test func symbolThatIsCheckedWithTwoSizes() {
    var draft = Draft()
    draft.input = GraphInput(
      name: "x", dimensions: [.symbol("t", probe: 3), .symbol("t", probe: 2)])
    #expect(throws: GraphError.badInput("x", head: nil)) { try draft.model() }
  }

  @Test func columnsThatDoNotFillTheInput() {
    var draft = Draft()
    draft.columns = ["p", "q", "r"]
    #expect(throws: GraphError.badInput("x", head: nil)) { try draft.model() }
  }

  @Test(arguments: [4, -4, 2, Int.max])
  func parameterOutsideItsStorage(_ offset: Int) {
    var draft = Draft()
    draft.weights = Parameter(
      name: "w", type: TensorType(.float32, [2, 2]),
      storage: TensorStorage([1, 2, 3, 4] as [Float]), byteOffset: offset)
    #expect(throws: GraphError.badParameter("w", head: nil)) { try draft.model() }
  }

  @Test(arguments: [
    (ElementType.int8, ElementType.float32), (.float32, .int8), (.int32, .bfloat16),
  ])
  func parameterThatCannotBeStoredSo(_ element: ElementType, _ stored: ElementType) {
    var draft = Draft()
    draft.weights = Parameter(
      name: "w", type: TensorType(element, [2, 2]), stored: stored,
      storage: TensorStorage([1, 2, 3, 4] as [Float]))
    #expect(throws: GraphError.badParameter("w", head: nil)) { try draft.model() }
  }

  @Test func halvesOutsideTheirStorage() {
    var draft = Draft()
    draft.weights = Parameter(
      name: "w", type: TensorType(.float32, [2, 2]), stored: .float16,
      storage: TensorStorage(halves: [1, 2, 3]))
    #expect(throws: GraphError.badParameter("w", head: nil)) { try draft.model() }
  }

  @Test(arguments: [
    Column("p", mean: .nan), Column("p", deviation: 0), Column("p", deviation: -1),
    Column("p", deviation: .infinity), Column("p", range: 0 ... .infinity),
  ])
  func columnThatCannotBeNormalised(_ column: Column) {
    var draft = Draft()
    draft.columns[0] = column
    #expect(throws: GraphError.badColumn("p")) { try draft.model() }
  }

  @Test func categoriesOfOneName() {
    var draft = Draft()
    draft.columns[0] = Column("p", categories: ["u", "v", "u"])
    let error = GraphError.duplicateName(.category, "u", head: nil)
    #expect(throws: error) { try draft.model() }
    #expect(error.description == "trunk: two categories are named u")
  }

  @Test func headOfTheReservedName() {
    var draft = Draft()
    draft.headNames = ["a", "trunk"]
    #expect(throws: GraphError.reservedName("trunk")) { try draft.model() }
  }

  @Test(arguments: [[0.5], [0.1, 0.2, 0.3], [0.2, 0.1], [0, 0.5], [0.5, 1], [.nan, 0.5]])
  func quantilesThatAreNone(_ levels: [Double]) {
    var draft = Draft()
    draft.description = HeadDescription(task: .regression, quantiles: levels)
    #expect(throws: GraphError.badTask(.badQuantiles, head: "a")) { try draft.model() }
    draft.description = HeadDescription(task: .regression, quantiles: [0.1, 0.9])
    #expect(throws: Never.self) { try draft.model() }
  }

  @Test func notesOfOneKey() {
    let note = About.Note(key: "k", value: "v")
    #expect(throws: GraphError.duplicateName(.note, "k", head: nil)) {
      try About(author: "", licence: "", notes: [note, note])
    }
    #expect(throws: GraphError.badName(.text, head: nil)) {
      try About(author: "\u{1B}[2J", licence: "", notes: [])
    }
  }

  @Test func parameterThatCannotBeCounted() {
    var draft = Draft()
    draft.weights = Parameter(
      name: "w", type: TensorType(.float32, [Int.max, 2]), storage: TensorStorage([1] as [Float]))
    #expect(throws: GraphError.badParameter("w", head: nil)) { try draft.model() }
  }

  @Test(arguments: [2, 3, -1, Int.max])
  func nodeThatReadsWhatDoesNotComeBeforeIt(_ value: Int) {
    var draft = Draft()
    draft.node = Node(name: "n", .unary(.init(.relu)), inputs: [ValueID(value)])
    let place = NodePlace(head: nil, index: 0, name: "n")
    #expect(throws: GraphError.undefinedValue(value, place)) { try draft.model() }
  }

  @Test func nodeWhoseShapesDoNotFit() {
    var draft = Draft()
    draft.weights = Parameter(name: "w", shape: [3, 2], values: [1, 2, 3, 4, 5, 6])
    let place = NodePlace(head: nil, index: 0, name: "n")
    let reason = OperatorError.wrongSize(input: 1, axis: 0, found: 3, expected: 2)
    #expect(throws: GraphError.invalidNode(reason, place)) { try draft.model() }
  }

  @Test(arguments: [3, -1])
  func outputThatDoesNotExist(_ value: Int) {
    var draft = Draft()
    draft.trunkOutputs = [GraphOutput(name: "y", value: ValueID(value))]
    #expect(throws: GraphError.undefinedOutput("y", head: nil)) { try draft.model() }
  }

  @Test func featureThatDoesNotExist() {
    var draft = Draft()
    draft.firstSource = .feature("z")
    #expect(throws: GraphError.unknownFeature("z", head: "a")) { try draft.model() }
  }

  @Test func headThatDoesNotExist() {
    var draft = Draft()
    draft.secondSource = .head("c", output: "o")
    #expect(throws: GraphError.unknownSource(head: "c", output: "o", reader: "b")) {
      try draft.model()
    }
    draft.secondSource = .head("a", output: "p")
    #expect(throws: GraphError.unknownSource(head: "a", output: "p", reader: "b")) {
      try draft.model()
    }
  }

  @Test func featureOfAnotherShape() {
    var draft = Draft()
    draft.headWidth = 3
    let declared = GraphInput(name: "i", dimensions: [.batch, .fixed(3)])
    let found = TensorType(.float32, [2, 2])
    #expect(throws: GraphError.featureMismatch(declared, found: found, head: "a")) {
      try draft.model()
    }
  }

  @Test func headsThatReadEachOther() {
    var draft = Draft()
    draft.firstSource = .head("b", output: "o")
    #expect(throws: GraphError.cycle("a")) { try draft.model() }
  }

  @Test func labelsThatDoNotFitTheOutputs() {
    var draft = Draft()
    draft.description = HeadDescription(task: .classification, labels: ["u", "v", "w"])
    #expect(throws: GraphError.badTask(.labelCount(found: 3, expected: 2), head: "a")) {
      try draft.model()
    }
  }

  @Test(arguments: [
    HeadDescription(task: .regression, threshold: .nan),
    HeadDescription(task: .regression, targetMean: .infinity),
    HeadDescription(task: .regression, targetDeviation: 0),
    HeadDescription(task: .regression, lossWeight: -.infinity),
    HeadDescription(task: .regression, temperature: 0),
    HeadDescription(task: .regression, temperature: .nan),
    HeadDescription(
      task: .regression, metrics: [Metric(name: "rmse", split: "test", value: .nan)]),
  ])
  func numbersThatAreNotFinite(_ description: HeadDescription) {
    var draft = Draft()
    draft.description = description
    #expect(throws: GraphError.badTask(.notFinite, head: "a")) { try draft.model() }
  }
}

/// The parts of a model of one dense node and two heads, the second of which reads the first.
private struct Draft {
  var input = GraphInput(name: "x", dimensions: [.batch, .fixed(2)])
  var weights = Parameter(name: "w", shape: [2, 2], values: [1, 2, 3, 4])
  var node = Node(name: "n", .dense(.init()), inputs: [ValueID(0), ValueID(1)])
  var trunkOutputs = [GraphOutput(name: "y", value: ValueID(2))]
  var columns: [Column] = ["p", "q"]
  var columnLists = 1
  var headNames: [Name] = ["a", "b"]
  var headWidth = 2
  var firstSource = HeadSource.feature("y")
  var secondSource = HeadSource.head("a", output: "o")
  var description = HeadDescription(task: .regression)

  func model() throws -> Model {
    let head = Graph(
      inputs: [GraphInput(name: "i", dimensions: [.batch, .fixed(headWidth)])], parameters: [],
      nodes: [], outputs: [GraphOutput(name: "o", value: ValueID(0))])
    return try Model(
      trunk: Model.Trunk(
        graph: Graph(inputs: [input], parameters: [weights], nodes: [node], outputs: trunkOutputs),
        columns: Array(repeating: columns, count: columnLists)),
      heads: zip(headNames, [firstSource, secondSource]).map { name, source in
        Model.Head(name: name, sources: [source], graph: head, description: description)
      })
  }
}
