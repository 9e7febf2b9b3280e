import CLibFuzzer
import Glibc

/// The fuzzer of the reader: libFuzzer with mutations that know the format.
@main struct Fuzz {
  static func main() {
    atexit { print("slowest input: \(Stopwatch.slowestMilliseconds) ms") }
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
      let file = Array(UnsafeBufferPointer(start: bytes, count: count))
      Stopwatch.time { Check.run(file) }
      return 0
    }
  }
}

/// Keeps the longest time of a test; libFuzzer itself counts in seconds.
enum Stopwatch {
  // libFuzzer runs one test at a time, on one thread.
  nonisolated(unsafe) private static var slowest = 0

  static var slowestMilliseconds: Int { slowest * 1000 / CLOCKS_PER_SEC }

  static func time(_ test: () -> Void) {
    // Time of the processor, which other processes do not lengthen.
    let start = clock()
    test()
    slowest = max(slowest, clock() - start)
  }
}

/// What libFuzzer calls to change an input: works in place, returns the new size.
@_cdecl("LLVMFuzzerCustomMutator")
func customMutator(
  _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int, _ seed: UInt32
) -> Int {
  var mutator = Mutator(seed: seed)
  let file = Array(UnsafeBufferPointer(start: bytes, count: count))
  if let changed = mutator.changed(file), changed.count <= capacity {
    bytes.update(from: changed, count: changed.count)
    return changed.count
  }
  return LLVMFuzzerMutate(bytes, count, capacity)
}

/// What libFuzzer calls to make one input of two; returns its size, 0 when nothing came of it.
@_cdecl("LLVMFuzzerCustomCrossOver")
func customCrossOver(
  _ first: UnsafePointer<UInt8>, _ firstCount: Int,
  _ second: UnsafePointer<UInt8>, _ secondCount: Int,
  _ output: UnsafeMutablePointer<UInt8>, _ capacity: Int, _ seed: UInt32
) -> Int {
  var mutator = Mutator(seed: seed)
  let files = (
    Array(UnsafeBufferPointer(start: first, count: firstCount)),
    Array(UnsafeBufferPointer(start: second, count: secondCount))
  )
  guard let crossed = mutator.crossed(files.0, files.1), crossed.count <= capacity else { return 0 }
  output.update(from: crossed, count: crossed.count)
  return crossed.count
}
