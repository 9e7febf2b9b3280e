package import EspalierGraph

/// Stops the fuzzer unless something holds.
package func demand(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}

/// Stops the fuzzer unless two models are the same in all that they hold.
package func expectSame(_ left: Model, _ right: Model) {
  expectSame(left.trunk.graph, right.trunk.graph)
  demand(areSame(left.trunk.columns, right.trunk.columns), "columns differ")
  demand(left.heads.count == right.heads.count, "numbers of heads differ")
  for head in left.heads {
    guard let other = right.head(named: head.name) else { fatalError("\(head.name) is missing") }
    expectSame(head, other)
  }
}

/// Stops the fuzzer unless two heads are the same in all that they hold.
package func expectSame(_ left: Model.Head, _ right: Model.Head) {
  demand(left.name == right.name, "names differ")
  demand(left.sources == right.sources, "sources differ")
  expectSame(left.graph, right.graph)
  demand(areSame(left.description, right.description), "descriptions differ")
}

private func expectSame(_ left: Graph, _ right: Graph) {
  demand(left.inputs == right.inputs, "inputs differ")
  demand(areSame(left.nodes, right.nodes), "nodes differ")
  demand(left.outputs == right.outputs, "outputs differ")
  demand(left.parameters.count == right.parameters.count, "numbers of parameters differ")
  for (first, second) in zip(left.parameters, right.parameters) {
    demand(
      first.name == second.name && first.type == second.type && first.stored == second.stored,
      "parameters differ")
    demand(holdTheSame(first, second), "numbers of \(first.name) differ")
  }
}

/// Whether two values are equal, or at least the same as text: they may hold numbers that are not equal to themselves.
package func areSame<Value: Equatable>(_ left: Value, _ right: Value) -> Bool {
  left == right || "\(left)" == "\(right)"
}

private func holdTheSame(_ left: Parameter, _ right: Parameter) -> Bool {
  let bytes = (left.storage.bytes, right.storage.bytes)
  return (0..<left.storedByteCount).allSatisfy {
    bytes.0.unsafeLoad(fromByteOffset: left.byteOffset + $0, as: UInt8.self)
      == bytes.1.unsafeLoad(fromByteOffset: right.byteOffset + $0, as: UInt8.self)
  }
}
