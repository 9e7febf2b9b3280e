import EspalierGraph
import Testing

@Suite struct ValidationTests {
  @Test func inputWhoseElementsCannotBeCountedForTheProbeBatchIsRefused() {
    let input = GraphInput(
      name: "x",
      dimensions: [.batch, .batch, .batch, .batch, .fixed(1 << 30), .fixed(1 << 30)])
    let graph = Graph(
      inputs: [input], parameters: [],
      nodes: [Node(name: "flat", .reshape(.init([0, -1])), inputs: [ValueID(0)])],
      outputs: [GraphOutput(name: "y", value: ValueID(1))])
    #expect(throws: GraphError.badInput("x", head: nil)) {
      try Model(trunk: Model.Trunk(graph: graph, columns: [[]]), heads: [])
    }
  }

  /// A head that returns what it reads.
  private func head(_ name: Name, reads source: HeadSource) -> Model.Head {
    let input = GraphInput(name: "x", dimensions: [.batch, .fixed(2)])
    return Model.Head(
      name: name, sources: [source],
      graph: Graph(
        inputs: [input], parameters: [],
        nodes: [Node(name: "", .unary(.init(.relu)), inputs: [ValueID(0)])],
        outputs: [GraphOutput(name: "y", value: ValueID(1))]),
      description: HeadDescription(task: .regression))
  }

  @Test(
    arguments: [
      ([("c", nil), ("a", nil), ("b", nil)], ["c", "a", "b"]),
      ([("b", nil), ("c", "b"), ("a", nil)], ["b", "c", "a"]),
      ([("c", "a"), ("b", nil), ("a", "d"), ("d", nil)], ["d", "a", "c", "b"]),
    ] as [([(Name, Name?)], [Name])])
  func headsStandAsGivenButBehindWhatTheyRead(_ given: [(Name, Name?)], _ expected: [Name]) throws {
    let trunk = Graph(
      inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(2)])], parameters: [], nodes: [],
      outputs: [GraphOutput(name: "f", value: ValueID(0))])
    let model = try Model(
      trunk: Model.Trunk(graph: trunk, columns: [[]]),
      heads: given.map { name, read in
        head(name, reads: read.map { .head($0, output: "y") } ?? .feature("f"))
      })
    #expect(model.heads.map { $0.name } == expected)
  }

  @Test func headsThatReadEachOtherInALongRowAreOrdered() throws {
    let trunk = Graph(
      inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(2)])], parameters: [], nodes: [],
      outputs: [GraphOutput(name: "f", value: ValueID(0))])
    let count = 20_000
    let heads = (0..<count).map { index in
      head(
        Name("\(index)"),
        reads: index + 1 < count ? .head(Name("\(index + 1)"), output: "y") : .feature("f"))
    }
    let model = try Model(trunk: Model.Trunk(graph: trunk, columns: [[]]), heads: heads)
    #expect(model.heads.map { $0.name } == heads.reversed().map { $0.name })
  }
}
