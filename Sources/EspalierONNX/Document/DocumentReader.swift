internal import CONNXSchema
internal import CProtobufC
internal import EspalierFormat
internal import EspalierGraph

/// Makes Swift values of unpacked messages, each checked before it becomes one.
struct DocumentReader {
  let limits: ONNXLimits
  /// Where files that tensors name are looked for; nil when there is no such place.
  let folder: String?
  /// The files that numbers were read from, by their paths.
  var externalFiles: Set<Name> = []
  /// What is left of `limits.memoryBytes`.
  private var memoryBytes: Int
  /// What is left of `limits.nodes`.
  private var nodeCount: Int

  init(limits: ONNXLimits, folder: String?) {
    self.limits = limits
    self.folder = folder
    memoryBytes = limits.memoryBytes
    nodeCount = limits.nodes
  }

  /// Takes bytes that are about to be allocated.
  mutating func take(bytes: Int, _ place: ONNXPlace) throws(ONNXError) {
    guard bytes <= memoryBytes else {
      let (found, overflow) = (limits.memoryBytes - memoryBytes).addingReportingOverflow(bytes)
      throw .overLimit(
        .memory, found: overflow ? Int.max : found, limit: limits.memoryBytes, place)
    }
    memoryBytes -= bytes
  }

  /// Takes nodes that are about to be read.
  mutating func take(nodes: Int, _ place: ONNXPlace) throws(ONNXError) {
    guard nodes <= nodeCount else {
      throw .overLimit(
        .nodes, found: limits.nodes - nodeCount + nodes, limit: limits.nodes, place)
    }
    nodeCount -= nodes
  }
}

// MARK: - Unpacking

extension DocumentReader {
  /// What unpacking may take: a file of few bytes must not take many, even where the limit would allow it.
  ///
  /// Graphs of real networks take up to 15 bytes for one, their numbers one, integers of attributes, which ONNX does not
  /// pack, up to 36; an empty attribute takes hundreds for its two.
  private func unpackingBytes(of fileBytes: Int) -> Int {
    let (share, overflow) = fileBytes.multipliedReportingOverflow(by: 64)
    return min(memoryBytes, overflow ? Int.max : max(share, 1 << 26))
  }

  /// Unpacks a message, of which nothing but the result is needed afterwards.
  mutating func unpack<Message>(
    _ bytes: UnsafeRawBufferPointer, by unpack: Unpack<Message>
  ) throws(ONNXError) -> Unpacked<Message> {
    let memory = unpackingBytes(of: bytes.count)
    let unpacked: Unpacked<Message>
    do throws(UnpackingError) {
      unpacked = try Unpacked(
        bytes, memory: memory, failingCall: limits.failingAllocation, by: unpack)
    } catch {
      switch error {
      case .outOfMemory: throw .outOfMemory
      case .overBudget(let found):
        throw .overLimit(.memory, found: found, limit: memory, .model)
      case .unknownField, .badMessage: throw .notONNX
      }
    }
    try take(bytes: unpacked.memoryBytes, .model)
    return unpacked
  }
}

// MARK: - Names and lists

extension DocumentReader {
  /// A name of so many bytes at most, without control characters; it may be empty.
  func name(_ data: ProtobufCBinaryData, _ place: ONNXPlace) throws(ONNXError) -> Name {
    guard data.len <= limits.nameBytes else {
      throw .overLimit(
        .nameBytes, found: Int(clamping: data.len), limit: limits.nameBytes, place)
    }
    let name = Name(utf8: bytes(data))
    guard name.isPrintable else { throw .badName(place) }
    return name
  }

  /// A name that is not empty.
  func requiredName(
    _ data: ProtobufCBinaryData, _ place: ONNXPlace
  ) throws(ONNXError) -> Name {
    let name = try name(data, place)
    guard !name.isEmpty else { throw .badName(place) }
    return name
  }

  /// A domain; the one of ONNX itself has two names, of which the empty one is kept.
  func domain(_ data: ProtobufCBinaryData, _ place: ONNXPlace) throws(ONNXError) -> String {
    let domain = try name(data, place).description
    return domain == "ai.onnx" ? "" : domain
  }

  /// Bytes as they are.
  func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    Array(UnsafeBufferPointer(start: data.data, count: data.len))
  }

  /// Text that nothing depends on; what is not UTF-8 becomes U+FFFD.
  func text(_ data: ProtobufCBinaryData) -> String {
    String(decoding: UnsafeBufferPointer(start: data.data, count: data.len), as: UTF8.self)
  }

  /// The elements of a repeated field.
  func values<Value>(
    _ list: UnsafeMutablePointer<Value>?, _ count: Int, _ place: ONNXPlace
  ) throws(ONNXError) -> UnsafeBufferPointer<Value> {
    guard count <= limits.listCount else {
      throw .overLimit(.listCount, found: count, limit: limits.listCount, place)
    }
    return UnsafeBufferPointer(start: list, count: count)
  }

  /// The elements of a repeated message.
  func elements<Message>(
    _ list: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int,
    _ place: ONNXPlace
  ) throws(ONNXError) -> [UnsafeMutablePointer<Message>] {
    try values(list, count, place).compactMap { $0 }
  }

  /// The names of a repeated field.
  func names(
    _ list: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int, _ place: ONNXPlace
  ) throws(ONNXError) -> [Name] {
    try values(list, count, place).map { (data) throws(ONNXError) in try name(data, place) }
  }
}
