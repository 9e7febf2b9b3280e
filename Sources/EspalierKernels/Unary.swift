internal import CEspalierKernels

/// A function of one number.
package enum UnaryKernel: Sendable {
  /// max(x, 0); NaN and -0 stay what they are.
  case relu
  /// 1 / (1 + e^-x).
  case sigmoid
  /// (e^x - e^-x) / (e^x + e^-x).
  case tanh
  /// e^x.
  case exp
  /// Natural logarithm; -infinity at zero, NaN below.
  case log
  /// -x.
  case negate
  /// |x|.
  case absolute
  /// Square root; NaN below zero.
  case squareRoot
}

/// Computes `output[i] = function(input[i])`; both have the same count.
package func unary(
  _ function: UnaryKernel, _ input: Span<Float>, output: inout MutableSpan<Float>,
  using kernels: Kernels = .best
) {
  requireCount(output.count, input.count, "unary output")
  withPointers(input, &output) { source, target in
    function.apply(source, target, input.count, kernels)
  }
}

/// Replaces every number by its function value.
package func unary(
  _ function: UnaryKernel, inPlace values: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  values.withUnsafeMutableBufferPointer { values in
    function.apply(values.baseAddress, values.baseAddress, values.count, kernels)
  }
}

extension UnaryKernel {
  @inline(__always)
  fileprivate func apply(
    _ input: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>?, _ count: Int,
    _ kernels: Kernels
  ) {
    let table = kernels.table
    switch self {
    case .relu: table.pointee.relu(input, output, count)
    case .sigmoid: table.pointee.sigmoid(input, output, count)
    case .tanh: table.pointee.hyperbolic_tangent(input, output, count)
    case .exp: table.pointee.exponential(input, output, count)
    case .log: table.pointee.logarithm(input, output, count)
    case .negate: table.pointee.negate(input, output, count)
    case .absolute: table.pointee.absolute(input, output, count)
    case .squareRoot: table.pointee.square_root(input, output, count)
    }
  }
}
