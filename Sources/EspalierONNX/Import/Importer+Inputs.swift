public import EspalierGraph

/// Why a document cannot be converted as a whole.
public enum ImportError: Error, Sendable, Equatable {
  /// There is no such input, or it is a constant of the document.
  case unknownInput(Name, known: [Name])
  /// An input has a type that models cannot have.
  case unsupportedInput(Name, String)
  /// An input was given another number of sizes than it has, or sizes that it does not have.
  case wrongShape(Name, given: [Int], declared: String)
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
      "there is no input \(name); the inputs are \(known.map(\.description).joined(separator: ", "))"
    case .unsupportedInput(let name, let reason): "input \(name) \(reason)"
    case .wrongShape(let name, let given, let declared):
      "input \(name) cannot have the shape \(given.map { "\($0)" }.joined(separator: "x")): "
        + "it is declared as \(declared)"
    case .unsupportedOutput(let name, let reason): "output \(name) \(reason)"
    case .unknownOutput(let name, let known):
      "there is no output \(name); the outputs are \(known.map(\.description).joined(separator: ", "))"
    case .unknownValue(let name): "there is no value \(name)"
    case .badNote(let key, let reason): "metadata_props: \(key) \(reason)"
    }
  }
}

extension Importer {
  /// The inputs of the document that are no constants become inputs of the draft.
  mutating func addInputs(
    _ graph: ONNXGraph, shapes: [Name: [Int]], constants: [Name: ONNXTensor]
  ) throws {
    let inputs = graph.requiredInputs
    let names = inputs.map(\.name)
    for name in shapes.keys.sorted() + constants.keys.sorted() where !names.contains(name) {
      throw ImportError.unknownInput(name, known: names)
    }
    var symbols = SymbolTable(inputs.filter { constants[$0.name] == nil })
    for input in inputs {
      if let tensor = constants[input.name] {
        define(input.name, try constant(tensor, name: input.name))
        continue
      }
      guard case .tensor(let element, let declared) = input.type else {
        throw ImportError.unsupportedInput(input.name, "is not a tensor")
      }
      guard let stored = element.inputElement else {
        throw ImportError.unsupportedInput(input.name, "has elements of type \(element)")
      }
      guard declared != nil || shapes[input.name] != nil else {
        throw ImportError.unsupportedInput(
          input.name, "has no shape; give one with --input-shape \(input.name)=1,3,224,224")
      }
      let dimensions = try symbols.dimensions(
        of: input.name, declared, given: shapes[input.name])
      let types = (0..<Draft.worldCount).map { world in
        TensorType(stored, Shape(dimensions.map { symbols.size(of: $0, world: world) }))
      }
      var value = draft.addInput(
        input.name, element: stored, dimensions: dimensions, types: types)
      if let computed = element.computedElement, computed != stored {
        draft.nodeName = input.name
        value = try draft.emit(.cast(.init(computed)), [value])
      }
      define(input.name, plain(value, element))
    }
  }
}

/// What the open sizes of a document's inputs are called, and which sizes they are tried with.
private struct SymbolTable {
  private var names: [String: Name] = [:]
  private var probes: [Name: [Int]] = [SymbolSizes.batch: [2, 3]]

  /// The symbols of first axes, which are the batch when they stand nowhere else.
  private var batchSymbols: Set<String> = []

  init(_ inputs: [ONNXValueInfo]) {
    var others: Set<String> = []
    for input in inputs {
      guard case .tensor(_, let dimensions?) = input.type else { continue }
      for (axis, dimension) in dimensions.enumerated() {
        guard case .symbol(let symbol) = dimension else { continue }
        if axis == 0 { batchSymbols.insert("\(symbol)") } else { others.insert("\(symbol)") }
      }
    }
    batchSymbols.subtract(others)
  }

  func size(of dimension: Dimension, world: Int) -> Int {
    switch dimension {
    case .fixed(let size): size
    case .symbol(let name, _): probes[name]?[world] ?? Dimension.usualProbe
    case .any: Dimension.usualProbe
    }
  }

  mutating func dimensions(
    of input: Name, _ declared: [ONNXDimension]?, given: [Int]?
  ) throws -> [Dimension] {
    guard let declared else { return given?.map { .fixed($0) } ?? [] }
    if let given {
      let fits =
        given.count == declared.count
        && zip(given, declared).allSatisfy { size, dimension in
          if case .fixed(let fixed) = dimension { return size == fixed }
          return size > 0 || size == -1
        }
      guard fits else {
        throw ImportError.wrongShape(input, given: given, declared: text(declared))
      }
    }
    return declared.enumerated().map { axis, dimension in
      if let size = given?[axis], size > 0 { return .fixed(size) }
      switch dimension {
      case .fixed(let size): return .fixed(size)
      case .symbol(let symbol): return self.symbol("\(symbol)", axis: axis)
      case .unknown: return self.symbol(axis == 0 ? "" : "\(input)_\(axis)", axis: axis)
      }
    }
  }

  private mutating func symbol(_ text: String, axis: Int) -> Dimension {
    if text.isEmpty || batchSymbols.contains(text) { return .batch }
    let name = names[text] ?? (text == "batch" ? "batch_1" : Name(text))
    names[text] = name
    // Multiples of 16, so that what halves sizes several times meets whole ones.
    let probe = probes[name] ?? [32 + 16 * (probes.count - 1), 48 + 32 * (probes.count - 1)]
    probes[name] = probe
    return .symbol(name, probe: probe[0])
  }

  private func text(_ dimensions: [ONNXDimension]) -> String {
    dimensions.map {
      switch $0 {
      case .fixed(let size): "\(size)"
      case .symbol(let name): "\(name)"
      case .unknown: "?"
      }
    }.joined(separator: "x")
  }
}
