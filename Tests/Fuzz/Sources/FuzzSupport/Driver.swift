import CLibFuzzer
import Glibc

/// Runs libFuzzer with the arguments of the command line, and says how long the slowest input took.
///
/// - Parameter test: looks at one input.
package func runFuzzer(_ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32) {
  atexit { print("slowest input: \(Stopwatch.slowestMilliseconds) ms") }
  var count = CommandLine.argc
  var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
  LLVMFuzzerRunDriver(&count, &arguments, test)
}

/// Changes an input in place with what `mutate` makes of it; when that is nothing, or too much, as libFuzzer does.
///
/// - Returns: how many bytes there are then.
package func change(
  _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int,
  by mutate: ([UInt8]) -> [UInt8]?
) -> Int {
  guard let changed = mutate(Array(UnsafeBufferPointer(start: bytes, count: count))),
    changed.count <= capacity
  else { return LLVMFuzzerMutate(bytes, count, capacity) }
  bytes.update(from: changed, count: changed.count)
  return changed.count
}

/// Keeps the longest time of a test; libFuzzer itself counts in seconds.
package enum Stopwatch {
  // libFuzzer runs one test at a time, on one thread.
  nonisolated(unsafe) private static var slowest = 0

  static var slowestMilliseconds: Int { slowest * 1000 / CLOCKS_PER_SEC }

  /// Times a test.
  package static func time(_ test: () -> Void) {
    // Time of the processor, which other processes do not lengthen.
    let start = clock()
    test()
    slowest = max(slowest, clock() - start)
  }
}
