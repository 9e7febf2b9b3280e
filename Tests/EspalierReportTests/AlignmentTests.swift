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

  @Test func longListsArePairedByPlace() {
    let a = Array(0..<3000)
    let pairs = Alignment.pairs(a, Array(a.map { $0 + 10_000 } + [0]))
    #expect(pairs.count == 3001)
    #expect(pairs[2999] == .both(2999, 2999) && pairs[3000] == .onlyInB(3000))
  }
}
