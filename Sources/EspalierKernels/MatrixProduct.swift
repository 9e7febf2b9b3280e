internal import CEspalierKernels

/// Computes `c = start + a * b`, with `start` the old c or zero, plus the bias.
///
/// a is [rows, depth] with any strides, b is [depth, columns] and c is [rows, columns] with
/// contiguous rows. Strides count numbers and are not negative. Every element is one chain of
/// multiply-adds in ascending depth, so a row of c depends on no other row and not on their number.
///
/// - Parameters:
///   - a: Left matrix; element (i, k) lies at `i * rowStride + k * columnStride`.
///   - b: Right matrix; row k starts at `k * bStride`.
///   - c: Result; row i starts at `i * cStride`. Numbers between rows are left alone.
///   - bias: One number per column, or empty.
///   - accumulate: Whether to start from the old c.
package func matrixProduct(
  _ a: Span<Float>, rowStride: Int, columnStride: Int, _ b: Span<Float>, bStride: Int,
  into c: inout MutableSpan<Float>, cStride: Int, rows: Int, columns: Int, depth: Int,
  bias: Span<Float> = Span(), accumulate: Bool = false, using kernels: Kernels = .best
) {
  precondition(
    rows >= 0 && columns >= 0 && depth >= 0,
    "product of [\(rows), \(depth)] and [\(depth), \(columns)]")
  requireReach(a.count, rows, rowStride, depth, columnStride, "a")
  requireReach(b.count, depth, bStride, columns, 1, "b")
  requireReach(c.count, rows, cStride, columns, 1, "c")
  precondition(
    rows < 2 || cStride >= columns, "rows of \(columns) numbers overlap at stride \(cStride) in c")
  if !bias.isEmpty { requireCount(bias.count, columns, "bias") }
  withPointers(a, b, bias, &c) { a, b, bias, c in
    var product = espalier_product(
      rows: rows, columns: columns, depth: depth, a: a, a_row_stride: rowStride,
      a_column_stride: columnStride, b: b, b_row_stride: bStride, c: c, c_row_stride: cStride,
      bias: bias, accumulate: accumulate)
    kernels.table.pointee.product(&product)
  }
}
