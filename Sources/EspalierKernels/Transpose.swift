internal import CEspalierKernels

/// Computes `output[j][i] = input[i][j]`; input is [rows, columns], output [columns, rows].
package func transpose(
  _ input: Span<Float>, output: inout MutableSpan<Float>, rows: Int, columns: Int,
  using kernels: Kernels = .best
) {
  requireMatrix(input.count, rows, columns, "transpose input")
  requireMatrix(output.count, rows, columns, "transpose output")
  withPointers(input, &output) { input, output in
    kernels.table.pointee.transpose(input, output, rows, columns)
  }
}
