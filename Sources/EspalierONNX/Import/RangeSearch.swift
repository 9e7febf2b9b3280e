internal import EspalierGraph

/// Finds the sizes that a model takes: those that its shapes fit, and for which it gives what its documents do.
struct RangeSearch {
  private var oracle: SizeOracle
  private let symbols: [OpenSymbol]

  /// - Parameters:
  ///   - oracle: what becomes of the documents for sizes.
  ///   - symbols: the symbols of the documents.
  init(_ oracle: SizeOracle, _ symbols: [OpenSymbol]) {
    self.oracle = oracle
    self.symbols = symbols
  }

  /// For each symbol of a model the sizes that it may have while the others are as the model is checked with.
  mutating func ranges(of made: UnionModel) -> [SymbolRange] {
    let model = made.model
    let heads = made.names.flatMap { $0 }
    let symbols = model.trunk.graph.symbols
    let probes = Dictionary(symbols.map { ($0.name, $0.probe) }, uniquingKeysWith: { $1 })
    return symbols.map { symbol in
      func sizes(_ size: Int) -> [Name: Int] {
        var sizes = probes
        sizes[symbol.name] = size
        return sizes
      }
      let steps = steps(between: made.union.draft.worlds(of: symbol.name))
      let range = SymbolRange(symbol.name, around: symbol.probe, steps: steps) {
        model.outputShapes(of: heads, sizes($0)) != nil
      }
      // Where nothing is decided by sizes, what fits near the ends of a range fits within it.
      if made.union.draft.decisions.isEmpty,
        range.corners(around: symbol.probe).allSatisfy({ agree(made, heads, sizes($0)) })
      {
        return range
      }
      return SymbolRange(symbol.name, around: symbol.probe, steps: steps) {
        agree(made, heads, sizes($0))
      }
    }
  }

  /// Whether a model takes sizes and gives outputs of the shapes that the documents give for them, by the same branches
  /// and turns of loops or by others that come to the same.
  private mutating func agree(_ made: UnionModel, _ heads: [Name], _ sizes: [Name: Int]) -> Bool {
    guard let shapes = made.model.outputShapes(of: heads, sizes) else { return false }
    let decisions = made.union.draft.decisions
    var fixed = made.options.sizes
    for (name, size) in sizes { fixed.fix(name, at: size) }
    switch oracle.ask(fixed) {
    case .imported(let found, let decided):
      return found.elementsEqual(shapes) { $0.isSame(as: $1) }
        && (decided == decisions || oracle.isSame(fixed, deciding: decisions))
    case .refused: return false
    case .unknown: return true
    }
  }

  /// A size that the documents take and a range does not have, larger than all that it has; nil where there is none.
  mutating func size(beyond range: SymbolRange, of model: Model, _ open: OpenSizes) -> Int? {
    guard let most = range.most else { return nil }
    for distance in [1, most / range.step + 1, 7 * (most / range.step + 1)] {
      var sizes = open
      for (name, probe) in model.trunk.graph.symbols {
        let size = name == range.symbol ? most + distance * range.step : probe
        sizes.fix(name, at: size)
      }
      if oracle.ask(sizes).isImported { return most + distance * range.step }
    }
    return nil
  }

  /// The distances that sizes may have from one another when these are all taken.
  private func steps(between sizes: [Int]) -> [Int] {
    var divisor = 0
    for size in sizes {
      var (a, b) = (divisor, abs(size - sizes[0]))
      while b != 0 { (a, b) = (b, a % b) }
      divisor = a
    }
    return (1...max(divisor, 1)).filter { divisor % $0 == 0 }
  }
}

extension SymbolRange {
  /// Sizes of the range that are most likely to be wrong if any are.
  fileprivate func corners(around base: Int) -> [Int] {
    let sizes = [
      least, least + step, base + step, base + 3 * step, allowed(below: 8 * base + 3 * step),
      most ?? least,
    ]
    return Set(sizes.filter(contains)).sorted()
  }
}

extension Draft {
  /// The sizes that a symbol was tried with.
  fileprivate func worlds(of symbol: Name) -> [Int] {
    for input in inputs {
      for (axis, dimension) in input.dimensions.enumerated() {
        if case .symbol(symbol, _) = dimension { return sizes(input.value).map { $0[axis] } }
      }
    }
    return []
  }
}

extension Model {
  /// The shapes of the first outputs of heads; nil where the model does not fit the sizes.
  fileprivate func outputShapes(of names: [Name], _ sizes: [Name: Int]) -> [Shape]? {
    let bound = SymbolSizes(
      sizes.sorted { $0.key < $1.key }.map { (symbol: $0.key, size: $0.value) })
    guard let types = try? inferTypes(bound) else { return nil }
    return names.compactMap { name in
      position(ofHead: name).map { types[$0 + 1][heads[$0].graph.outputs[0].value.index].shape }
    }
  }
}
