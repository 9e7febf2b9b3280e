import EspalierReport
import Testing

@Suite struct AlignmentTests {
  @Test(arguments: [
    ("abc", "abc", [Alignment.both(0, 0), .both(1, 1), .both(2, 2)]),
    ("abc", "axbc", [.both(0, 0), .onlyInB(1), .both(1, 2), .both(2, 3)]),
    ("abc", "ac", [.both(0, 0), .onlyInA(1), .both(2, 1)]),
    ("abc", "axc", [.both(0, 0), .both(1, 1), .both(2, 2)]),
    ("", "ab", [.onlyInB(0), .onlyInB(1)]), ("", "", []),
  ])
  func listsAreAligned(_ a: String, _ b: String, _ expected: [Alignment]) {
    #expect(Alignment.pairs(Array(a), Array(b)) == expected)
  }

  @Test func everyElementStandsOnceAndInOrder() {
    for seed in 0..<300 {
      var random = SplitMix(seed: UInt64(seed))
      func letters() -> [Int] {
        (0..<Int.random(in: 0...12, using: &random)).map { _ in
          Int.random(in: 0...3, using: &random)
        }
      }
      let (a, b) = (letters(), letters())
      var (first, second): ([Int], [Int]) = ([], [])
      for pair in Alignment.pairs(a, b) {
        switch pair {
        case .both(let i, let j):
          first.append(i)
          second.append(j)
        case .onlyInA(let i): first.append(i)
        case .onlyInB(let j): second.append(j)
        }
      }
      #expect(first == Array(a.indices) && second == Array(b.indices), "\(a), \(b)")
    }
  }

  /// As many elements stay as the longest common subsequence has.
  @Test func asFewAsPossibleAreRemovedAndInserted() {
    for seed in 0..<200 {
      var random = SplitMix(seed: UInt64(seed))
      func letters() -> [Int] {
        (0..<Int.random(in: 0...14, using: &random)).map { _ in
          Int.random(in: 0...2, using: &random)
        }
      }
      let (a, b) = (letters(), letters())
      var common = [[Int]](repeating: .init(repeating: 0, count: b.count + 1), count: a.count + 1)
      for i in a.indices {
        for j in b.indices {
          common[i + 1][j + 1] =
            a[i] == b[j] ? common[i][j] + 1 : max(common[i][j + 1], common[i + 1][j])
        }
      }
      let kept = Alignment.pairs(a, b).count { pair in
        if case .both(let i, let j) = pair { a[i] == b[j] } else { false }
      }
      #expect(kept >= common[a.count][b.count], "\(a), \(b)")
    }
  }

  /// Long lists with few edits are followed from end to end.
  @Test func editsOfLongListsAreFound() {
    let a = (0..<30_000).map { $0 % 977 }
    var b = a
    b.remove(at: 20_000)
    b.insert(-1, at: 10_000)
    let pairs = Alignment.pairs(a, b)
    #expect(pairs.count == 30_001)
    #expect(pairs[10_000] == .onlyInB(10_000))
    #expect(pairs.contains(.onlyInA(20_000)))
  }

  @Test func longListsArePairedByPlace() {
    let a = Array(0..<3000)
    let pairs = Alignment.pairs(a, Array(a.map { $0 + 10_000 } + [0]))
    #expect(pairs.count == 3001)
    #expect(pairs[2999] == .both(2999, 2999) && pairs[3000] == .onlyInB(3000))
  }
}
