internal import CEspalierKernels

/// Computes the softmax of each row: `e^(x - m) / sum of e^(x - m)`, m the largest number of the row.
///
/// input and output are [rows, columns]. A row whose largest number is infinite or NaN has no
/// softmax: all of it becomes NaN.
package func softmax(
  _ input: Span<Float>, output: inout MutableSpan<Float>, rows: Int, columns: Int,
  using kernels: Kernels = .best
) {
  requireMatrix(input.count, rows, columns, "softmax input")
  requireMatrix(output.count, rows, columns, "softmax output")
  withPointers(input, &output) { input, output in
    kernels.table.pointee.softmax(input, output, rows, columns)
  }
}

/// Computes the logarithm of the softmax of each row: `x - m - log(sum of e^(x - m))`, m the largest number of the row.
///
/// input and output are [rows, columns]. A row whose largest number is infinite or NaN has none: all of it becomes NaN.
package func logSoftmax(
  _ input: Span<Float>, output: inout MutableSpan<Float>, rows: Int, columns: Int,
  using kernels: Kernels = .best
) {
  requireMatrix(input.count, rows, columns, "softmax input")
  requireMatrix(output.count, rows, columns, "softmax output")
  withPointers(input, &output) { input, output in
    kernels.table.pointee.log_softmax(input, output, rows, columns)
  }
}
