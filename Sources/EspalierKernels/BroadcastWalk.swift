/// The order in which two broadcast arrays are visited: runs along one axis, and the axes around it.
///
/// Neighbouring axes that both sides cross with one stride are merged, so that equal shapes and
/// single numbers become one run, and a trailing vector one run per repetition.
struct BroadcastWalk {
  /// One axis of the output; a side that repeats along it has stride 0.
  struct Axis {
    var extent: Int
    var left: Int
    var right: Int
  }

  static let maximumRank = 8

  /// Numbers that each side must have.
  private(set) var leftCount = 1
  private(set) var rightCount = 1
  private(set) var outputCount = 1

  /// The innermost axis.
  private(set) var run = Axis(extent: 1, left: 1, right: 1)
  /// The axes around it, innermost first.
  private var outer = InlineArray<8, Axis>(repeating: Axis(extent: 1, left: 0, right: 0))
  private var outerCount = 0

  init(left: Span<Int>, right: Span<Int>, output: Span<Int>) {
    let rank = output.count
    precondition(rank <= Self.maximumRank, "rank \(rank) of a maximum of \(Self.maximumRank)")
    precondition(
      max(left.count, right.count) == rank,
      "ranks \(left.count) and \(right.count) do not broadcast to \(rank)")
    var started = false
    var fromEnd = 0
    while fromEnd < rank {
      fromEnd += 1
      let extent = output[rank - fromEnd]
      let leftExtent = fromEnd <= left.count ? left[left.count - fromEnd] : 1
      let rightExtent = fromEnd <= right.count ? right[right.count - fromEnd] : 1
      precondition(
        extent >= 0 && (leftExtent == extent || leftExtent == 1)
          && (rightExtent == extent || rightExtent == 1)
          && (leftExtent == extent || rightExtent == extent),
        "extents \(leftExtent) and \(rightExtent) do not broadcast to \(extent)")
      let axis = Axis(
        extent: extent, left: leftExtent == 1 ? 0 : leftCount,
        right: rightExtent == 1 ? 0 : rightCount)
      leftCount *= leftExtent
      rightCount *= rightExtent
      outputCount *= extent
      if extent != 1 {
        append(axis, started: started)
        started = true
      }
    }
  }

  private mutating func append(_ axis: Axis, started: Bool) {
    guard started else {
      run = axis
      return
    }
    let inner = outerCount == 0 ? run : outer[outerCount - 1]
    if axis.left == inner.left * inner.extent && axis.right == inner.right * inner.extent {
      if outerCount == 0 {
        run.extent *= axis.extent
      } else {
        outer[outerCount - 1].extent *= axis.extent
      }
    } else {
      outer[outerCount] = axis
      outerCount += 1
    }
  }

  /// Calls `body` with the offsets of each run in the left, right and output array.
  @inline(__always)
  func forEachRun(_ body: (Int, Int, Int) -> Void) {
    guard outputCount > 0 else { return }
    var position = InlineArray<8, Int>(repeating: 0)
    var left = 0
    var right = 0
    var output = 0
    while true {
      body(left, right, output)
      output += run.extent
      var axis = 0
      while axis < outerCount {
        left += outer[axis].left
        right += outer[axis].right
        position[axis] += 1
        if position[axis] < outer[axis].extent { break }
        left -= outer[axis].left * outer[axis].extent
        right -= outer[axis].right * outer[axis].extent
        position[axis] = 0
        axis += 1
      }
      if axis == outerCount { return }
    }
  }
}
