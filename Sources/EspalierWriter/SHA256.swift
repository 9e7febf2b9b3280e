package import EspalierFormat

/// SHA-256, as FIPS 180-4 defines it.
package struct SHA256 {
  private var state = initialState
  /// Bytes that make no whole block yet.
  private var rest: [UInt8] = []
  private var byteCount = 0

  /// Begins with an empty message.
  package init() {}

  /// Appends bytes to the message.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount += bytes.count
    var bytes = bytes[...]
    if !rest.isEmpty {
      let missing = bytes.prefix(Self.blockBytes - rest.count)
      rest.append(contentsOf: missing)
      bytes = bytes.dropFirst(missing.count)
      guard rest.count == Self.blockBytes else { return }
      process(rest)
      rest = []
    }
    while bytes.count >= Self.blockBytes {
      process(UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.blockBytes)))
      bytes = bytes.dropFirst(Self.blockBytes)
    }
    rest.append(contentsOf: bytes)
  }

  /// The digest of the message.
  package consuming func finished() -> Digest {
    let tail = Self.padded(rest, messageBytes: byteCount)
    tail.withUnsafeBytes { tail in
      for start in stride(from: 0, to: tail.count, by: Self.blockBytes) {
        process(UnsafeRawBufferPointer(rebasing: tail[start..<start + Self.blockBytes]))
      }
    }
    let bytes = state.flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
    guard let digest = Digest(bytes) else { preconditionFailure("eight words are 32 bytes") }
    return digest
  }

  /// The digest of bytes.
  package static func digest(of message: UnsafeRawBufferPointer) -> Digest {
    var hash = SHA256()
    hash.update(message)
    return hash.finished()
  }

  /// The digest of bytes.
  package static func digest(of message: [UInt8]) -> Digest {
    message.withUnsafeBytes { digest(of: $0) }
  }

  private static let blockBytes = 64

  /// The last bytes, a one bit, zeros up to the last eight bytes of a block, and the number of bits (section 5.1.1).
  private static func padded(_ rest: [UInt8], messageBytes: Int) -> [UInt8] {
    var tail = rest + [0x80]
    while tail.count % blockBytes != blockBytes - 8 { tail.append(0) }
    let bits = UInt64(messageBytes) << 3
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
    return tail
  }

  private mutating func process(_ block: [UInt8]) {
    block.withUnsafeBytes { process($0) }
  }

  /// The compression of one block (section 6.2.2).
  private mutating func process(_ block: UnsafeRawBufferPointer) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
      for index in 0..<16 {
        let word = block.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        words[index] = UInt32(bigEndian: word)
      }
      for index in 16..<64 {
        let early = words[index - 15]
        let late = words[index - 2]
        let small0 = Self.rotated(early, 7) ^ Self.rotated(early, 18) ^ early >> 3
        let small1 = Self.rotated(late, 17) ^ Self.rotated(late, 19) ^ late >> 10
        words[index] = words[index - 16] &+ small0 &+ words[index - 7] &+ small1
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      var (e, f, g, h) = (state[4], state[5], state[6], state[7])
      for index in 0..<64 {
        let big1 = Self.rotated(e, 6) ^ Self.rotated(e, 11) ^ Self.rotated(e, 25)
        let choice = e & f ^ ~e & g
        let first = h &+ big1 &+ choice &+ Self.roundConstants[index] &+ words[index]
        let big0 = Self.rotated(a, 2) ^ Self.rotated(a, 13) ^ Self.rotated(a, 22)
        let majority = a & b ^ a & c ^ b & c
        (h, g, f, e) = (g, f, e, d &+ first)
        (d, c, b, a) = (c, b, a, first &+ big0 &+ majority)
      }
      for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= value }
    }
  }

  private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word &>> bits | word &<< (32 &- bits)
  }

  /// The fractional parts of the square roots of the first 8 primes (section 5.3.3).
  private static let initialState: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]

  /// The fractional parts of the cube roots of the first 64 primes (section 4.2.2).
  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5,
    0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
    0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc,
    0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
    0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3,
    0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5,
    0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
    0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
