package import EspalierGraph

/// Writes protobuf fields in the canonical form: ascending field numbers, shortest varints, defaults left out.
///
/// The caller writes fields in ascending order. Singular fields of a message leave out zero and empty values; the
/// methods that begin with `element` write elements of repeated fields, which are never left out.
package struct ProtobufEncoder {
  private enum WireType: UInt32 {
    case varint = 0
    case fixed64 = 1
    case bytes = 2
    case fixed32 = 5
  }

  /// What was written so far.
  package private(set) var bytes: [UInt8] = []

  /// Begins with nothing.
  package init() {}

  /// Writes bytes as they are.
  package mutating func raw(_ more: some Sequence<UInt8>) {
    bytes.append(contentsOf: more)
  }

  /// Writes a number in its shortest form.
  package mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Writes four bytes, little-endian.
  package mutating func fixed32(_ value: UInt32) {
    for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  /// Writes eight bytes, little-endian.
  package mutating func fixed64(_ value: UInt64) {
    fixed32(UInt32(truncatingIfNeeded: value))
    fixed32(UInt32(truncatingIfNeeded: value >> 32))
  }

  private mutating func tag(_ field: UInt32, _ type: WireType) {
    varint(UInt64(field << 3 | type.rawValue))
  }

  /// An integer or enumeration field.
  package mutating func number(_ field: UInt32, _ value: some BinaryInteger) {
    guard value != 0 else { return }
    tag(field, .varint)
    varint(UInt64(value))
  }

  /// A `sint64` field.
  package mutating func signed(_ field: UInt32, _ value: Int) {
    number(field, Self.zigzag(value))
  }

  /// A `float` field; negative zero is a zero.
  package mutating func float(_ field: UInt32, _ value: Float) {
    guard value != 0 else { return }
    tag(field, .fixed32)
    fixed32(value.bitPattern)
  }

  /// A `double` field; negative zero is a zero.
  package mutating func double(_ field: UInt32, _ value: Double) {
    guard value != 0 else { return }
    tag(field, .fixed64)
    fixed64(value.bitPattern)
  }

  /// A string field.
  package mutating func name(_ field: UInt32, _ name: Name) {
    if !name.isEmpty { element(field, name.utf8) }
  }

  /// A repeated field of numbers, packed.
  package mutating func packed(_ field: UInt32, _ values: [UInt64]) {
    guard !values.isEmpty else { return }
    element(field) { for value in values { $0.varint(value) } }
  }

  /// A repeated `float` field, packed.
  package mutating func packedFloats(_ field: UInt32, _ values: [Float]) {
    guard !values.isEmpty else { return }
    element(field) { for value in values { $0.fixed32(value.bitPattern) } }
  }

  /// A repeated `sint64` field, packed.
  package mutating func packedSigned(_ field: UInt32, _ values: [Int]) {
    packed(field, values.map(Self.zigzag))
  }

  /// One integer; a negative one takes ten bytes.
  package mutating func element(_ field: UInt32, number: Int64) {
    tag(field, .varint)
    varint(UInt64(bitPattern: number))
  }

  /// One `float`.
  package mutating func element(_ field: UInt32, float: Float) {
    tag(field, .fixed32)
    fixed32(float.bitPattern)
  }

  /// One string or bytes value.
  package mutating func element(_ field: UInt32, _ value: [UInt8]) {
    element(field, byteCount: value.count)
    bytes.append(contentsOf: value)
  }

  /// What stands before one string, bytes value or message of so many bytes, which follow.
  package mutating func element(_ field: UInt32, byteCount: Int) {
    tag(field, .bytes)
    varint(UInt64(byteCount))
  }

  /// One message.
  package mutating func element(_ field: UInt32, _ body: (inout ProtobufEncoder) -> Void) {
    var inner = ProtobufEncoder()
    body(&inner)
    element(field, inner.bytes)
  }

  private static func zigzag(_ value: Int) -> UInt64 {
    let wide = Int64(value)
    return UInt64(bitPattern: wide << 1 ^ wide >> 63)
  }
}
