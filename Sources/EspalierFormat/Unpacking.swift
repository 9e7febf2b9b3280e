internal import CEspalierSchema
internal import EspalierGraph

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
