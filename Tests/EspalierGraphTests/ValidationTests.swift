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
}
