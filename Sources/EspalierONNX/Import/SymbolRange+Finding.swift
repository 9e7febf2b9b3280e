internal import EspalierGraph

extension SymbolRange {
  /// Sizes beyond which no end of a range is looked for, unless the search begins near them.
  private static let far = 1 << 14
  /// Sizes that a range has to have for no other step to be looked for.
  private static let many = 64

  /// The sizes of a symbol that a network takes, found by asking for some of them.
  ///
  /// A step is right when two sizes in a row beside the first are taken. What lies between sizes that are taken is not
  /// asked for.
  ///
  /// - Parameters:
  ///   - base: a size that is taken.
  ///   - steps: the steps that are possible, the ones that are preferred first.
  ///   - takes: whether a size is taken; nil when that takes too long to find out.
  init(_ symbol: Name, around base: Int, steps: [Int], takes: (Int) -> Bool?) {
    func isTaken(_ size: Int) -> Bool { size >= 1 && takes(size) == true }
    var best = SymbolRange(symbol, least: base, most: base)
    var pairs = 0
    for step in steps {
      let isAbove = isTaken(base + step)
      let isBelow = isTaken(base - step)
      guard
        isAbove && isBelow || isAbove && isTaken(base + 2 * step)
          || isBelow && isTaken(base - 2 * step)
      else {
        // A pair of sizes, where there is nothing better.
        if best.least == best.most, isAbove || isBelow {
          best = SymbolRange(
            symbol, least: isBelow ? base - step : base, step: step,
            most: isAbove ? base + step : base)
        }
        continue
      }
      let range = SymbolRange(
        symbol, least: Self.least(below: base, step, takes), step: step,
        most: Self.end(from: base, step, within: base...max(Self.far, 4 * base), takes))
      if range.count > best.count { best = range }
      pairs += 1
      if range.count >= Self.many || pairs == 4 { break }
    }
    self = best
  }

  /// The number of sizes.
  var count: Int { most.map { ($0 - least) / step + 1 } ?? Int.max }

  /// The last size of a row of sizes that are taken, which ends in a size that is not; nil where the row has no end.
  ///
  /// Sizes are asked for further and further away, and between the last two the end is found by bisection.
  private static func end(
    from base: Int, _ step: Int, within limit: ClosedRange<Int>, _ takes: (Int) -> Bool?
  ) -> Int? {
    var (taken, distance) = (0, 1)
    while limit.contains(base + step * distance) {
      switch takes(base + step * distance) {
      case true?:
        taken = distance
        distance *= 2
      case nil: return nil
      case false?:
        while distance - taken > 1 {
          let middle = (taken + distance) / 2
          if takes(base + step * middle) == true { taken = middle } else { distance = middle }
        }
        return base + step * taken
      }
    }
    return nil
  }

  private static func least(below base: Int, _ step: Int, _ takes: (Int) -> Bool?) -> Int {
    let first = (base - 1) % step + 1
    if let end = end(from: base, -step, within: first...base, takes) { return end }
    // Nearer to the first size than the distance that would be next.
    var (taken, refused) = (base, first - step)
    while taken - refused > step {
      let middle = refused + (taken - refused) / step / 2 * step
      if takes(middle) == true { taken = middle } else { refused = middle }
    }
    return taken
  }
}
