/// Finds the largest or smallest numbers of each line along an axis, in order.
///
/// Of equal numbers the first comes first; NaN counts as larger than all numbers. Each line keeps
/// the best so far as a heap, the worst of them on top, which is then sorted.
///
/// - Parameters:
///   - input: [outer, count, inner].
///   - size: How many are looked for, from 1 to count.
///   - isLargest: Whether the largest are looked for, otherwise the smallest.
///   - output: [outer, size, inner]; positions from 0 to count - 1.
@_specialize(where Element == Float)
@_specialize(where Element == Int32)
@_specialize(where Element == Int64)
package func topK<Element: Comparable & BitwiseCopyable>(
  _ input: Span<Element>, _ runs: AxisRuns, size: Int, isLargest: Bool,
  output: inout MutableSpan<Int64>
) {
  requireCount(input.count, runs.elementCount, "top-k input")
  requireCount(output.count, runs.lineCount * size, "top-k output")
  precondition(size > 0 && size <= runs.count, "top \(size) of \(runs.count)")
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    for outer in 0..<runs.outer {
      for line in 0..<runs.inner {
        var heap = IndexHeap(
          values: input + (outer * runs.count * runs.inner + line),
          indices: output + (outer * size * runs.inner + line), stride: runs.inner, size: size,
          isLargest: isLargest)
        heap.fill()
        for index in size..<max(size, runs.count) { heap.offer(Int64(index)) }
        heap.sort()
      }
    }
  }
}

/// The best positions of a line, the worst of them first, as a binary heap.
private struct IndexHeap<Element: Comparable> {
  let values: UnsafePointer<Element>
  let indices: UnsafeMutablePointer<Int64>
  /// Distance between neighbours in both.
  let stride: Int
  var size: Int
  let isLargest: Bool

  @inline(__always)
  private func comesBefore(_ left: Int64, _ right: Int64) -> Bool {
    let (x, y) = (values[Int(left) * stride], values[Int(right) * stride])
    // NaN differs from itself.
    let (isLeftNaN, isRightNaN) = (x != x, y != y)
    if isLeftNaN != isRightNaN { return isLeftNaN == isLargest }
    if x == y || isLeftNaN { return left < right }
    return isLargest ? x > y : x < y
  }

  @inline(__always)
  private subscript(position: Int) -> Int64 {
    get { indices[position * stride] }
    nonmutating set { indices[position * stride] = newValue }
  }

  /// Takes the first positions of the line.
  func fill() {
    for position in 0..<size { self[position] = Int64(position) }
    for position in (0..<size / 2).reversed() { sink(position) }
  }

  /// Takes a position in place of the worst one if it is better.
  @inline(__always)
  func offer(_ index: Int64) {
    guard comesBefore(index, self[0]) else { return }
    self[0] = index
    sink(0)
  }

  /// Puts the positions into order, the best first.
  mutating func sort() {
    let count = size
    while size > 1 {
      size -= 1
      let worst = self[0]
      self[0] = self[size]
      self[size] = worst
      sink(0)
    }
    size = count
  }

  private func sink(_ start: Int) {
    var position = start
    while true {
      var child = 2 * position + 1
      if child >= size { return }
      if child + 1 < size && comesBefore(self[child], self[child + 1]) { child += 1 }
      if comesBefore(self[child], self[position]) { return }
      let index = self[child]
      self[child] = self[position]
      self[position] = index
      position = child
    }
  }
}
