internal import EspalierGraph

/// What the open sizes of a document's inputs are called, and which sizes they are tried with.
struct SymbolTable {
  private let open: OpenSizes
  /// The symbols that there are, in the order in which inputs have them.
  private(set) var symbols: [OpenSymbol] = []
  /// What the document's symbols are called.
  private var names: [Name: Name] = [:]
  private var sizes: [Name: [Int]] = [:]
  /// The document's symbols that stand on first axes and nowhere else.
  private var rowSymbols: [Name] = []

  /// What exporters call sizes that have no name: each is of its own.
  private static let placeholders: Set<Name> = ["", "?", "-1", "None", "unknown"]

  /// - Parameters:
  ///   - inputs: the document's inputs.
  ///   - known: the symbols of documents before it.
  ///   - open: the sizes that symbols are tried with.
  init(_ inputs: [ONNXValueInfo], known: [OpenSymbol], _ open: OpenSizes) {
    self.open = open
    for symbol in known { add(symbol) }
    var first: [Name] = []
    var others: Set<Name> = []
    for input in inputs {
      guard case .tensor(_, let dimensions?) = input.type else { continue }
      for (axis, dimension) in dimensions.enumerated() {
        guard case .symbol(let symbol) = dimension else { continue }
        guard !Self.placeholders.contains(symbol) else { continue }
        if axis == 0 { first.append(symbol) } else { others.insert(symbol) }
      }
    }
    rowSymbols = first.filter { !others.contains($0) }
  }

  /// The size of a dimension in a world.
  func size(of dimension: Dimension, world: Int) -> Int {
    switch dimension {
    case .fixed(let size): size
    case .symbol(let name, let probe): sizes[name]?[world] ?? probe
    case .any: Dimension.usualProbe
    }
  }

  /// What an input's sizes are: numbers, and symbols.
  ///
  /// - Parameters:
  ///   - declared: what the document says; nil when it says nothing.
  ///   - given: sizes that replace open ones, -1 for those that stay open.
  ///   - known: the sizes of another input that may be the same one: open sizes in its place are called as they are
  ///     there.
  mutating func dimensions(
    of input: Name, _ declared: [ONNXDimension]?, given: [Int]?, like known: [Dimension]?
  ) throws -> [Dimension] {
    let declared = declared ?? given?.map { _ in .unknown } ?? []
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
      if known?.count == declared.count, case .symbol(let name, let probe)? = known?[axis] {
        switch dimension {
        case .symbol(let symbol) where names[symbol, default: name] == name:
          names[symbol] = name
          return .symbol(name, probe: probe)
        case .unknown: return .symbol(name, probe: probe)
        default: break
        }
      }
      switch dimension {
      case .fixed(let size): return .fixed(size)
      case .symbol(let symbol) where !Self.placeholders.contains(symbol):
        return self.dimension(of: symbol, axis: axis)
      case .symbol, .unknown:
        let name = axis == 0 ? SymbolSizes.batch : Name("\(input)_\(axis)")
        return self.dimension(OpenSymbol(name: name, axis: axis, isRows: axis == 0))
      }
    }
  }

  /// A symbol of the document: the batch is what the first of its inputs with rows counts them by.
  private mutating func dimension(of symbol: Name, axis: Int) -> Dimension {
    if names[symbol] == nil {
      names[symbol] =
        symbol == rowSymbols.first
        ? SymbolSizes.batch : symbol == SymbolSizes.batch ? "batch_1" : symbol
    }
    return dimension(
      OpenSymbol(
        name: names[symbol] ?? symbol, axis: axis, isRows: rowSymbols.contains(symbol)))
  }

  private mutating func dimension(_ symbol: OpenSymbol) -> Dimension {
    let symbol = OpenSymbol(
      name: open.name(of: symbol.name), axis: symbol.axis, isRows: symbol.isRows)
    if sizes[symbol.name] == nil { add(symbol) }
    let worlds = sizes[symbol.name] ?? []
    return worlds.allSatisfy({ $0 == worlds[0] })
      ? .fixed(worlds[0]) : .symbol(symbol.name, probe: worlds[0])
  }

  private mutating func add(_ symbol: OpenSymbol) {
    let place = symbols.count { $0.isRows == symbol.isRows }
    symbols.append(symbol)
    sizes[symbol.name] = open.sizes(of: symbol, place: place)
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
