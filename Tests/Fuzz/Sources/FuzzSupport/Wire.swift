/// Reads protobuf's wire format; every read is nil once there is nothing left.
package struct WireReader {
  private let bytes: ArraySlice<UInt8>
  package private(set) var position: Int

  /// Begins at the first of the bytes.
  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Whether nothing is left.
  package var isAtEnd: Bool { position == bytes.endIndex }

  /// So many bytes.
  package mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= bytes.endIndex - position else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// A number of any length.
  package mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = take(1)?.first else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  /// A number of so many bytes.
  package mutating func fixed(_ count: Int) -> UInt64? {
    take(count)?.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A field of bytes after its tag.
  package mutating func element() -> ArraySlice<UInt8>? {
    guard let count = varint() else { return nil }
    return take(Int(clamping: count))
  }
}

/// Writes protobuf's wire format.
extension [UInt8] {
  /// A number of any length.
  package mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// A number of so many bytes.
  package mutating func fixed(_ value: UInt64, _ count: Int) {
    for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  /// A field of a number.
  package mutating func number(_ field: UInt64, _ value: UInt64) {
    varint(field << 3)
    varint(value)
  }

  /// A field of four bytes.
  package mutating func fixed32(_ field: UInt64, _ value: UInt32) {
    varint(field << 3 | 5)
    fixed(UInt64(value), 4)
  }

  /// A field of bytes.
  package mutating func element(_ field: UInt64, _ content: some Collection<UInt8>) {
    varint(field << 3 | 2)
    varint(UInt64(content.count))
    append(contentsOf: content)
  }
}
