import CONNXSchema
import FuzzSupport

/// The fuzzer of the reader of ONNX documents: libFuzzer with mutations that know the messages.
@main struct Fuzz {
  static func main() {
    runFuzzer { bytes, count in
      let file = Array(UnsafeBufferPointer(start: bytes, count: count))
      Stopwatch.time { Check.run(file) }
      return 0
    }
  }
}

/// The message of a document.
private let model = MessageType(onnx__model_proto__descriptor)

/// What libFuzzer calls to change an input: works in place, returns the new size.
///
/// Lengths would stop a blind fuzzer at the first message. A document is therefore taken apart, changed in a few places,
/// and put together again; one time in sixteen the bytes are changed as they are.
@_cdecl("LLVMFuzzerCustomMutator")
func customMutator(
  _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int, _ seed: UInt32
) -> Int {
  change(bytes, count, capacity) { file in
    var random = SplitMix(seed: seed)
    guard !random.oneIn(16), var message = Message(file[...], model) else { return nil }
    for _ in 0...random.below(4) { message.mutate(&random, donor: message) }
    return message.encoded
  }
}

/// What libFuzzer calls to make one input of two; returns its size, 0 when nothing came of it.
@_cdecl("LLVMFuzzerCustomCrossOver")
func customCrossOver(
  _ first: UnsafePointer<UInt8>, _ firstCount: Int,
  _ second: UnsafePointer<UInt8>, _ secondCount: Int,
  _ output: UnsafeMutablePointer<UInt8>, _ capacity: Int, _ seed: UInt32
) -> Int {
  let crossed = crossed(
    Array(UnsafeBufferPointer(start: first, count: firstCount)),
    Array(UnsafeBufferPointer(start: second, count: secondCount)), SplitMix(seed: seed))
  guard let crossed, crossed.count <= capacity else { return 0 }
  output.update(from: crossed, count: crossed.count)
  return crossed.count
}

/// One document with pieces of another, or the two one after the other, which protobuf merges into one.
private func crossed(
  _ first: [UInt8], _ second: [UInt8], _ random: consuming SplitMix
) -> [UInt8]? {
  if random.oneIn(4) { return first + second }
  guard var message = Message(first[...], model), let donor = Message(second[...], model) else {
    return nil
  }
  for _ in 0...random.below(4) { message.mutate(&random, donor: donor) }
  return message.encoded
}
