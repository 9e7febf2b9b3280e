/// A SHA-256 digest (FIPS 180-4): the identity of a section's decoded payload.
public struct Digest: Sendable, Hashable, Comparable {
  /// The number of bytes.
  public static let byteCount = 32

  /// The digest as four numbers, the first bytes in the upper bits of the first.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// Makes a digest of 32 bytes, or nil when there is another number of them.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    var words: [UInt64] = [0, 0, 0, 0]
    for (index, byte) in bytes.enumerated() {
      words[index / 8] = words[index / 8] << 8 | UInt64(byte)
    }
    self.words = (words[0], words[1], words[2], words[3])
  }

  /// The digest that no other precedes.
  static let least = Digest(words: (0, 0, 0, 0))

  private init(words: (UInt64, UInt64, UInt64, UInt64)) {
    self.words = words
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
    }
  }

  /// Whether the bytes are the same.
  public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

  /// Orders by bytes.
  public static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }

  /// Feeds the bytes to a hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

extension Digest: CustomStringConvertible {
  /// The first eight of the 64 hexadecimal digits, enough to tell two digests apart in a message.
  public var description: String {
    var text = ""
    for shift in stride(from: 60, through: 32, by: -4) {
      let digit = UInt8(truncatingIfNeeded: words.0 >> UInt64(shift)) & 0xF
      text.unicodeScalars.append(Unicode.Scalar(digit < 10 ? 0x30 + digit : 0x57 + digit))
    }
    return text
  }
}
