import CZlib

/// Reads protobuf's wire format; every read is nil once there is nothing left.
struct WireReader {
  private let bytes: ArraySlice<UInt8>
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var isAtEnd: Bool { position == bytes.endIndex }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= bytes.endIndex - position else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = take(1)?.first else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  mutating func fixed(_ count: Int) -> UInt64? {
    take(count)?.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A field of bytes after its tag.
  mutating func element() -> ArraySlice<UInt8>? {
    guard let count = varint() else { return nil }
    return take(Int(clamping: count))
  }
}

/// Writes protobuf's wire format.
extension [UInt8] {
  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  mutating func fixed(_ value: UInt64, _ count: Int) {
    for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  mutating func number(_ field: UInt64, _ value: UInt64) {
    varint(field << 3)
    varint(value)
  }

  mutating func fixed32(_ field: UInt64, _ value: UInt32) {
    varint(field << 3 | 5)
    fixed(UInt64(value), 4)
  }

  mutating func element(_ field: UInt64, _ content: some Collection<UInt8>) {
    varint(field << 3 | 2)
    varint(UInt64(content.count))
    append(contentsOf: content)
  }

  /// The CRC-32 of the bytes, after others.
  func crc32(after crc: UInt32 = 0) -> UInt32 {
    UInt32(truncatingIfNeeded: CZlib.crc32(UInt(crc), self, UInt32(count)))
  }
}

/// One-shot zlib.
enum Zlib {
  /// A zlib stream.
  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var output = [UInt8](repeating: 0, count: Int(count))
    guard compress2(&output, &count, bytes, UInt(bytes.count), 9) == Z_OK else {
      fatalError("zlib cannot compress")
    }
    return Array(output[..<Int(count)])
  }

  /// The content of a zlib stream of at most `limit` bytes, or nil.
  static func inflated(_ stream: [UInt8], limit: Int) -> [UInt8]? {
    var count = UInt(limit)
    var output = [UInt8](repeating: 0, count: max(limit, 1))
    guard uncompress(&output, &count, stream, UInt(stream.count)) == Z_OK else { return nil }
    return Array(output[..<Int(count)])
  }

  /// Deflate without the two bytes before and the four after it.
  static func bare(_ bytes: [UInt8]) -> [UInt8] { Array(deflated(bytes).dropFirst(2).dropLast(4)) }
}
