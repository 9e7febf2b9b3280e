internal import CEspalierKernels

/// The sum of an array; zero if it is empty.
///
/// Lane i adds the numbers i, i + 16, ...; the 16 lanes are then added as a tree. The order, and so
/// the rounding, is the same on every machine.
package func sum(_ input: Span<Float>, using kernels: Kernels = .best) -> Float {
  input.withUnsafeBufferPointer { kernels.table.pointee.sum($0.baseAddress, $0.count) }
}

/// The largest number of an array; -infinity if it is empty, NaN if one is NaN.
package func largest(_ input: Span<Float>, using kernels: Kernels = .best) -> Float {
  input.withUnsafeBufferPointer { kernels.table.pointee.largest($0.baseAddress, $0.count) }
}

/// What becomes of many numbers.
package enum ReductionKernel: Sendable {
  /// Their sum.
  case sum
  /// Their sum divided by how many there are.
  case mean
  /// The largest one; NaN if one is NaN.
  case maximum
  /// The smallest one; NaN if one is NaN.
  case minimum
  /// Their product.
  case product
  /// The sum of their squares.
  case sumOfSquares
}

/// Which axes of an array are reduced to one number.
///
/// Neighbouring axes that are both reduced are one axis, and the array is reduced along one of these
/// after the other, beginning with the last.
package struct ReductionGeometry: Equatable, Sendable {
  /// For each reduced axis, beginning with the last, the array that the axes behind it left.
  package let passes: [AxisRuns]
  /// The copy that would put each result in the place of all numbers that it was made of.
  package let spread: StridedCopy
  /// Numbers of the input.
  package let inputCount: Int
  /// Numbers that become one.
  package let reducedCount: Int

  /// Makes a geometry of an array of positive extents and ascending axes of it.
  package init(sizes: [Int], axes: [Int]) {
    var passes: [AxisRuns] = []
    var strides = sizes
    var stride = 1
    var axis = sizes.count
    while axis > 0 {
      let last = axis - 1
      guard axes.contains(last) else {
        strides[last] = stride
        stride *= sizes[last]
        axis = last
        continue
      }
      var count = 1
      while axis > 0, axes.contains(axis - 1) {
        axis -= 1
        strides[axis] = 0
        count *= sizes[axis]
      }
      if count > 1 {
        passes.append(
          AxisRuns(outer: sizes[..<axis].reduce(1, *), count: count, inner: stride))
      }
    }
    self.passes = passes
    spread = StridedCopy(offset: 0, sizes: sizes, strides: strides)
    inputCount = sizes.reduce(1, *)
    reducedCount = passes.reduce(1) { $0 * $1.count }
  }

  /// Numbers of the output.
  package var outputCount: Int { inputCount / reducedCount }

  /// Numbers of scratch that reducing float32 needs: lanes, and results between passes.
  package var scratchCount: Int { laneCount + intermediateCount }

  /// Room for the lanes of the pass that has most.
  var laneCount: Int {
    passes.reduce(0) { max($0, 16 * $1.stripWidth) }
  }

  private var intermediateCount: Int { passes.dropLast().reduce(0) { $0 + $1.lineCount } }
}

extension AxisRuns {
  /// Neighbouring lines that are reduced at once; 16 partial results of each fit the caches.
  var stripWidth: Int { min(inner, 2048) }
}

/// Reduces axes of an array of float32.
///
/// Along an axis, lane i takes the numbers i, i + 16, ... in ascending order; the lanes are then
/// combined as a tree, i with i + 8, i + 4, i + 2, i + 1. The order depends on nothing else.
///
/// - Parameters:
///   - input: `geometry.inputCount` numbers.
///   - scratch: At least `geometry.scratchCount` numbers; their contents are overwritten.
///   - output: `geometry.outputCount` numbers.
package func reduce(
  _ input: Span<Float>, _ function: ReductionKernel, _ geometry: ReductionGeometry,
  scratch: inout MutableSpan<Float>, output: inout MutableSpan<Float>,
  using kernels: Kernels = .best
) {
  requireCount(input.count, geometry.inputCount, "reduction input")
  requireCount(output.count, geometry.outputCount, "reduction output")
  precondition(
    scratch.count >= geometry.scratchCount,
    "reduction scratch has \(scratch.count) numbers, needs \(geometry.scratchCount)")
  scratch.withUnsafeMutableBufferPointer { scratch in
    withPointers(input, &output) { input, output in
      guard let input, let output else { return }
      reduce(input, function, geometry, scratch.baseAddress, output, kernels)
    }
  }
}

