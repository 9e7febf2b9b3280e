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
  /// left to the power of right.
  case power
  /// What remains of a division that is rounded down: it has the sign of the right one.
  case modulo
  /// What remains of a division that is rounded toward zero: it has the sign of the left one.
  case remainder
  /// left if that is not below zero, otherwise left * right.
  case prelu

  /// The loops of a function: over vectors, or over numbers one by one.
  fileprivate enum Loops {
    case vectors(espalier_binary)
    case numbers(
      (
        _ left: UnsafePointer<Float>, _ leftStep: Int, _ right: UnsafePointer<Float>,
        _ rightStep: Int, _ output: UnsafeMutablePointer<Float>, _ count: Int
      ) -> Void)
  }

  fileprivate func loops(in kernels: Kernels) -> Loops {
    let table = kernels.table
    return switch self {
    case .add: .vectors(table.pointee.add)
    case .subtract: .vectors(table.pointee.subtract)
    case .multiply: .vectors(table.pointee.multiply)
    case .divide: .vectors(table.pointee.divide)
    case .minimum: .vectors(table.pointee.minimum)
    case .maximum: .vectors(table.pointee.maximum)
    case .power: .numbers { espalier_power($0, $1, $2, $3, $4, $5) }
    case .modulo: .numbers { espalier_modulo($0, $1, $2, $3, $4, $5) }
    case .remainder: .numbers { espalier_remainder($0, $1, $2, $3, $4, $5) }
    case .prelu: .vectors(table.pointee.prelu)
    }
  }
}

/// Computes `output = function(left, right)` with NumPy's broadcasting.
package func binary(
  _ function: BinaryKernel, _ left: Span<Float>, _ right: Span<Float>, _ walk: BroadcastWalk<2>,
  output: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  walk.requireOperands(left.count, right.count, output.count)
  let loops = function.loops(in: kernels)
  let (count, leftStep, rightStep) = (walk.run.extent, walk.run.strides[0], walk.run.strides[1])
  withPointers(left, right, &output) { left, right, output in
    guard let left, let right, let output else { return }
    walk.forEachRun { offsets, start in
      let (left, right, output) = (left + offsets[0], right + offsets[1], output + start)
      switch loops {
      case .numbers(let loop): loop(left, leftStep, right, rightStep, output, count)
      case .vectors(let table):
        if leftStep == 0 {
          table.scalar_vector(left.pointee, right, output, count)
        } else if rightStep == 0 {
          table.vector_scalar(left, right.pointee, output, count)
        } else {
          table.vectors(left, right, output, count)
        }
      }
    }
  }
}
