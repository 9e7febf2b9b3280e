import FuzzSupport
import ModelMutations

/// The fuzzer of the reader of model files: libFuzzer with mutations that know the format.
@main struct Fuzz {
  static func main() {
    runFuzzer { bytes, count in
      let file = Array(UnsafeBufferPointer(start: bytes, count: count))
      Stopwatch.time { Check.run(file) }
      return 0
    }
  }
}

/// What libFuzzer calls to change an input: works in place, returns the new size.
@_cdecl("LLVMFuzzerCustomMutator")
func customMutator(
  _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int, _ seed: UInt32
) -> Int {
  change(bytes, count, capacity) { file in
    var mutator = Mutator(seed: seed)
    return mutator.changed(file)
  }
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
