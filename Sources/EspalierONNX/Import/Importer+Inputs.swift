public import EspalierGraph

/// Why a document cannot be converted as a whole.
public enum ImportError: Error, Sendable, Equatable {
  /// There is no such input, or it is a constant of the document.
  case unknownInput(Name, known: [Name])
  /// An input has a type that models cannot have.
  case unsupportedInput(Name, String)
  /// An input was given another number of sizes than it has, or sizes that it does not have.
  case wrongShape(Name, given: [Int], declared: String)
  /// An input has another type in this document than one of the same name in a document before it.
  case otherInput(Name, found: String, known: String)
  /// An output has a type that models cannot have.
  case unsupportedOutput(Name, String)
  /// There is no such output.
  case unknownOutput(Name, known: [Name])
  /// There is no value of this name.
  case unknownValue(Name)
  /// A note under this key is wrong.
  case badNote(String, String)
}

extension ImportError: CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .unknownInput(let name, let known):
      "there is no input \(name); the inputs are \(listed(known))"
    case .unsupportedInput(let name, let reason): "input \(name) \(reason)"
    case .wrongShape(let name, let given, let declared):
      "input \(name) cannot have the shape \(given.map { "\($0)" }.joined(separator: "x")): "
        + "it is declared as \(declared)"
    case .otherInput(let name, let found, let known):
      "input \(name) is \(found), but \(known) in a model before it; "
        + "give both the same sizes with --input-shape, or rename one"
    case .unsupportedOutput(let name, let reason): "output \(name) \(reason)"
    case .unknownOutput(let name, let known):
      "there is no output \(listed([name])); the outputs are \(listed(known))"
    case .unknownValue(let name): "there is no value \(name)"
    case .badNote(let key, let reason): "metadata_props: \(key) \(reason)"
    }
  }
}

extension Importer {
  /// The inputs of the document that are no constants become inputs of the draft.
  mutating func addInputs(
    _ graph: ONNXGraph, _ options: ImportOptions, joins: Bool
  ) throws {
    let inputs = graph.requiredInputs
    let open = inputs.filter { options.constants[$0.name] == nil }
    guard open.count <= GraphLimits.inputs else {
      throw GraphError.tooMany(
        .input, count: open.count, limit: GraphLimits.inputs, head: nil)
    }
    var symbols = SymbolTable(open, known: draft.symbols, options.sizes)
    let known = draft.inputs
    for input in inputs {
      if let tensor = options.constants[input.name] {
        define(input.name, try constant(tensor, name: input.name))
        continue
      }
      let shape = options.shapes[input.name]
      guard case .tensor(let element, let declared) = input.type else {
        throw ImportError.unsupportedInput(input.name, "is not a tensor; models read nothing else")
      }
      guard let stored = element.inputElement, element != .uint64 else {
        throw ImportError.unsupportedInput(
          input.name, "has elements of type \(element), which models do not have")
      }
      guard declared != nil || shape != nil else {
        throw ImportError.unsupportedInput(
          input.name, "has no shape; give one with --input-shape \(input.name)=1,3,224,224")
      }
      let same = known.first { $0.name == input.name }
      let candidate = same ?? (joins ? known.first : nil)
      let dimensions = try symbols.dimensions(
        of: input.name, declared, given: shape, like: candidate?.dimensions)
      try expectShortNames(input.name, dimensions)
      let types = (0..<Draft.worldCount).map { world in
        TensorType(stored, Shape(dimensions.map { symbols.size(of: $0, world: world) }))
      }
      draft.symbols = symbols.symbols
      let computed = element.computedElement ?? stored
      let isCountable = types.allSatisfy { type in
        type.isCountable && TensorType(computed, type.shape).isCountable
      }
      guard isCountable else {
        throw ImportError.unsupportedInput(
          input.name,
          "is too large with the shape \(joined(dimensions)); \(Shape.maximumRank) axes of "
            + "\(GraphLimits.dimension) are the most, and all elements must be countable")
      }
      var value: DraftValue
      if let candidate, candidate.element == stored, candidate.dimensions == dimensions {
        value = draft.use(candidate)
        if same == nil { joinedInput = (document: input.name, draft: candidate.name) }
      } else if let same {
        throw ImportError.otherInput(
          input.name, found: "\(stored) \(joined(dimensions))",
          known: "\(same.element) \(joined(same.dimensions))")
      } else {
        value = draft.addInput(
          input.name, element: stored, dimensions: dimensions, types: types)
      }
      if computed != stored {
        draft.nodeName = input.name
        value = try draft.emit(.cast(.init(computed)), [value])
      }
      define(input.name, plain(value, element))
    }
  }
}

/// Refuses names that are longer than those of models are.
private func expectShortNames(_ input: Name, _ dimensions: [Dimension]) throws {
  let symbols = dimensions.compactMap { if case .symbol(let name, _) = $0 { name } else { nil } }
  for name in [input] + symbols where name.utf8.count > GraphLimits.nameBytes {
    throw ImportError.unsupportedInput(
      input.shortened(to: 40),
      "has a name, or a size with a name, of \(name.utf8.count) bytes; "
        + "\(GraphLimits.nameBytes) are the most")
  }
}

/// Sizes and symbols as messages have them, behind a type.
private func joined(_ dimensions: [Dimension]) -> String {
  dimensions.isEmpty ? "scalar" : dimensions.map(\.description).joined(separator: "x")
}