/// The same with counts that were checked before; there is no scratch where none is needed.
func reduce(
  _ input: UnsafePointer<Float>, _ function: ReductionKernel, _ geometry: ReductionGeometry,
  _ scratch: UnsafeMutablePointer<Float>?, _ output: UnsafeMutablePointer<Float>,
  _ kernels: Kernels
) {
  guard let scratch, let last = geometry.passes.indices.last else {
    output.update(from: input, count: geometry.inputCount)
    if function == .sumOfSquares {
      for index in 0..<geometry.inputCount { output[index] *= input[index] }
    }
    return
  }
  var source = input
  var intermediate = scratch + geometry.laneCount
  for (index, pass) in geometry.passes.enumerated() {
    let target = index == last ? output : intermediate
    let step = LaneReduction(
      index > 0 && function == .sumOfSquares ? .sum : function, kernels, lanes: scratch)
    step.run(source, pass, target)
    source = UnsafePointer(intermediate)
    intermediate += pass.lineCount
  }
  if function == .mean {
    kernels.table.pointee.divide.vector_scalar(
      output, Float(geometry.reducedCount), output, geometry.outputCount)
  }
}

/// The reduction of one axis in 16 lanes.
private struct LaneReduction {
  private let function: ReductionKernel
  private let kernels: Kernels
  private let lanes: UnsafeMutablePointer<Float>

  init(
    _ function: ReductionKernel, _ kernels: Kernels, lanes: UnsafeMutablePointer<Float>
  ) {
    self.function = function
    self.kernels = kernels
    self.lanes = lanes
  }

  func run(_ input: UnsafePointer<Float>, _ pass: AxisRuns, _ output: UnsafeMutablePointer<Float>) {
    for outer in 0..<pass.outer {
      let source = input + outer * pass.count * pass.inner
      let target = output + outer * pass.inner
      if pass.inner == 1, let value = line(source, pass.count) {
        target.pointee = value
        continue
      }
      for first in stride(from: 0, to: pass.inner, by: pass.stripWidth) {
        let width = min(pass.stripWidth, pass.inner - first)
        strip(source + first, rows: pass.count, width: width, rowStride: pass.inner)
        (target + first).update(from: lanes, count: width)
      }
    }
  }

  /// A line of neighbouring numbers, where the kernels have its reduction.
  private func line(_ input: UnsafePointer<Float>, _ count: Int) -> Float? {
    switch function {
    case .sum, .mean: kernels.table.pointee.sum(input, count)
    case .maximum: kernels.table.pointee.largest(input, count)
    case .sumOfSquares: kernels.table.pointee.sum_of_squares(input, count)
    case .minimum, .product: nil
    }
  }

  /// Reduces the rows of a matrix to one row, which is left in lane 0; lanes are `width` numbers long.
  private func strip(_ input: UnsafePointer<Float>, rows: Int, width: Int, rowStride: Int) {
    // Rows that lie side by side go to their lanes together.
    let step = width == rowStride ? 16 : 1
    for row in stride(from: 0, to: rows, by: step) {
      let count = min(step, rows - row) * width
      let lane = lanes + row % 16 * width
      if row < 16 {
        start(lane, input + row * rowStride, count)
      } else {
        add(input + row * rowStride, to: lane, count)
      }
    }
    var left = min(16, rows)
    var half = 8
    while half > 0 {
      if left > half {
        combine(lanes + half * width, into: lanes, (left - half) * width)
        left = half
      }
      half /= 2
    }
  }

  private func start(
    _ lane: UnsafeMutablePointer<Float>, _ input: UnsafePointer<Float>, _ count: Int
  ) {
    if function == .sumOfSquares {
      kernels.table.pointee.multiply.vectors(input, input, lane, count)
    } else {
      lane.update(from: input, count: count)
    }
  }

  private func add(
    _ input: UnsafePointer<Float>, to lane: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    if function == .sumOfSquares {
      kernels.table.pointee.add_squares(input, lane, count)
    } else {
      combine(input, into: lane, count)
    }
  }

  private func combine(
    _ input: UnsafePointer<Float>, into lane: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let table = kernels.table
    switch function {
    case .sum, .mean, .sumOfSquares: table.pointee.add.vectors(lane, input, lane, count)
    case .maximum: table.pointee.maximum.vectors(lane, input, lane, count)
    case .minimum: table.pointee.minimum.vectors(lane, input, lane, count)
    case .product: table.pointee.multiply.vectors(lane, input, lane, count)
    }
  }
}
