import FuzzSupport

extension Archive.Section {
  /// Payloads beyond this are left as they are.
  private static var decodedLimit: Int { 1 << 20 }
  private static var blockElements: Int { 65_536 }

  /// The message that the payload is, nil when it is none.
  var messageType: MessageType? {
    switch kind {
    case 1: MessageType.trunk
    case 2: MessageType.head
    case 4: MessageType.about
    case 5: MessageType.example
    case 6: MessageType.signature
    default: nil
    }
  }

  /// The payload decoded, or nil when it cannot be.
  var decoded: [UInt8]? {
    guard let count = Int(exactly: rawBytes), count <= Self.decodedLimit else { return nil }
    switch codec {
    case 1: return payload
    case 2: return Zlib.inflated(payload, limit: count)
    default: return nil
    }
  }

  /// Stores a decoded payload, with the codec that the section has.
  mutating func store(_ decoded: [UInt8]) {
    rawBytes = UInt64(decoded.count)
    chunkBytes = []
    switch codec {
    case 1: payload = decoded
    case 3: storePlanes(decoded)
    default: payload = Zlib.deflated(decoded)
    }
  }

  /// Stores byte planes without rotating elements first: other numbers, but as good ones.
  private mutating func storePlanes(_ decoded: [UInt8]) {
    let width = Int(elementBytes)
    guard [1, 2, 4, 8].contains(width) else { return }
    payload = []
    for start in stride(from: 0, to: decoded.count, by: width * Self.blockElements) {
      let block = Array(decoded[start...].prefix(width * Self.blockElements))
      for plane in 0..<width {
        let chunk = stride(from: plane, to: block.count, by: width).map { block[$0] }
        let deflated = Zlib.bare(chunk)
        let stored = deflated.count < chunk.count ? deflated : chunk
        chunkBytes.append(UInt64(stored.count))
        payload += stored
      }
    }
  }
}
