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
  /// Those that are there, by their first byte.
  var present: [Int] = []
  func place(of byte: Int) -> Int {
    var (low, high) = (0, present.count)
    while low < high {
      let middle = (low + high) / 2
      if list[present[middle]].bytes.lowerBound < byte { low = middle + 1 } else { high = middle }
    }
    return low
  }
  var next = 0
  for index in coming {
    while list[leaving[next]].steps.upperBound < list[index].steps.lowerBound {
      present.remove(at: place(of: list[leaving[next]].bytes.lowerBound))
      next += 1
    }
    let position = place(of: list[index].bytes.lowerBound)
    if position > 0, list[present[position - 1]].bytes.overlaps(list[index].bytes) {
      return (present[position - 1], index)
    }
    if position < present.count, list[present[position]].bytes.overlaps(list[index].bytes) {
      return (present[position], index)
    }
    present.insert(index, at: position)
  }
  return nil
}

extension Plan {
  /// What every slot that lies in the arena needs, with its position in `slots`; nil for the scratch memory.
  ///
  /// Derived from the finished steps alone. Inputs and widened parameters are there before the first step and stay,
  /// outputs stay once they are written.
  func occupancies() -> [(slot: Int?, occupancy: Occupancy)] {
    let end = steps.count
    var first = slots.map { _ in 0 }
    var last = slots.map { _ in 0 }
    var isWritten = slots.map { _ in false }
    for (index, step) in steps.enumerated() {
      for slot in step.inputs { last[slot] = index }
      if !isWritten[step.output] { first[step.output] = index }
      isWritten[step.output] = true
      last[step.output] = index
    }
    for input in inputs { last[input.slot] = end }
    for output in outputs { last[output.slot] = end }
    var list: [(slot: Int?, occupancy: Occupancy)] = []
    for (index, slot) in slots.enumerated() {
      let (offset, steps): (Int, ClosedRange<Int>)
      switch slot.place {
      case .arena(let place): (offset, steps) = (place, first[index]...last[index])
      case .widened(_, _, let place): (offset, steps) = (place, 0...end)
      case .parameter: continue
      }
      list.append((index, Occupancy(bytes: offset..<offset + slot.byteCount, steps: steps)))
    }
    let scratch = scratchByteOffset..<scratchByteOffset + 4 * scratchCount
    list.append((nil, Occupancy(bytes: scratch, steps: 0...end)))
    return list
  }
}
