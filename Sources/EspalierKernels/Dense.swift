/// Computes `output = input * weights + bias`.
///
/// input is [rows, inputs], weights [inputs, outputs], bias [outputs] or empty, output
/// [rows, outputs]. A row of the output depends on no other row of the input.
package func dense(
  _ input: Span<Float>, weights: Span<Float>, bias: Span<Float>,
  output: inout MutableSpan<Float>, rows: Int, inputs: Int, outputs: Int,
  using kernels: Kernels = .best
) {
  requireMatrix(input.count, rows, inputs, "dense input")
  requireMatrix(weights.count, inputs, outputs, "dense weights")
  requireMatrix(output.count, rows, outputs, "dense output")
  matrixProduct(
    input, rowStride: inputs, columnStride: 1, weights, bStride: outputs, into: &output,
    cStride: outputs, rows: rows, columns: outputs, depth: inputs, bias: bias, using: kernels)
}
