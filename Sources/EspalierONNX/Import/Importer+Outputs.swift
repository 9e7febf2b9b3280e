internal import EspalierGraph

extension Importer {
  /// The outputs of the document as values with their axes and elements as the document has them.
  mutating func outputs(_ graph: ONNXGraph, named names: [Name]?) throws -> [DraftOutput] {
    var outputs: [DraftOutput] = []
    var texts: [(name: Name, texts: [Name])] = []
    for output in graph.outputs where names?.contains(output.name) ?? true {
      guard output.name.utf8.count <= GraphLimits.nameBytes else {
        throw ImportError.unsupportedOutput(
          output.name.shortened(to: 40),
          "has a name of \(output.name.utf8.count) bytes; \(GraphLimits.nameBytes) are the most")
      }
      guard let operand = operand(named: output.name) else {
        throw ImportError.unsupportedOutput(output.name, "is not a tensor that a node makes")
      }
      if operand.stack != nil || operand.sequence?.isEmpty == true {
        throw ImportError.unsupportedOutput(
          output.name, "is a sequence of no tensors, or of a number of them that is not fixed")
      }
      // A sequence becomes a head for each of its tensors.
      for (index, item) in (operand.sequence ?? [operand]).enumerated() {
        let name = operand.sequence == nil ? output.name : Name("\(output.name).\(index)")
        if let table = item.texts {
          texts.append((name, table))
        } else {
          outputs.append(try self.output(name, item))
        }
      }
    }
    try noteTexts(texts, toldBy: outputs)
    return outputs
  }

  /// An output as a value that a node or an input makes.
  private mutating func output(_ name: Name, _ operand: Operand) throws -> DraftOutput {
    switch operand.element {
    case .int16, .uint16, .uint32, .uint64:
      throw ImportError.unsupportedOutput(
        name, "has elements of type \(operand.element), which models do not have")
    default: draft.nodeName = name
    }
    let value: DraftValue
    do {
      value = try realized(operand)
      if draft.isEmpty(value) {
        if let input = draft.inputs.first(where: { draft.isEmpty($0.value) }) {
          throw ImportError.unsupportedInput(input.name, "has no elements")
        }
        throw ImportProblem("it has no elements")
      }
    } catch let problem as ImportProblem {
      throw ImportError.unsupportedOutput(name, "cannot be made: \(problem)")
    }
    let name: Name = name == Model.Trunk.reservedName ? Name("\(name)_output") : name
    return DraftOutput(
      name: name, value: value, labels: labels(of: value) ?? labels(ofSecondScore: value))
  }

  /// Notes which heads have the texts of outputs as labels; refuses a text that none has.
  private mutating func noteTexts(
    _ texts: [(name: Name, texts: [Name])], toldBy outputs: [DraftOutput]
  ) throws {
    for (name, texts) in texts {
      let known = Set(texts)
      let heads = outputs.filter { output in
        output.labels.map { known.isSuperset(of: $0.names) } ?? false
      }
      guard !heads.isEmpty else {
        throw ImportError.unsupportedOutput(
          name,
          "is text, which heads do not give; name the outputs with --heads, among them the scores "
            + "that it is chosen by, whose labels the texts become")
      }
      textOutputs.append(TextOutput(name: name, heads: heads.map(\.name)))
    }
  }

  /// A value with axes and elements as the document has them, which a node or an input makes.
  private mutating func realized(_ operand: Operand) throws -> DraftValue {
    let stored = operand.element.inputElement ?? draft.type(operand.value).element
    let cast = try mapped(operand) { importer, value in try importer.cast(value, to: stored) }
    return try draft.realize(try plainValue(cast))
  }
}
