internal import CEspalierSystem

/// Calls `body` with every index of `0..<count`, at the same time where there are threads, and waits for all.
///
/// It takes part itself; `body` must touch nothing that another call of it changes.
func concurrently(_ count: Int, _ body: (Int) -> Void) {
  guard count > 1 else {
    for index in 0..<count { body(index) }
    return
  }
  withoutActuallyEscaping(body) { body in
    var body = body
    withUnsafeMutablePointer(to: &body) {
      espalier_run_concurrently(
        UInt32(count),
        { context, index in
          context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(Int(index))
        }, $0)
    }
  }
}

/// Asks for large pages under memory that is about to be written, when there is enough of it.
///
/// Setting up small pages takes longer than decoding what goes into them.
func preferLargePages(_ buffer: UnsafeMutableRawBufferPointer) {
  if buffer.count >= 1 << 22 {
    espalier_memory_prefer_large_pages(buffer.baseAddress, buffer.count)
  }
}
