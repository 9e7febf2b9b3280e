internal import EspalierGraph

/// The model that documents make, with the sizes that it takes.
struct UnionModel {
  private(set) var union: DocumentUnion
  private(set) var differences: [FirstDifference?]
  /// The names of the heads of each document.
  private(set) var names: [[Name]]
  var model: Model
  /// The options, with the sizes that symbols were tried with.
  private(set) var options: ImportOptions
  private(set) var sizes: [OpenSize] = []

  /// Imports documents whose functions are inlined, with sizes that the networks take.
  ///
  /// - Throws: `DocumentFailure`, `ImportError` or `GraphError`.
  init(_ documents: [NamedDocument], _ options: ImportOptions, joinsInputs: Bool) throws {
    let oracle = SizeOracle(documents, options, joinsInputs: joinsInputs)
    let symbols = try oracle.symbols()
    do {
      try self.init(documents, options, joinsInputs)
    } catch let failure as DocumentFailure where failure.mayBeOfSizes && !symbols.isEmpty {
      var search = SizeSearch(oracle, symbols, hints: documents.flatMap(\.sizesOfWeights))
      var options = options
      options.sizes = try search.found(insteadOf: failure)
      try self.init(documents, options, joinsInputs)
    }
    var search = RangeSearch(oracle, symbols)
    var ranges = search.ranges(of: self)
    for range in ranges {
      guard let wider = try wider(than: range, documents, joinsInputs, &search) else { continue }
      (self, ranges) = wider
    }
    let single = ranges.filter { $0.least == $0.most }
    if !single.isEmpty {
      var options = self.options
      for range in single { options.sizes.fix(range.symbol, at: range.least) }
      try self.init(documents, options, joinsInputs)
      ranges = search.ranges(of: self)
    }
    model = try model.taking(ranges.filter { !$0.isEverything })
    sizes = openSizes(ranges)
  }

  /// The model that larger sizes of a symbol make, with its ranges, where there are larger ones that the documents take
  /// and the model does not, as when all that were tried fit into one window.
  private func wider(
    than range: SymbolRange, _ documents: [NamedDocument], _ joinsInputs: Bool,
    _ search: inout RangeSearch
  ) throws -> (UnionModel, [SymbolRange])? {
    guard let size = search.size(beyond: range, of: model, options.sizes),
      let place = union.draft.symbols.firstIndex(where: { $0.name == range.symbol })
    else { return nil }
    var options = options
    options.sizes.worlds[range.symbol] = SymbolRange(range.symbol, least: size, step: range.step)
      .worlds(place: place, isRows: false)
    guard let other = try? UnionModel(documents, options, joinsInputs) else { return nil }
    let ranges = search.ranges(of: other)
    let found = ranges.first { $0.symbol == range.symbol }
    return found.map { $0.count > range.count } == true ? (other, ranges) : nil
  }

  /// What became of the documents' symbols.
  private func openSizes(_ ranges: [SymbolRange]) -> [OpenSize] {
    union.draft.symbols.map { symbol in
      OpenSize(
        symbol: symbol.name,
        range: options.sizes.number(symbol.name).map {
          SymbolRange(symbol.name, least: $0, most: $0)
        } ?? ranges.first { $0.symbol == symbol.name } ?? SymbolRange(symbol.name),
        same: options.sizes.same.filter { $0.value == symbol.name }.keys.sorted())
    }
  }

  private init(_ documents: [NamedDocument], _ options: ImportOptions, _ joinsInputs: Bool) throws {
    union = try DocumentUnion(
      documents, into: Draft(folds: true, limits: options.limits), options,
      joinsInputs: joinsInputs)
    differences = union.firstDifferences()
    try union.finish()
    names = union.headNames()
    model = try union.model(heads: names.flatMap { $0 })
    self.options = options
  }
}

extension DocumentFailure {
  /// Whether other sizes of open axes may be of help.
  fileprivate var mayBeOfSizes: Bool {
    if let nodes = cause as? UnconvertibleNodes { return !nodes.isUnknown && !nodes.isOverBudget }
    if case .unsupportedOutput = cause as? ImportError { return true }
    return false
  }
}

extension NamedDocument {
  /// The sizes that the document's weights have, of which one may be that of an input.
  fileprivate var sizesOfWeights: [Int] {
    var sizes: Set<Int> = []
    for tensor in model.graph.initializers where tensor.dimensions.count > 1 {
      sizes.formUnion(tensor.dimensions.filter { (2...4096).contains($0) })
    }
    // With a token for the class before them, tokens are one more than patches.
    return Array(sizes.union(sizes.map { $0 - 1 })).sorted().suffix(128)
  }
}

extension Model {
  /// The model with the sizes that its symbols may have.
  fileprivate func taking(_ ranges: [SymbolRange]) throws(GraphError) -> Model {
    guard !ranges.isEmpty else { return self }
    return try Model(
      trunk: Trunk(
        graph: trunk.graph, columns: trunk.columns,
        ranges: ranges.sorted { $0.symbol < $1.symbol }), heads: heads)
  }
}
