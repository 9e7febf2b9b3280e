internal import CEspalierSchema
internal import EspalierGraph

/// A function of the schema that unpacks bytes into an arena.
typealias Unpack<Message> = (
  UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<EspalierArena>?
) -> UnsafePointer<Message>?

/// One graph message, unpacked into memory that goes with it.
struct Unpacked<Message>: ~Copyable {
  private let arena: UnsafeMutablePointer<EspalierArena>
  private let message: UnsafePointer<Message>
  /// Bytes that unpacking took.
  let memoryBytes: Int

  /// Unpacks a payload.
  ///
  /// - Parameters:
  ///   - unpack: the function of the schema that does it.
  ///   - memory: the most bytes that it may take.
  ///   - failingCall: the allocation that is to fail, counted from 1; 0 for none.
  init(
    _ payload: TensorStorage, section: SectionID, memory: Int, failingCall: Int,
    by unpack: Unpack<Message>
  ) throws(FormatError) {
    arena = .allocate(capacity: 1)
    arena.initialize(
      to: EspalierArena(
        budget: memory, used: 0, failing_call: failingCall, calls: 0, live_blocks: 0,
        refused_bytes: 0, exhausted: 0, unknown_field: 0, last_block: nil))
    let arena = arena
    let unpacked = payload.withUnsafeBytes {
      unpack($0.baseAddress?.assumingMemoryBound(to: UInt8.self), $0.count, arena)
    }
    guard let message = unpacked else {
      let state = arena.pointee
      espalier_arena_release(arena)
      arena.deallocate()
      if state.exhausted != 0 { throw .outOfMemory(section) }
      guard state.refused_bytes == 0 else {
        let found = Int(clamping: state.refused_bytes)
        throw .overLimit(.graphMemory, found: found, limit: memory)
      }
      throw state.unknown_field != 0 ? .unknownField(section) : .badMessage(section)
    }
    self.message = message
    memoryBytes = arena.pointee.used
  }

  deinit {
    espalier_arena_release(arena)
    arena.deallocate()
  }

  /// Calls `body` with the message, which must not outlive the call.
  func read<Result>(
    _ body: (Message) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    try body(message.pointee)
  }
}

/// Reads the values of a message: names, lists and numbers, each checked before it becomes a Swift value.
struct MessageFields {
  let section: SectionID

  /// The head that is read, nil for the trunk.
  var head: Name? { section.kind == .head ? section.name : nil }

  /// A name of a C string, refused here when no error message should print it; whether it may be empty is for the
  /// model to say.
  func name(_ text: UnsafePointer<CChar>?, _ part: GraphPart) throws(FormatError) -> Name {
    guard let text else { return Name(utf8: []) }
    let bytes = UnsafeRawBufferPointer(start: text, count: espalier_string_length(text))
    guard bytes.count <= GraphLimits.nameBytes else {
      throw .invalidModel(.badName(part, head: head))
    }
    let name = Name(utf8: Array(bytes))
    guard name.isPrintable else { throw .invalidModel(.badName(part, head: head)) }
    return name
  }

  /// The names of a repeated string.
  func names(
    _ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int, _ part: GraphPart
  ) throws(FormatError) -> [Name] {
    try scalars(list, count) { (text) throws(FormatError) in try name(text, part) }
  }

  /// The elements of a repeated message, each made a Swift value.
  func list<Message, Value>(
    _ list: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int,
    _ make: (Message) throws(FormatError) -> Value
  ) throws(FormatError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for element in UnsafeBufferPointer(start: list, count: count) {
      values.append(try make(try required(element)))
    }
    return values
  }

  /// The elements of a repeated number or string, each made a Swift value.
  func scalars<Scalar, Value>(
    _ list: UnsafeMutablePointer<Scalar>?, _ count: Int,
    _ make: (Scalar) throws(FormatError) -> Value
  ) throws(FormatError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for scalar in UnsafeBufferPointer(start: list, count: count) {
      values.append(try make(scalar))
    }
    return values
  }

  /// A message that has to be there.
  func required<Message>(_ message: UnsafeMutablePointer<Message>?) throws(FormatError) -> Message {
    guard let message else { throw .badMessage(section) }
    return message.pointee
  }

  /// A number that has to fit an `Int`.
  func integer(_ number: some BinaryInteger) throws(FormatError) -> Int {
    guard let integer = Int(exactly: number) else { throw .numberOutOfRange(section) }
    return integer
  }

  /// A digest of 32 bytes.
  func digest(_ data: ProtobufCBinaryData) throws(FormatError) -> Digest {
    guard let digest = Digest(UnsafeBufferPointer(start: data.data, count: data.len)) else {
      throw .badMessage(section)
    }
    return digest
  }

  /// A case of an enumeration by its number in files.
  func value<Value: RawRepresentable<UInt32>>(
    _ number: some BinaryInteger, _ kind: NumberKind, as: Value.Type = Value.self
  ) throws(FormatError) -> Value {
    guard let raw = UInt32(exactly: number), let value = Value(rawValue: raw) else {
      throw .unknownNumber(kind, Int(clamping: number), section)
    }
    return value
  }
}
