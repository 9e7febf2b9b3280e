import EspalierFormat
import EspalierGraph
import EspalierWriter
import Testing

/// What is read, and which error is thrown, does not depend on the number of threads.
@Suite struct ThreadsTests {
  private static let name: Name = "w"
  private static let id = SectionID(kind: .weights, name: name)

  /// A section of nine blocks and a bit.
  private let payload: [UInt8]
  private let section: [UInt8]
  private let width = 2

  init() {
    var random = SplitMix(seed: 1)
    payload = (0..<2 * (9 * 65_536 + 77)).map { index in
      index % 2 == 0 ? UInt8(truncatingIfNeeded: random.next()) : UInt8(random.next() % 7)
    }
    section =
      EncodedSection(
        planesOf: WeightsPayload(
          bytes: payload, elementBytes: width, digest: SHA256.digest(of: [])),
        name: Self.name
      ).bytes
  }

  private func decoded(
    _ bytes: [UInt8], crc: UInt32, threads: Int
  ) -> Result<[UInt8], FormatError> {
    let entry = IndexEntry(
      id: Self.id, part: 0, range: 0..<section.count, crc: crc, digest: SHA256.digest(of: []))
    do throws(FormatError) {
      var reader = try SectionReader(MemorySource(bytes), entry)
      let storage = try TensorStorage.filled(byteCount: reader.header.rawBytes) {
        (buffer) throws(FormatError) in
        try reader.decode(into: buffer, threads: threads)
      }
      return .success(storage.withUnsafeBytes { Array($0) })
    } catch {
      return .failure(error)
    }
  }

  @Test(arguments: [-1, 0, 1, 2, 3, 4, 5, 100, 1000])
  func decodedBytesAreTheSame(_ threads: Int) {
    let found = decoded(section, crc: Surgery.crc32(section), threads: threads)
    #expect(found == .success(payload))
  }

  @Test func errorsAreTheSame() {
    let crc = Surgery.crc32(section)
    var random = SplitMix(seed: 2)
    var kinds = [0, 0]
    for round in 0..<60 {
      var damaged = section
      let place = Int.random(in: 0..<damaged.count, using: &random)
      damaged[place] ^= UInt8(1 << (round % 8))
      // Damage that the checksum tells, and streams that were made wrong.
      let isMadeSo = round % 2 == 0
      let stated = isMadeSo ? Surgery.crc32(damaged) : crc
      let one = decoded(damaged, crc: stated, threads: 1)
      if !isMadeSo { #expect(one == .failure(.corrupt(.section(Self.id)))) }
      if one == .failure(.badStream(Self.id)) { kinds[0] += 1 }
      if case .success = one { kinds[1] += 1 }
      for threads in 2...4 {
        let several = decoded(damaged, crc: stated, threads: threads)
        #expect(several == one, "byte \(place), \(threads) threads")
      }
    }
    #expect(kinds[0] > 0 && kinds[1] > 0)
  }

  @Test func sourcesThatEndAreTheSame() {
    let crc = Surgery.crc32(section)
    for count in [section.count - 1, section.count / 2, section.count / 9] {
      let one = decodedFromShortSource(count, crc: crc, threads: 1)
      #expect(one == .endOfFile(offset: count))
      for threads in 2...4 {
        #expect(decodedFromShortSource(count, crc: crc, threads: threads) == one)
      }
    }
  }

  private func decodedFromShortSource(_ count: Int, crc: UInt32, threads: Int) -> FormatError? {
    let entry = IndexEntry(
      id: Self.id, part: 0, range: 0..<section.count, crc: crc, digest: SHA256.digest(of: []))
    do throws(FormatError) {
      var reader = try SectionReader(ShortSource(section, count), entry)
      _ = try TensorStorage.filled(byteCount: reader.header.rawBytes) {
        (buffer) throws(FormatError) in
        try reader.decode(into: buffer, threads: threads)
      }
      return nil
    } catch {
      return error
    }
  }

  @Test func modelsAreTheSame() throws {
    let model = try Models.random(seed: 5)
    let file = try ModelWriter(model).encode()
    var limits = ReaderLimits()
    limits.threads = 3
    expectSame(try load(file, limits: limits), model)
  }
}

/// Bytes that end early, as those of a file do that is shortened after it was opened.
private struct ShortSource: ByteSource {
  private let bytes: [UInt8]
  private let end: Int

  init(_ bytes: [UInt8], _ end: Int) {
    self.bytes = bytes
    self.end = end
  }

  var byteCount: Int { bytes.count }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) {
    guard offset + buffer.count <= end else { throw .endOfFile(offset: max(offset, end)) }
    buffer.copyBytes(from: bytes[offset..<offset + buffer.count])
  }
}
