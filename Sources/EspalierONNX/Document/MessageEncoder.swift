internal import EspalierGraph
internal import EspalierWriter

/// Encodes a message whose numbers stay where they are until the message is written.
///
/// The caller writes fields in ascending order.
struct MessageEncoder {
  /// A stretch of the message.
  enum Piece {
    case bytes([UInt8])
    case numbers(TensorStorage)
  }

  /// Numbers of fewer bytes are copied, which costs less than a piece of their own.
  private static let smallBytes = 1 << 12

  /// The message as far as `fields` does not have it.
  private var pieces: [Piece] = []
  private var pieceBytes = 0
  private var fields = ProtobufEncoder()

  /// The bytes of the message so far.
  var byteCount: Int { pieceBytes + fields.bytes.count }

  /// The message so far.
  var finished: [Piece] { pieces + [.bytes(fields.bytes)] }

  private mutating func append(_ piece: Piece, byteCount: Int) {
    pieces += [.bytes(fields.bytes), piece]
    pieceBytes = self.byteCount + byteCount
    fields = ProtobufEncoder()
  }

  /// An integer.
  mutating func number(_ field: UInt32, _ value: Int64) {
    fields.element(field, number: value)
  }

  /// Integers.
  mutating func numbers(_ field: UInt32, _ values: [Int64]) {
    for value in values { fields.element(field, number: value) }
  }

  /// Numbers.
  mutating func numbers(_ field: UInt32, _ values: [Float]) {
    for value in values { fields.element(field, float: value) }
  }

  /// Text, left out when it is empty.
  mutating func text(_ field: UInt32, _ text: Name) { fields.name(field, text) }

  /// Text, left out when it is empty.
  mutating func text(_ field: UInt32, _ text: String) { fields.name(field, Name(text)) }

  /// Texts.
  mutating func texts(_ field: UInt32, _ texts: [Name]) {
    for text in texts { fields.element(field, text.utf8) }
  }

  /// Bytes.
  mutating func bytes(_ field: UInt32, _ bytes: [UInt8]) { fields.element(field, bytes) }

  /// The numbers of a tensor, left out when there are none.
  mutating func bytes(_ field: UInt32, _ numbers: TensorStorage) {
    guard numbers.byteCount > 0 else { return }
    fields.element(field, byteCount: numbers.byteCount)
    if numbers.byteCount < Self.smallBytes {
      numbers.withUnsafeBytes { fields.raw($0) }
    } else {
      append(.numbers(numbers), byteCount: numbers.byteCount)
    }
  }

  /// A message.
  mutating func message(_ field: UInt32, _ body: (inout MessageEncoder) -> Void) {
    var inner = MessageEncoder()
    body(&inner)
    fields.element(field, byteCount: inner.byteCount)
    for piece in inner.pieces {
      switch piece {
      case .bytes(let bytes): fields.raw(bytes)
      case .numbers(let numbers): append(piece, byteCount: numbers.byteCount)
      }
    }
    fields.raw(inner.fields.bytes)
  }

  /// Messages.
  mutating func messages<Value>(
    _ field: UInt32, _ values: [Value], _ body: (Value, inout MessageEncoder) -> Void
  ) {
    for value in values { message(field) { body(value, &$0) } }
  }
}
