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
