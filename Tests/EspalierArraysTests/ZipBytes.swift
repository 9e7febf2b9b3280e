/// A zip archive written field by field (PKWARE's APPNOTE 6.3), so that each can lie.
struct ZipBytes {
  /// An entry; fields that are nil say what is true.
  struct Entry {
    var name: [UInt8]
    var content: [UInt8]
    /// What the local header says instead of the name.
    var localName: [UInt8]?
    var method: UInt16 = 0
    var flags: UInt16 = 0
    /// The content as it lies in the archive.
    var stored: [UInt8]?
    var claimedSize: UInt32?
    var claimedSum: UInt32?

    init(_ name: String, _ content: [UInt8]) {
      self.name = Array(name.utf8)
      self.content = content
    }

    /// The fields that the local header and the directory have in common.
    fileprivate var fields: [UInt8] {
      let stored = stored ?? content
      return little(flags) + little(method) + little(0 as UInt16) + little(33 as UInt16)
        + little(claimedSum ?? crc(of: content)) + little(UInt32(stored.count))
        + little(claimedSize ?? UInt32(content.count))
    }
  }

  let bytes: [UInt8]

  /// - Parameter claimedCount: what the end of the directory says of the number of entries.
  init(_ entries: [Entry], claimedCount: UInt16? = nil) {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let localName = entry.localName ?? entry.name
      directory +=
        [0x50, 0x4B, 1, 2] + little(0x0314 as UInt16) + little(20 as UInt16) + entry.fields
      directory += little(UInt16(entry.name.count)) + [UInt8](repeating: 0, count: 12)
      directory += little(UInt32(body.count)) + entry.name
      body += [0x50, 0x4B, 3, 4] + little(20 as UInt16) + entry.fields
      body += little(UInt16(localName.count)) + little(0 as UInt16) + localName
      body += entry.stored ?? entry.content
    }
    let count = claimedCount ?? UInt16(entries.count)
    bytes =
      body + directory + [0x50, 0x4B, 5, 6] + little(0 as UInt32) + little(count) + little(count)
      + little(UInt32(directory.count)) + little(UInt32(body.count)) + little(0 as UInt16)
  }

  /// A deflate stream of one block that is not compressed (RFC 1951, 3.2.4).
  static func deflated(_ content: [UInt8]) -> [UInt8] {
    let size = UInt16(content.count)
    return [1] + little(size) + little(~size) + content
  }
}

/// The bytes of a number, least significant first.
private func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// CRC-32 bit by bit, as zip archives have it.
private func crc(of bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(UInt32.max) { sum, byte in
    (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
    }
  }
}
