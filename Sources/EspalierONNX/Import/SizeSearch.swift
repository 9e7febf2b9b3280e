internal import EspalierGraph

/// Looks for sizes of open axes that networks can have.
///
/// Pyramids want multiples of a power of two, windows a least size, weights behind a reshape one size. First all symbols
/// are tried with multiples of the same number. Where no such sizes are taken, one size for each symbol is looked for by
/// whichever of many gets furthest in the document; from there the sizes around it that are taken.
struct SizeSearch {
  private(set) var oracle: SizeOracle
  private let symbols: [OpenSymbol]
  /// Sizes that documents have themselves.
  private let hints: [Int]
  /// What was refused after most of the document.
  private var closest: (progress: Int, failure: DocumentFailure)?

  /// - Parameters:
  ///   - oracle: what is asked.
  ///   - symbols: the symbols of the inputs.
  ///   - hints: sizes that may be right.
  init(_ oracle: SizeOracle, _ symbols: [OpenSymbol], hints: [Int]) {
    self.oracle = oracle
    self.symbols = symbols
    self.hints = hints
  }

  /// Sizes that are taken.
  ///
  /// - Throws: what is wrong with the document for the sizes with which most of it could be imported; `usual` when none
  ///   are better than the usual ones.
  mutating func found(insteadOf usual: DocumentFailure) throws -> OpenSizes {
    if let sizes = multiples() { return sizes }
    guard let point = point() else {
      let before = (usual.cause as? UnconvertibleNodes)?.progress ?? 0
      if let closest, closest.progress > before { throw closest.failure }
      throw usual
    }
    let sizes = around(point)
    // Of sizes that the network takes one by one it is wrong that they are open.
    if case .refused(_, let failure) = oracle.ask(sizes) { throw failure }
    return sizes
  }

  private mutating func isTaken(_ sizes: OpenSizes) -> Bool? {
    switch oracle.ask(sizes) {
    case .imported: return true
    case .unknown: return nil
    case .refused(let progress, let failure):
      if progress > closest?.progress ?? 0 { closest = (progress, failure) }
      return false
    }
  }

  // MARK: multiples of one number

  private mutating func multiples() -> OpenSizes? {
    let rows = symbols.filter(\.isRows)
    var same: [[Name: Name]] = [[:]]
    if let first = rows.first, rows.count > 1 {
      same.append(
        Dictionary(uniqueKeysWithValues: rows.dropFirst().map { ($0.name, first.name) }))
    }
    let ranges: [(least: Int, step: Int)] = [
      (1, 1), (16, 16), (32, 32), (64, 64), (128, 128), (256, 256), (400, 1), (4096, 1),
      (16000, 1),
    ]
    for (least, step) in ranges {
      for same in same {
        var sizes = OpenSizes(same: same)
        for (place, symbol) in symbols.filter({ !$0.isRows }).enumerated() {
          sizes.worlds[symbol.name] = SymbolRange(symbol.name, least: least, step: step)
            .worlds(place: place, isRows: false)
        }
        if isTaken(sizes) == true { return sizes }
      }
    }
    return nil
  }

  // MARK: one size for each symbol

  /// The sizes of images, sentences and sounds that are used most.
  private static let usual = [
    64, 48, 32, 224, 96, 128, 16, 8, 4, 3, 2, 1, 256, 512, 1024, 5, 6, 7, 10, 12, 14, 20, 24, 28,
    40, 50, 56, 60, 77, 80, 84, 100, 112, 120, 160, 192, 200, 240, 280, 299, 300, 320, 384, 400,
    416, 448, 480, 600, 640, 768, 800, 1000, 1280, 1600, 2048, 4096, 8000, 16000, 32000, 48000,
    80000, 160_000, 480_000,
  ]

  /// One size for each symbol with which everything can be imported.
  private mutating func point() -> [Name: Int]? {
    var best = Dictionary(uniqueKeysWithValues: symbols.map { ($0.name, $0.isRows ? 2 : 64) })
    var furthest = -1
    let others = symbols.filter { !$0.isRows }.map(\.name)
    let candidates = Self.usual + hints.filter { !Self.usual.contains($0) }
    let groups = (others.count > 1 ? [others] : []) + symbols.map { [$0.name] }
    var isBetter = true
    while isBetter {
      isBetter = false
      for group in groups {
        let areRows = !others.contains(group[0])
        for size in areRows ? [1, 2, 3, 4] : candidates {
          var sizes = best
          for name in group { sizes[name] = size }
          switch oracle.ask(OpenSizes(fixing: sizes)) {
          case .imported: return sizes
          case .unknown: continue
          case .refused(let progress, let failure):
            if progress > closest?.progress ?? 0 { closest = (progress, failure) }
            guard progress > furthest else { continue }
            (furthest, best, isBetter) = (progress, sizes, true)
          }
        }
      }
    }
    return nil
  }

  // MARK: around one size

  private static let steps: [Int] = {
    let powers = (0...9).map { 1 << $0 }
    let others = [
      3, 5, 6, 7, 9, 10, 12, 14, 15, 18, 20, 24, 28, 36, 40, 48, 50, 56, 60, 72, 80, 96, 100, 112,
      120, 144, 160, 192, 200, 224, 240, 288, 320, 384, 400, 448, 480, 640, 800, 1000, 1280, 1600,
    ]
    return powers + others
  }()

  /// Sizes around those of a point, one in each world.
  private mutating func around(_ point: [Name: Int]) -> OpenSizes {
    var sizes = OpenSizes()
    var done: Set<Name> = []
    var places = (rows: 0, others: 0)
    for symbol in symbols where !done.contains(symbol.name) {
      var (group, range) = ([symbol], self.range(of: [symbol], at: point))
      for wider in wider(than: symbol, point, done) where range.least == range.most {
        (group, range) = (wider, self.range(of: wider, at: point))
      }
      if range.least == range.most { group = [symbol] }
      for other in group.dropFirst() { sizes.same[other.name] = symbol.name }
      done.formUnion(group.map(\.name))
      sizes.worlds[symbol.name] = range.worlds(
        place: symbol.isRows ? places.rows : places.others, isRows: symbol.isRows)
      if symbol.isRows { places.rows += 1 } else { places.others += 1 }
    }
    return sizes
  }

  /// Groups of symbols that may have to be of one size: those of an axis, and all.
  private func wider(
    than symbol: OpenSymbol, _ point: [Name: Int], _ done: Set<Name>
  ) -> [[OpenSymbol]] {
    let alike = symbols.filter { other in
      other != symbol && !done.contains(other.name) && other.isRows == symbol.isRows
        && point[other.name] == point[symbol.name]
    }
    let ofAxis = alike.filter { $0.axis == symbol.axis }
    let single = ofAxis.count > 1 ? ofAxis.map { [symbol, $0] } : []
    return single + [ofAxis, alike].filter { !$0.isEmpty }.map { [symbol] + $0 }
  }

  /// The sizes that symbols take, all the same one, with the others as in a point.
  private mutating func range(of group: [OpenSymbol], at point: [Name: Int]) -> SymbolRange {
    let name = group[0].name
    // A batch of one that no other follows is part of the network.
    let steps = group[0].isRows ? [1] : Self.steps
    return SymbolRange(name, around: point[name] ?? 1, steps: steps) { size in
      var sizes = point
      for symbol in group { sizes[symbol.name] = size }
      return isTaken(OpenSizes(fixing: sizes))
    }
  }
}
