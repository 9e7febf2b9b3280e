/// The order in which arrays that are broadcast to one shape are visited: runs along one axis, and the axes around it.
///
/// Shapes are aligned at their last axis; an axis of extent 1, or a missing one, repeats. Neighbouring axes that all
/// operands cross with one stride are merged, so that equal shapes and single numbers become one run, and a trailing
/// vector one run per repetition.
package struct BroadcastWalk<let operands: Int>: Sendable {
  /// One axis of the output; an operand that repeats along it has stride 0.
  struct Axis: Sendable {
    var extent: Int
    var strides: InlineArray<operands, Int>

    /// Whether a step along the axis is, for every operand, a walk along all of another one.
    func follows(_ inner: Axis) -> Bool {
      for operand in 0..<operands where strides[operand] != inner.strides[operand] * inner.extent {
        return false
      }
      return true
    }
  }

  /// The numbers that each operand must have.
  let counts: InlineArray<operands, Int>
  /// The numbers of the output.
  let outputCount: Int
  /// The innermost axis.
  let run: Axis
  /// The axes around it, innermost first.
  private let outer: [Axis]

  private static var maximumRank: Int { 8 }

  /// Describes the walk over operands of these shapes.
  ///
  /// - Precondition: the shapes broadcast to the output's, whose rank is 8 at most.
  package init(_ shapes: InlineArray<operands, [Int]>, to output: [Int]) {
    let rank = output.count
    precondition(rank <= Self.maximumRank, "rank \(rank) of a maximum of \(Self.maximumRank)")
    var counts = InlineArray<operands, Int>(repeating: 1)
    var axes: [Axis] = []
    for fromEnd in 1..<rank + 1 {
      var axis = Axis(extent: output[rank - fromEnd], strides: .init(repeating: 0))
      precondition(axis.extent >= 0, "extent \(axis.extent)")
      var isReached = false
      for operand in 0..<operands {
        let shape = shapes[operand]
        precondition(shape.count <= rank, "rank \(shape.count) does not broadcast to \(rank)")
        let extent = fromEnd <= shape.count ? shape[shape.count - fromEnd] : 1
        precondition(
          extent == axis.extent || extent == 1,
          "extent \(extent) does not broadcast to \(axis.extent)")
        if extent != 1 { axis.strides[operand] = counts[operand] }
        isReached = isReached || extent == axis.extent
        counts[operand] *= extent
      }
      precondition(isReached, "nothing has the extent \(axis.extent)")
      if axis.extent == 1 { continue }
      if let inner = axes.last, axis.follows(inner) {
        axes[axes.count - 1].extent *= axis.extent
      } else {
        axes.append(axis)
      }
    }
    self.counts = counts
    outputCount = output.reduce(1, *)
    run = axes.first ?? Axis(extent: 1, strides: .init(repeating: 1))
    outer = Array(axes.dropFirst())
  }

  /// Calls `body` with the offsets of each run in the operands and in the output.
  @inline(__always)
  func forEachRun(_ body: (_ operands: InlineArray<operands, Int>, _ output: Int) -> Void) {
    guard outputCount > 0 else { return }
    var position = InlineArray<8, Int>(repeating: 0)
    var offsets = InlineArray<operands, Int>(repeating: 0)
    var output = 0
    while true {
      body(offsets, output)
      output += run.extent
      var axis = 0
      while axis < outer.count {
        position[axis] += 1
        for operand in 0..<operands { offsets[operand] += outer[axis].strides[operand] }
        if position[axis] < outer[axis].extent { break }
        for operand in 0..<operands {
          offsets[operand] -= outer[axis].strides[operand] * outer[axis].extent
        }
        position[axis] = 0
        axis += 1
      }
      if axis == outer.count { return }
    }
  }

  /// Calls `body` with the positions of the numbers of the operands that make each number of the output.
  package func forEach(_ body: (_ operands: InlineArray<operands, Int>, _ output: Int) -> Void) {
    forEachRun { offsets, output in
      var positions = offsets
      for index in 0..<run.extent {
        body(positions, output + index)
        for operand in 0..<operands { positions[operand] += run.strides[operand] }
      }
    }
  }
}

extension BroadcastWalk<2> {
  /// Computes `output = function(left, right)`.
  @inline(__always)
  func map<Operand: BitwiseCopyable, Result: BitwiseCopyable>(
    _ left: Span<Operand>, _ right: Span<Operand>, output: inout MutableSpan<Result>,
    _ function: (Operand, Operand) -> Result
  ) {
    requireOperands(left.count, right.count, output.count)
    withPointers(left, right, &output) { left, right, output in
      guard let left, let right, let output else { return }
      let (leftStep, rightStep) = (run.strides[0], run.strides[1])
      forEachRun { offsets, start in
        let (left, right) = (left + offsets[0], right + offsets[1])
        for index in 0..<run.extent {
          output[start + index] = function(left[index * leftStep], right[index * rightStep])
        }
      }
    }
  }

  /// Stops the program unless operands and output have as many numbers as their shapes say.
  func requireOperands(_ left: Int, _ right: Int, _ output: Int) {
    requireCount(left, counts[0], "left side")
    requireCount(right, counts[1], "right side")
    requireCount(output, outputCount, "output")
  }
}

extension BroadcastWalk<3> {
  /// Computes `output = function(first, second, third)`.
  @inline(__always)
  func map<
    First: BitwiseCopyable, Second: BitwiseCopyable, Third: BitwiseCopyable, Result: BitwiseCopyable
  >(
    _ first: Span<First>, _ second: Span<Second>, _ third: Span<Third>,
    output: inout MutableSpan<Result>, _ function: (First, Second, Third) -> Result
  ) {
    requireCount(first.count, counts[0], "first operand")
    requireCount(second.count, counts[1], "second operand")
    requireCount(third.count, counts[2], "third operand")
    requireCount(output.count, outputCount, "output")
    withPointers(first, second, third, &output) { first, second, third, output in
      guard let first, let second, let third, let output else { return }
      let (firstStep, secondStep, thirdStep) = (run.strides[0], run.strides[1], run.strides[2])
      forEachRun { offsets, start in
        let (first, second, third) = (first + offsets[0], second + offsets[1], third + offsets[2])
        for index in 0..<run.extent {
          output[start + index] = function(
            first[index * firstStep], second[index * secondStep], third[index * thirdStep])
        }
      }
    }
  }
}
