internal import CEspalierKernels

/// A function of two numbers.
package enum BinaryKernel: Sendable {
  /// left + right.
  case add
  /// left - right.
  case subtract
  /// left * right.
  case multiply
  /// left / right.
  case divide
  /// The smaller one; NaN if either is NaN.
  case minimum
  /// The larger one; NaN if either is NaN.
  case maximum

  fileprivate func table(in kernels: Kernels) -> espalier_binary {
    switch self {
    case .add: kernels.table.pointee.add
    case .subtract: kernels.table.pointee.subtract
    case .multiply: kernels.table.pointee.multiply
    case .divide: kernels.table.pointee.divide
    case .minimum: kernels.table.pointee.minimum
    case .maximum: kernels.table.pointee.maximum
    }
  }
}

/// Computes `output = function(left, right)` with NumPy's broadcasting.
///
/// Shapes are aligned at their last axis; an axis of extent 1, or a missing one, repeats. The output
/// shape must be the broadcast shape, of rank 8 at most.
package func binary(
  _ function: BinaryKernel, _ left: Span<Float>, leftShape: Span<Int>, _ right: Span<Float>,
  rightShape: Span<Int>, output: inout MutableSpan<Float>, outputShape: Span<Int>,
  using kernels: Kernels = .best
) {
  let walk = BroadcastWalk(left: leftShape, right: rightShape, output: outputShape)
  requireCount(left.count, walk.leftCount, "left side")
  requireCount(right.count, walk.rightCount, "right side")
  requireCount(output.count, walk.outputCount, "output")
  let table = function.table(in: kernels)
  withPointers(left, right, &output) { left, right, output in
    guard let left, let right, let output else { return }
    walk.forEachRun { leftOffset, rightOffset, outputOffset in
      let left = left + leftOffset
      let right = right + rightOffset
      let output = output + outputOffset
      let run = walk.run
      if run.left == 0 {
        table.scalar_vector(left.pointee, right, output, run.extent)
      } else if run.right == 0 {
        table.vector_scalar(left, right.pointee, output, run.extent)
      } else {
        table.vectors(left, right, output, run.extent)
      }
    }
  }
}
