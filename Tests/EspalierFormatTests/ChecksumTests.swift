import CEspalierDecode
import CZlib
import EspalierFormat
import EspalierWriter
import Testing

@Suite struct ChecksumTests {
  /// The examples of FIPS 180-4 and of NIST's "Secure Hash Standard" example values, and lengths around the padding.
  @Test(
    arguments: [
      ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      ("a", 100_000, "6d1cf22d7cc09b085dfc25ee1a1f3ae0265804c607bc2074ad253bcc82fd81ee"),
      ("a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
      ("a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    ])
  func sha256(_ text: String, _ times: Int, _ expected: String) {
    let message = Array(String(repeating: text, count: times).utf8)
    let digest = SHA256.digest(of: message)
    #expect(hexadecimal(digest.bytes) == expected)
    #expect(digest.description == String(expected.prefix(8)))
  }

  /// The check value of CRC-32/ISO-HDLC.
  @Test func crc32() {
    let bytes = Array("123456789".utf8)
    #expect(bytes.withUnsafeBytes { crc32Checksum($0) } == 0xCBF4_3926)
    let start = bytes[..<4].withUnsafeBytes { crc32Checksum($0) }
    #expect(bytes[4...].withUnsafeBytes { crc32Checksum($0, after: start) } == 0xCBF4_3926)
  }

  /// Every length around the registers, every alignment, and pieces one after the other, against zlib.
  @Test func crc32IsThatOfZlib() {
    var random = SplitMix(seed: 7)
    let bytes = random.bytes(70_000)
    for count in Array(0...700) + [4095, 65_535, 69_900] {
      let start = count % 67
      let piece = Array(bytes[start..<start + count])
      let before = UInt32(truncatingIfNeeded: random.next())
      let expected = UInt32(CZlib.crc32(UInt(before), piece, UInt32(count)))
      let found = bytes[start..<start + count].withUnsafeBytes { crc32Checksum($0, after: before) }
      #expect(found == (count == 0 ? before : expected), "\(count) bytes")
    }
  }

  @Test func checksumsOfPiecesJoin() {
    var random = SplitMix(seed: 8)
    let bytes = random.bytes(3000)
    for cut in [0, 1, 63, 64, 1500, 3000] {
      let first = Surgery.crc32(Array(bytes[..<cut]))
      let second = Surgery.crc32(Array(bytes[cut...]))
      #expect(espalier_crc32_joined(first, second, 3000 - cut) == Surgery.crc32(bytes))
    }
  }

  @Test func digestsHave32BytesAndAreOrderedByThem() throws {
    #expect(Digest([UInt8](repeating: 1, count: 31)) == nil)
    let low = try #require(Digest([UInt8](repeating: 0, count: 31) + [1]))
    let high = try #require(Digest([1] + [UInt8](repeating: 0, count: 31)))
    #expect(low < high)
    #expect(high.bytes == [1] + [UInt8](repeating: 0, count: 31))
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
