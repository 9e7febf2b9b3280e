/// Which elements of two lists belong to each other.
package enum Alignment: Equatable {
  /// Elements that are the same, or that stand in each other's place.
  case both(Int, Int)
  /// An element that the second list does not have.
  case onlyInA(Int)
  /// An element that the first list does not have.
  case onlyInB(Int)

  /// The most edits with which a way from one list to the other is looked for.
  private static let editLimit = 512

  /// All elements of both lists in order.
  ///
  /// What is the same at both ends stays. Between, a shortest edit script is followed; where it removes and inserts at one
  /// place, elements are paired in order. Its time grows with the number of edits, so stretches that need many are paired
  /// by place instead.
  package static func pairs<Element: Hashable>(_ a: [Element], _ b: [Element]) -> [Alignment] {
    let shorter = min(a.count, b.count)
    let head = zip(a, b).prefix { $0 == $1 }.count
    let tail = zip(a.reversed(), b.reversed()).prefix(shorter - head).prefix { $0 == $1 }.count
    var numbers: [Element: Int] = [:]
    func numbered(_ elements: ArraySlice<Element>) -> [Int] {
      elements.map { element in
        let number = numbers[element] ?? numbers.count
        numbers[element] = number
        return number
      }
    }
    let middle = middlePairs(
      numbered(a[head..<a.count - tail]), numbered(b[head..<b.count - tail]))
    let start = (0..<head).map { Alignment.both($0, $0) }
    let end = (0..<tail).map { Alignment.both(a.count - tail + $0, b.count - tail + $0) }
    return start + middle.map { $0.moved(by: head) } + end
  }

  private static func middlePairs(_ a: [Int], _ b: [Int]) -> [Alignment] {
    let script = EditScript(a, b, limit: editLimit) ?? EditScript(replacing: a.count, by: b.count)
    var pairs: [Alignment] = []
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      let isRemoved = i < a.count && script.isRemoved[i]
      let isInserted = j < b.count && script.isInserted[j]
      if isRemoved == isInserted {
        pairs.append(.both(i, j))
        i += 1
        j += 1
      } else if isRemoved {
        pairs.append(.onlyInA(i))
        i += 1
      } else {
        pairs.append(.onlyInB(j))
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

/// Which elements a shortest way from one list to another removes and inserts.
///
/// The greedy algorithm of Myers ("An O(ND) difference algorithm and its variations", 1986): for each number of edits and
/// each diagonal, how far the first list can be followed.
private struct EditScript {
  private(set) var isRemoved: [Bool]
  private(set) var isInserted: [Bool]

  /// Replaces everything.
  init(replacing count: Int, by other: Int) {
    isRemoved = [Bool](repeating: true, count: count)
    isInserted = [Bool](repeating: true, count: other)
  }

  /// Looks for a way of at most so many edits; nil when there is none.
  init?(_ a: [Int], _ b: [Int], limit: Int) {
    isRemoved = a.map { _ in false }
    isInserted = b.map { _ in false }
    // How far each number of edits comes on its diagonals from -edits through edits.
    var reached: [[Int]] = []
    for edits in 0...min(limit, a.count + b.count) {
      var row = [Int](repeating: Self.nowhere, count: 2 * edits + 1)
      for diagonal in stride(from: -edits, through: edits, by: 2) {
        guard var x = edits == 0 ? 0 : Self.step(reached[edits - 1], diagonal, edits, a, b)?.x
        else { continue }
        while x < a.count, x - diagonal < b.count, a[x] == b[x - diagonal] { x += 1 }
        row[diagonal + edits] = x
        if x == a.count, x - diagonal == b.count {
          reached.append(row)
          follow(reached, to: diagonal, a, b)
          return
        }
      }
      reached.append(row)
    }
    return nil
  }

  private static let nowhere = -1

  /// Where one more edit leads to on a diagonal, and whether it inserts; nil when it leads out of both lists.
  private static func step(
    _ row: [Int], _ diagonal: Int, _ edits: Int, _ a: [Int], _ b: [Int]
  ) -> (x: Int, inserts: Bool)? {
    func x(_ diagonal: Int) -> Int {
      let place = diagonal + edits - 1
      return row.indices.contains(place) ? row[place] : nowhere
    }
    let (inserted, before) = (x(diagonal + 1), x(diagonal - 1))
    let removed = before == nowhere || before == a.count ? nowhere : before + 1
    let isOutside = inserted == nowhere || inserted - diagonal > b.count
    if removed == nowhere, isOutside { return nil }
    return isOutside || removed > inserted ? (removed, false) : (inserted, true)
  }

  /// Marks the edits on the way back from the end.
  private mutating func follow(_ reached: [[Int]], to end: Int, _ a: [Int], _ b: [Int]) {
    var diagonal = end
    for edits in (1..<max(reached.count, 1)).reversed() {
      guard let step = Self.step(reached[edits - 1], diagonal, edits, a, b) else { return }
      if step.inserts {
        isInserted[step.x - diagonal - 1] = true
        diagonal += 1
      } else {
        isRemoved[step.x - 1] = true
        diagonal -= 1
      }
    }
  }
}
