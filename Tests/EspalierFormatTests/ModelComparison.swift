import EspalierGraph
import Testing

/// Expects two models to be the same in all that they hold.
func expectSame(_ left: Model, _ right: Model, _ comment: Comment? = nil) {
  expectSame(left.trunk.graph, right.trunk.graph, comment)
  #expect(left.trunk.columns == right.trunk.columns, comment)
  #expect(left.heads.map { $0.name } == right.heads.map { $0.name }, comment)
  for (first, second) in zip(left.heads, right.heads) {
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
    #expect(contents(first) == contents(second), comment)
  }
}

/// The bytes of a parameter's numbers.
func contents(_ parameter: Parameter) -> [UInt8] {
  let count = parameter.elementCount * parameter.type.element.byteCount
  return parameter.storage.withUnsafeBytes { Array($0[parameter.byteOffset...].prefix(count)) }
}
