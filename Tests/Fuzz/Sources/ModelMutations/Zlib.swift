import CZlib

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

extension [UInt8] {
  /// The CRC-32 of the bytes, after others.
  func crc32(after crc: UInt32 = 0) -> UInt32 {
    UInt32(truncatingIfNeeded: CZlib.crc32(UInt(crc), self, UInt32(count)))
  }
}
