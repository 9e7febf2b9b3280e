/// The sizes that a symbol may have: `least`, `least + step`, `least + 2 · step`, …, the last one `most` where there is one.
///
/// A network that halves its input five times and doubles it again takes multiples of 32; one whose windows are 400 wide
/// nothing below 400; one with a table of 512 positions nothing above 512.
public struct SymbolRange: Sendable, Hashable {
  /// The symbol.
  public let symbol: Name
  /// The least size.
  public let least: Int
  /// The distance from one size to the next.
  public let step: Int
  /// The largest size, which is one of the row; nil where there is none.
  public let most: Int?

  /// Makes a range; `Model` checks it.
  public init(_ symbol: Name, least: Int = 1, step: Int = 1, most: Int? = nil) {
    self.symbol = symbol
    self.least = least
    self.step = step
    self.most = most
  }

  /// Whether every size is allowed, so that there is nothing to say.
  public var isEverything: Bool { least == 1 && step == 1 && most == nil }

  /// Whether a size is allowed.
  public func contains(_ size: Int) -> Bool {
    size >= least && size <= most ?? Int.max && (size - least) % step == 0
  }

  /// The largest allowed size that is not above a size; the least where there is none.
  package func allowed(below size: Int) -> Int {
    let size = min(max(size, least), most ?? Int.max)
    return size - (size - least) % step
  }

  /// Whether the numbers are such as files may have: positive, reachable, and not everything.
  var isValid: Bool {
    let most = most ?? GraphLimits.dimension
    return least >= 1 && step >= 1 && step <= GraphLimits.dimension && least <= most
      && most <= GraphLimits.dimension && !isEverything
      && (self.most.map { ($0 - least) % step == 0 } ?? true)
  }
}

extension SymbolRange: CustomStringConvertible {
  /// The sizes in words, such as `multiples of 32 from 64 on`; `any size` when all are allowed.
  public var description: String {
    if least == most { return "\(least)" }
    guard step == 1 else {
      let isMultiple = least % step == 0
      let end = most.map { " to \($0)" }
      if isMultiple {
        guard let end else {
          return "multiples of \(step)" + (least == step ? "" : " from \(least) on")
        }
        return "multiples of \(step) from \(least)\(end)"
      }
      return "\(least), \(least + step), … in steps of \(step)" + (end.map { " up\($0)" } ?? "")
    }
    guard let most else { return least == 1 ? "any size" : "\(least) or more" }
    return least == 1 ? "at most \(most)" : "\(least) to \(most)"
  }
}

extension Model.Trunk {
  /// The sizes that a symbol of an input may have.
  public func range(of symbol: Name) -> SymbolRange {
    rangeNames.position(of: symbol).map { ranges[$0] } ?? SymbolRange(symbol)
  }

  /// Refuses ranges that are not ascending by symbol, say nothing, name no symbol of an input, or leave out the size that
  /// the model is checked with.
  func validateRanges() throws(GraphError) {
    let symbols = graph.symbols
    let names = NameTable(symbols.map { $0.name })
    for (index, range) in ranges.enumerated() {
      guard range.isValid, index == 0 || ranges[index - 1].symbol < range.symbol,
        let symbol = names.position(of: range.symbol), range.contains(symbols[symbol].probe)
      else { throw .badSymbolRange(range.symbol) }
    }
  }
}
