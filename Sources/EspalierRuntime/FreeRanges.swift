/// The ranges of an address space that nothing takes, of which the lowest of a size is found.
///
/// They stand in ascending order in blocks that know their longest one, so that a search looks into one block only: the
/// time for each step grows with the root of how many there are, and is next to nothing for the few of usual models.
package struct FreeRanges: Sendable {
  private struct Block: Sendable {
    var ranges: [Range<Int>]
    private(set) var longest = 0

    init(_ ranges: [Range<Int>]) {
      self.ranges = ranges
      update()
    }

    /// Finds the longest range again, after a change.
    mutating func update() {
      longest = ranges.reduce(0) { max($0, $1.count) }
    }
  }

  /// The most ranges of a block.
  private static let blockSize = 512

  private var blocks = [Block([0..<Int.max])]

  /// Begins with all addresses free.
  package init() {}

  /// Takes the lowest range of a size; returns where it begins, or nil when there is none.
  package mutating func take(_ size: Int) -> Int? {
    for index in blocks.indices where blocks[index].longest >= size {
      for (place, range) in blocks[index].ranges.enumerated() where range.count >= size {
        let rest = range.lowerBound + size..<range.upperBound
        if rest.isEmpty {
          blocks[index].ranges.remove(at: place)
        } else {
          blocks[index].ranges[place] = rest
        }
        blocks[index].update()
        if blocks[index].ranges.isEmpty { blocks.remove(at: index) }
        return range.lowerBound
      }
    }
    return nil
  }

  /// Gives back a range that was taken; it becomes one with those that it touches.
  package mutating func give(_ range: Range<Int>) {
    var range = range
    var block = position(blocks.count) { blocks[$0].ranges[0].lowerBound <= range.lowerBound }
    block = max(block - 1, 0)
    if blocks.isEmpty { blocks.append(Block([])) }
    let ranges = blocks[block].ranges
    var place = position(ranges.count) { ranges[$0].lowerBound < range.lowerBound }
    if place > 0, ranges[place - 1].upperBound == range.lowerBound {
      place -= 1
      range = ranges[place].lowerBound..<range.upperBound
      blocks[block].ranges.remove(at: place)
    }
    if place < blocks[block].ranges.count {
      if blocks[block].ranges[place].lowerBound == range.upperBound {
        range = range.lowerBound..<blocks[block].ranges.remove(at: place).upperBound
      }
    } else if block + 1 < blocks.count,
      blocks[block + 1].ranges[0].lowerBound == range.upperBound
    {
      range = range.lowerBound..<blocks[block + 1].ranges.removeFirst().upperBound
      blocks[block + 1].update()
      if blocks[block + 1].ranges.isEmpty { blocks.remove(at: block + 1) }
    }
    blocks[block].ranges.insert(range, at: place)
    split(block)
  }

  /// Makes two blocks of one that has become too large.
  private mutating func split(_ block: Int) {
    let ranges = blocks[block].ranges
    guard ranges.count > Self.blockSize else { return blocks[block].update() }
    let half = ranges.count / 2
    blocks[block] = Block(Array(ranges[..<half]))
    blocks.insert(Block(Array(ranges[half...])), at: block + 1)
  }

  /// The first number of `0..<count` that does not precede, given that all that precede come first.
  private func position(_ count: Int, _ precedes: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if precedes(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
