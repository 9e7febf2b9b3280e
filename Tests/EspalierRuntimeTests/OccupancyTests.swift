import EspalierRuntime
import Testing

@Suite struct OccupancyTests {
  @Test(arguments: 0..<300 as Range<UInt64>)
  func overlapsAreFoundWhereThereAreSome(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 0...12, using: &generator)
    let list = (0..<count).map { _ in
      let begin = Int.random(in: 0..<60, using: &generator)
      let step = Int.random(in: 0..<10, using: &generator)
      return Occupancy(
        bytes: begin..<begin + Int.random(in: 0...8, using: &generator),
        steps: step...step + Int.random(in: 0...4, using: &generator))
    }
    func overlap(_ one: Occupancy, _ other: Occupancy) -> Bool {
      one.bytes.overlaps(other.bytes) && one.steps.overlaps(other.steps)
        && !one.bytes.isEmpty && !other.bytes.isEmpty
    }
    let hasOne = list.indices.contains { one in
      list.indices.contains { $0 < one && overlap(list[$0], list[one]) }
    }
    let found = firstOverlap(of: list)
    #expect((found != nil) == hasOne, "\(list)")
    if let (one, other) = found { #expect(one != other && overlap(list[one], list[other])) }
  }

  @Test func whatLivesOneAfterTheOtherMayShareBytes() {
    let list = [0...3, 4...4, 5...9].map { Occupancy(bytes: 0..<64, steps: $0) }
    #expect(firstOverlap(of: list) == nil)
    #expect(firstOverlap(of: list + [Occupancy(bytes: 63..<64, steps: 4...5)]) != nil)
  }
}
