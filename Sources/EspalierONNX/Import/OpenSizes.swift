internal import EspalierGraph

/// The sizes that the open axes of documents are tried with, one in each world.
struct OpenSizes {
  /// For symbols that are not tried with the usual sizes those of each world; a symbol that has one size in all of them
  /// is no symbol but a number.
  var worlds: [Name: [Int]] = [:]
  /// Symbols that are other ones, since a network takes the same size for both.
  var same: [Name: Name] = [:]

  /// What a symbol is called.
  func name(of symbol: Name) -> Name { same[symbol] ?? symbol }

  /// The sizes of a symbol.
  ///
  /// - Parameter place: which of the symbols of its kind it is.
  func sizes(of symbol: OpenSymbol, place: Int) -> [Int] {
    worlds[symbol.name] ?? SymbolRange(symbol.name).worlds(place: place, isRows: symbol.isRows)
  }

  /// Makes a symbol a number.
  mutating func fix(_ symbol: Name, at size: Int) {
    worlds[symbol] = Array(repeating: size, count: Draft.worldCount)
  }

  /// The number that a symbol became; nil for one that is open.
  func number(_ symbol: Name) -> Int? {
    guard let sizes = worlds[symbol], sizes.allSatisfy({ $0 == sizes[0] }) else { return nil }
    return sizes[0]
  }

  /// Sizes that are the same in every world.
  init(fixing sizes: [Name: Int] = [:], same: [Name: Name] = [:]) {
    self.same = same
    for (symbol, size) in sizes { fix(symbol, at: size) }
  }
}

/// A symbol of the inputs of documents.
struct OpenSymbol: Hashable {
  let name: Name
  /// The axis of the input that has it first.
  let axis: Int
  /// Whether it counts rows: the batch, and what else is the first axis of inputs and no other.
  let isRows: Bool
}

extension SymbolRange {
  /// Three sizes of the range to try a symbol with, in as many worlds.
  ///
  /// Each symbol grows by ratios of its own, so that no share or multiple of one looks like another, and from windows that
  /// just fit to several of them. The first two are multiples of 16 where they may be, so that what halves sizes several
  /// times meets whole ones; the third is odd, so that what is only true of such sizes is not taken for true.
  ///
  /// - Parameters:
  ///   - place: which of the symbols of its kind the symbol is.
  ///   - isRows: whether it counts rows, of which there are few.
  func worlds(place: Int, isRows: Bool) -> [Int] {
    let sizes = isRows ? rows(place) : spread(place)
    guard let most, let largest = sizes.max(), largest > most else { return sizes }
    return narrow(place)
  }

  private func rows(_ place: Int) -> [Int] {
    [2 + place, 3 + 2 * place, 5 + 3 * place].map { least - 1 + step * ($0 - 1) + 1 }
  }

  private func spread(_ place: Int) -> [Int] {
    let unit = (max(16, least) + step - 1) / step
    let odd = unit > 1 ? unit / 2 + 1 : 0
    let counts = [(2 + place) * unit, (5 + 3 * place) * unit, (3 + 2 * place) * unit + odd]
    return counts.map { least % step + step * $0 }
  }

  /// The sizes of a range that ends soon: the roundest, and two others.
  private func narrow(_ place: Int) -> [Int] {
    let most = most ?? least
    let count = (most - least) / step + 1
    let all = (0..<min(count, 1 << 12)).map { most - $0 * step }
    let rounded = all.sorted {
      ($1.trailingZeroBitCount, $1) < ($0.trailingZeroBitCount, $0)
    }
    let first = rounded[min(place, rounded.count - 1)]
    let others = all.filter { $0 != first }
    guard let second = others.dropFirst(min(place, max(others.count - 2, 0))).first else {
      return [first, first, first]
    }
    let third = others.dropFirst(others.count * 2 / 3).first { $0 != second } ?? first
    return [first, second, third]
  }
}
