internal import EspalierGraph

extension Importer {
  /// The outputs of the document as values with their axes and elements as the document has them.
  mutating func outputs(_ graph: ONNXGraph, named names: [Name]?) throws -> [DraftOutput] {
    let known = graph.outputs.map(\.name)
    for name in names ?? [] where !known.contains(name) {
      throw ImportError.unknownOutput(name, known: known)
    }
    var outputs: [DraftOutput] = []
    for output in graph.outputs where names?.contains(output.name) ?? true {
      guard let operand = operand(named: output.name) else {
        throw ImportError.unsupportedOutput(output.name, "is not a tensor that a node makes")
      }
      switch operand.element {
      case .int16, .uint16, .uint32, .uint64:
        throw ImportError.unsupportedOutput(
          output.name, "has elements of type \(operand.element), which models do not have")
      default: draft.nodeName = output.name
      }
      var value = try draft.realize(try plainValue(operand))
      if let element = operand.element.inputElement, element != draft.type(value).element {
        value = try draft.realize(try cast(value, to: element))
      }
      let name: Name =
        output.name == Model.Trunk.reservedName ? Name("\(output.name)_output") : output.name
      outputs.append(DraftOutput(name: name, value: value))
    }
    return outputs
  }

  /// The values of the draft for values of the document at which the trunk ends.
  func cuts(_ names: [Name]) throws -> [DraftValue] {
    try names.map { name in
      guard let operand = operand(named: name) else { throw ImportError.unknownValue(name) }
      return operand.value
    }
  }
}
