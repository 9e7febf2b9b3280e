/// Bytes that something needs for itself, and the steps from the first through the last at which it does.
package struct Occupancy: Sendable {
  package let bytes: Range<Int>
  package let steps: ClosedRange<Int>

  package init(bytes: Range<Int>, steps: ClosedRange<Int>) {
    self.bytes = bytes
    self.steps = steps
  }
}

/// The positions of two that need a byte at the same step; nil when there are none.
///
/// A sweep over the steps keeps those that are there in the order of their bytes: as long as none overlap, whoever comes
/// can only overlap its two neighbours. Checks layouts and shares nothing with what makes them.
package func firstOverlap(of list: [Occupancy]) -> (Int, Int)? {
  let needed = list.indices.filter { !list[$0].bytes.isEmpty }
  let coming = needed.sorted { list[$0].steps.lowerBound < list[$1].steps.lowerBound }
  let leaving = needed.sorted { list[$0].steps.upperBound < list[$1].steps.upperBound }
  let byBytes = needed.sorted { list[$0].bytes.lowerBound < list[$1].bytes.lowerBound }
  var ranks = list.map { _ in 0 }
  for (rank, index) in byBytes.enumerated() { ranks[index] = rank }
  var present = NumberSet(bound: byBytes.count)
  var next = 0
  for index in coming {
    while list[leaving[next]].steps.upperBound < list[index].steps.lowerBound {
      present.remove(ranks[leaving[next]])
      next += 1
    }
    let neighbours = [present.last(before: ranks[index]), present.first(after: ranks[index])]
    for case let rank? in neighbours where list[byBytes[rank]].bytes.overlaps(list[index].bytes) {
      return (byBytes[rank], index)
    }
    present.insert(ranks[index])
  }
  return nil
}

extension Plan {
  /// What every slot that has memory of its own in the arena needs, with its position in `slots`; nil for scratch memory.
  ///
  /// Derived from the finished steps alone. Inputs are there before the first step and stay, outputs stay once they are
  /// written; what needs a part needs the whole.
  func occupancies() -> [(slot: Int?, occupancy: Occupancy)] {
    let end = steps.count
    let wholes = slots.indices.map { whole(of: $0) }
    var first = slots.map { _ in 0 }
    var last = slots.map { _ in 0 }
    var isWritten = slots.map { _ in false }
    for (index, step) in steps.enumerated() {
      for slot in step.inputs { last[wholes[slot]] = index }
      let output = wholes[step.output]
      if !isWritten[output] { first[output] = index }
      isWritten[output] = true
      last[output] = index
    }
    for input in inputs { (first[input.slot], last[input.slot]) = (0, end) }
    for output in outputs { last[wholes[output.slot]] = end }
    var list: [(slot: Int?, occupancy: Occupancy)] = []
    for (index, slot) in slots.enumerated() {
      guard case .arena(let offset) = slot.place else { continue }
      list.append(
        (
          index,
          Occupancy(bytes: offset..<offset + slot.byteCount, steps: first[index]...last[index])
        ))
    }
    let scratch = scratchByteOffset..<scratchByteOffset + 4 * scratchCount
    list.append((nil, Occupancy(bytes: scratch, steps: 0...end)))
    return list
  }

  /// The slot in whose memory a slot lies.
  func whole(of slot: Int) -> Int {
    var slot = slot
    while case .part(let whole, _) = slots[slot].place { slot = whole }
    return slot
  }
}
