import EspalierFormat
import EspalierGraph
import EspalierWriter
import Testing

@Suite struct PlanesTests {
  private static let id = SectionID(kind: .weights, name: "w")

  /// Stores bytes in a file of one section and decodes them again.
  private func decoded(_ payload: [UInt8], width: Int) throws -> [UInt8] {
    let elements: [Int: ElementType] = [1: .uint8, 2: .bfloat16, 4: .float32, 8: .int64]
    let weights = WeightsPayload(
      bytes: payload, element: elements[width]!, digest: SHA256.digest(of: []))
    let file = Surgery.part { (part) throws(WriterError) in
      try part.append(EncodedSection(.trunk, message: [1]))
      try part.append(EncodedSection(planesOf: weights, name: "w"))
    }
    let source = MemorySource(file)
    let entry = try ModelReader(source).entries()[1]
    #expect(entry.id == Self.id)
    var reader = try SectionReader(source, entry)
    let storage = try TensorStorage.filled(byteCount: reader.header.rawBytes) {
      try reader.decode(into: $0)
    }
    return storage.withUnsafeBytes { Array($0) }
  }

  @Test(arguments: [1, 2, 4, 8])
  func roundTripAroundTheEdgesOfBlocks(_ width: Int) throws {
    var random = SplitMix(seed: UInt64(width))
    for elements in [1, 2, 99, 100, 101, 65_535, 65_536, 65_537, 131_073] {
      // Half of the planes vary little, so that both stored and deflated chunks occur.
      let payload = (0..<elements * width).map { index in
        index % 2 == 0 ? UInt8(truncatingIfNeeded: random.next()) : UInt8(index % 3)
      }
      #expect(try decoded(payload, width: width) == payload, "\(elements) of width \(width)")
    }
  }

  /// The layout of the planes, spelled out: 1.0 is 3F 80 00 00, rotated left 7F 00 00 00, and −2.0 is C0 00 00 00,
  /// rotated left 80 00 00 01.
  @Test func planesOfTwoNumbers() {
    let payload: [UInt8] = [0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0]
    let encoded = payload.withUnsafeBytes { Planes.encoded($0, width: 4) }
    #expect(encoded.chunkSizes == [2, 2, 2, 2])
    #expect(encoded.bytes == [0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x7F, 0x80])
  }

  /// The exponents of normally distributed numbers carry about 2.6 bits, so that a ratio of (23 + 1 + 2.6) / 32 = 0.83
  /// is what there is to reach.
  @Test func gaussianWeightsShrinkToAtMost84Percent() {
    var random = SplitMix(seed: 9)
    let values = (0..<65_536).map { _ in
      // The sum of twelve uniform numbers (Irwin-Hall) is close to normal.
      (0..<12).reduce(Float(0)) { sum, _ in sum + random.float() } * 0.01
    }
    let encoded = values.withUnsafeBytes { Planes.encoded($0, width: 4) }
    #expect(Double(encoded.bytes.count) <= 0.84 * Double(values.count * 4))
  }

  @Test func chunksThatDoNotGainAreStored() {
    var random = SplitMix(seed: 10)
    let noise = random.bytes(1000)
    let encoded = noise.withUnsafeBytes { Planes.encoded($0, width: 1) }
    #expect(encoded.chunkSizes == [1000])
    #expect(encoded.bytes == noise)
  }
}
