/// Which elements of two lists belong to each other.
package enum Alignment: Equatable {
  /// Elements that are the same, or that stand in each other's place.
  case both(Int, Int)
  /// An element that the second list does not have.
  case onlyInA(Int)
  /// An element that the first list does not have.
  case onlyInB(Int)

  /// The product of lengths up to which the shortest way from one list to the other is looked for.
  private static let searchLimit = 4_000_000

  /// All elements of both lists in order.
  ///
  /// What is the same at both ends stays. Between, a shortest edit script is followed (Myers, 1986); where it removes
  /// and inserts at one place, elements are paired in order. Its time grows with the product of the lengths, so longer
  /// stretches are paired by place instead.
  package static func pairs<Element: Hashable>(_ a: [Element], _ b: [Element]) -> [Alignment] {
    let shorter = min(a.count, b.count)
    let head = zip(a, b).prefix { $0 == $1 }.count
    let tail = zip(a.reversed(), b.reversed()).prefix(shorter - head).prefix { $0 == $1 }.count
    let middle = middlePairs(Array(a[head..<a.count - tail]), Array(b[head..<b.count - tail]))
    let start = (0..<head).map { Alignment.both($0, $0) }
    let end = (0..<tail).map { Alignment.both(a.count - tail + $0, b.count - tail + $0) }
    return start + middle.map { $0.moved(by: head) } + end
  }

  private static func middlePairs<Element: Hashable>(
    _ a: [Element], _ b: [Element]
  ) -> [Alignment] {
    var removed: Set<Int> = Set(a.indices)
    var inserted: Set<Int> = Set(b.indices)
    if a.count.multipliedReportingOverflow(by: b.count).partialValue <= searchLimit {
      (removed, inserted) = ([], [])
      for change in b.difference(from: a) {
        switch change {
        case .remove(let offset, _, _): removed.insert(offset)
        case .insert(let offset, _, _): inserted.insert(offset)
        }
      }
    }
    var pairs: [Alignment] = []
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      switch (removed.contains(i), inserted.contains(j)) {
      case (true, false):
        pairs.append(.onlyInA(i))
        i += 1
      case (false, true):
        pairs.append(.onlyInB(j))
        j += 1
      case (true, true), (false, false):
        pairs.append(.both(i, j))
        i += 1
        j += 1
      }
    }
    return pairs
  }

  private func moved(by offset: Int) -> Alignment {
    switch self {
    case .both(let i, let j): .both(i + offset, j + offset)
    case .onlyInA(let i): .onlyInA(i + offset)
    case .onlyInB(let j): .onlyInB(j + offset)
    }
  }
}
