import EspalierGraph
import Testing

/// Expects two models to be the same in all that they hold.
func expectSame(_ left: Model, _ right: Model, _ comment: Comment? = nil) {
  expectSame(left.trunk.graph, right.trunk.graph, comment)
  #expect(left.trunk.columns == right.trunk.columns, comment)
  let heads = [left, right].map { model in model.heads.sorted { $0.name < $1.name } }
  #expect(heads[0].map { $0.name } == heads[1].map { $0.name }, comment)
  for (first, second) in zip(heads[0], heads[1]) {
    #expect(first.sources == second.sources, comment)
    #expect(first.description == second.description, comment)
    expectSame(first.graph, second.graph, comment)
  }
}

private func expectSame(_ left: Graph, _ right: Graph, _ comment: Comment?) {
  #expect(left.inputs == right.inputs, comment)
  #expect(left.nodes == right.nodes, comment)
  #expect(left.outputs == right.outputs, comment)
  #expect(left.parameters.count == right.parameters.count, comment)
  for (first, second) in zip(left.parameters, right.parameters) {
    #expect(first.name == second.name, comment)
    #expect(first.type == second.type, comment)
    #expect(first.stored == second.stored, comment)
    #expect(contents(first) == contents(second), comment)
  }
}

/// The bytes of a parameter's numbers, as they are stored.
func contents(_ parameter: Parameter) -> [UInt8] {
  parameter.withStoredBytes { Array($0) }
}
