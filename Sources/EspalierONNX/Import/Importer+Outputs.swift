internal import EspalierGraph

extension Importer {
  /// The outputs of the document as values with their axes and elements as the document has them.
  mutating func outputs(_ graph: ONNXGraph, named names: [Name]?) throws -> [DraftOutput] {
    var outputs: [DraftOutput] = []
    for output in graph.outputs where names?.contains(output.name) ?? true {
      guard output.name.utf8.count <= GraphLimits.nameBytes else {
        throw ImportError.unsupportedOutput(
          output.name.shortened(to: 40),
          "has a name of \(output.name.utf8.count) bytes; \(GraphLimits.nameBytes) are the most")
      }
      guard let operand = operand(named: output.name) else {
        throw ImportError.unsupportedOutput(output.name, "is not a tensor that a node makes")
      }
      switch operand.element {
      case .int16, .uint16, .uint32, .uint64:
        throw ImportError.unsupportedOutput(
          output.name, "has elements of type \(operand.element), which models do not have")
      default: draft.nodeName = output.name
      }
      let value: DraftValue
      do {
        value = try realized(operand)
        guard !draft.type(value).shape.sizes.contains(0) else {
          throw ImportProblem("it has no elements")
        }
      } catch let problem as ImportProblem {
        throw ImportError.unsupportedOutput(output.name, "cannot be made: \(problem)")
      }
      let name: Name =
        output.name == Model.Trunk.reservedName ? Name("\(output.name)_output") : output.name
      outputs.append(DraftOutput(name: name, value: value))
    }
    return outputs
  }

  /// A value with axes and elements as the document has them, which a node or an input makes.
  private mutating func realized(_ operand: Operand) throws -> DraftValue {
    let stored = operand.element.inputElement ?? draft.type(operand.value).element
    let cast = try mapped(operand) { importer, value in try importer.cast(value, to: stored) }
    return try draft.realize(try plainValue(cast))
  }
}
