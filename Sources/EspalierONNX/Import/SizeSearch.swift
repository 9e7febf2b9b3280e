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
    let (sizes, ranges) = around(point)
    guard case .refused(_, let failure) = oracle.ask(sizes) else { return sizes }
    // Of sizes that the network takes one by one it is wrong that they are open.
    if let fixed = fixing(ranges, in: sizes) { return fixed }
    throw failure
  }

  /// The sizes with a symbol fixed whose largest size is one that weights have, or all of those; nil where that is of no
  /// help.
  private mutating func fixing(_ ranges: [SymbolRange], in sizes: OpenSizes) -> OpenSizes? {
    let ending = ranges.filter { range in
      range.least != range.most && range.most.map(hints.contains) == true
    }
    let groups = ending.map { [$0] } + (ending.count > 1 ? [ending] : [])
    for group in groups {
      var fixed = sizes
      for range in group { fixed.fix(range.symbol, at: range.most ?? range.least) }
      if isTaken(fixed) == true { return fixed }
    }
    return nil
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

  /// The most places that are started from.
  private static let starts = 4

  /// One size for each symbol with which everything can be imported.
  ///
  /// All symbols but rows are tried with the same sizes. From whichever got furthest, and then from others that got as
  /// far as no other did, symbols are changed one by one as long as that leads further.
  private mutating func point() -> [Name: Int]? {
    let base = Dictionary(
      symbols.map { ($0.name, $0.isRows ? 2 : 64) }, uniquingKeysWith: { first, _ in first })
    let others = symbols.filter { !$0.isRows }.map(\.name)
    let candidates = Self.usual + hints.filter { !Self.usual.contains($0) }
    // By how far the document could be imported, the sizes that got there first.
    var reached: [Int: [Name: Int]] = [-1: base]
    for size in others.isEmpty ? [] : candidates {
      var sizes = base
      for name in others { sizes[name] = size }
      switch progress(sizes) {
      case .imported: return sizes
      case .refused(let progress): reached[progress] = reached[progress] ?? sizes
      case .unknown: continue
      }
    }
    for (progress, start) in reached.sorted(by: { $0.key > $1.key }).prefix(Self.starts) {
      if let point = climbed(from: start, progress, candidates) { return point }
    }
    return nil
  }

  /// Changes one symbol after the other, each time the one that leads furthest; nil where that does not lead to the end.
  private mutating func climbed(
    from start: [Name: Int], _ progress: Int, _ candidates: [Int]
  ) -> [Name: Int]? {
    var (place, furthest) = (start, progress)
    while true {
      var next: [Name: Int]?
      for symbol in symbols {
        for size in symbol.isRows ? [1, 2, 3, 4] : candidates {
          var sizes = place
          sizes[symbol.name] = size
          switch self.progress(sizes) {
          case .imported: return sizes
          case .refused(let progress) where progress > furthest:
            (furthest, next) = (progress, sizes)
          case .refused, .unknown: continue
          }
        }
      }
      guard let next else { return nil }
      place = next
    }
  }

  private enum Progress {
    case imported
    case refused(Int)
    case unknown
  }

  /// How far the documents can be imported with these sizes.
  private mutating func progress(_ sizes: [Name: Int]) -> Progress {
    switch oracle.ask(OpenSizes(fixing: sizes)) {
    case .imported: return .imported
    case .unknown: return .unknown
    case .refused(let progress, let failure):
      if progress > closest?.progress ?? 0 { closest = (progress, failure) }
      return .refused(progress)
    }
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

  /// Sizes around those of a point, one in each world, and the ranges that they are of.
  private mutating func around(_ point: [Name: Int]) -> (OpenSizes, [SymbolRange]) {
    var sizes = OpenSizes()
    var ranges: [SymbolRange] = []
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
      ranges.append(range)
      sizes.worlds[symbol.name] = range.worlds(
        place: symbol.isRows ? places.rows : places.others, isRows: symbol.isRows)
      if symbol.isRows { places.rows += 1 } else { places.others += 1 }
    }
    return (sizes, ranges)
  }

  /// Groups of symbols that may have to be of one size: those of an axis, those of a kind, and all.
  private func wider(
    than symbol: OpenSymbol, _ point: [Name: Int], _ done: Set<Name>
  ) -> [[OpenSymbol]] {
    let equal = symbols.filter { other in
      other != symbol && !done.contains(other.name) && point[other.name] == point[symbol.name]
    }
    let alike = equal.filter { $0.isRows == symbol.isRows }
    let ofAxis = alike.filter { $0.axis == symbol.axis }
    let single =
      equal.count > 1 ? (ofAxis + equal.filter { !ofAxis.contains($0) }).map { [$0] } : []
    return (single + [ofAxis, alike, equal]).filter { !$0.isEmpty }.map { [symbol] + $0 }
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
