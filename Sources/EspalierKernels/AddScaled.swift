internal import CEspalierKernels

/// Computes `y[i] += scale * x[i]`; both have the same count.
package func addScaled(
  _ scale: Float, _ x: Span<Float>, to y: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  requireCount(y.count, x.count, "addScaled target")
  let count = x.count
  withPointers(x, &y) { x, y in
    kernels.table.pointee.add_scaled(scale, x, y, count)
  }
}
