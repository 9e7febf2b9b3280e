internal import CEspalierKernels

/// The kernels compiled for one instruction set.
///
/// Every operator of this module takes one as its last argument; the default is the fastest that
/// this machine can run. Variants that fuse multiplication and addition give the same bits.
package struct Kernels: @unchecked Sendable {
  // Sendable, because the table is constant data that nothing ever writes.
  let table: UnsafePointer<espalier_kernels>

  /// The fastest variant this machine can run.
  package static var best: Kernels { Kernels(table: espalier_kernels_best()) }

  /// Number of variants this machine can run; at least one.
  package static var count: Int { espalier_kernels_count() }

  /// The variant at `index`, from the plainest to the fastest.
  package static func variant(at index: Int) -> Kernels {
    precondition(index >= 0 && index < count, "kernel variant \(index) of \(count)")
    return Kernels(table: espalier_kernels_at(index))
  }

  /// Whether multiplication and addition round once, which makes results equal across machines.
  package var isFused: Bool { table.pointee.fused }

  /// Calls `body` with the name of the instruction set as zero-terminated UTF-8.
  package func withName<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    body(table.pointee.name)
  }
}
