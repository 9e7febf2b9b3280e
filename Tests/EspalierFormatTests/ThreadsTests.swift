import EspalierFormat
import EspalierGraph
import EspalierWriter
import Testing

/// What is read, and which error is thrown, does not depend on the number of threads.
@Suite struct ThreadsTests {
  private static let id = SectionID(kind: .weights, name: "w")

  /// Nine blocks of planes and a bit.
  private let payload: [UInt8]
  /// A file that stores them.
  private let file: [UInt8]
  private let entry: IndexEntry

  init() throws {
    var random = SplitMix(seed: 1)
    let payload = (0..<2 * (9 * 65_536 + 77)).map { index in
      index % 2 == 0 ? UInt8(truncatingIfNeeded: random.next()) : UInt8(random.next() % 7)
    }
    file = Surgery.part { (part) throws(WriterError) in
      let weights = WeightsPayload(
        bytes: payload, element: .bfloat16, digest: SHA256.digest(of: []))
      try part.append(EncodedSection(.trunk, message: [1]))
      try part.append(EncodedSection(planesOf: weights, name: Self.id.name))
    }
    self.payload = payload
    entry = try #require(try ModelReader(MemorySource(file)).entries().first { $0.id == Self.id })
  }

  /// Decodes the section, whose bytes are said to have a checksum.
  private func decoded<Source: ByteSource>(
    _ source: Source, crc: UInt32, threads: Int
  ) -> Result<[UInt8], FormatError> {
    let entry = IndexEntry(
      id: entry.id, part: entry.part, range: entry.range, crc: crc, digest: entry.digest)
    do throws(FormatError) {
      var reader = try SectionReader(source, entry)
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
    let found = decoded(MemorySource(file), crc: entry.crc, threads: threads)
    #expect(found == .success(payload))
  }

  @Test func errorsAreTheSame() {
    var random = SplitMix(seed: 2)
    var kinds = [0, 0]
    for round in 0..<60 {
      var damaged = file
      let place = Int.random(in: entry.range, using: &random)
      damaged[place] ^= UInt8(1 << (round % 8))
      // Damage that the checksum tells, and streams that were made wrong.
      let isMadeSo = round % 2 == 0
      let stated = isMadeSo ? Surgery.crc32(Array(damaged[entry.range])) : entry.crc
      let one = decoded(MemorySource(damaged), crc: stated, threads: 1)
      if !isMadeSo { #expect(one == .failure(.corrupt(.section(Self.id)))) }
      if one == .failure(.badStream(Self.id)) { kinds[0] += 1 }
      if case .success = one { kinds[1] += 1 }
      for threads in 2...4 {
        let several = decoded(MemorySource(damaged), crc: stated, threads: threads)
        #expect(several == one, "byte \(place), \(threads) threads")
      }
    }
    #expect(kinds[0] > 0 && kinds[1] > 0)
  }

  @Test func sourcesThatEndAreTheSame() {
    let range = entry.range
    for end in [range.upperBound - 1, range.lowerBound + range.count / 2, range.count / 9] {
      for threads in 1...4 {
        let found = decoded(ShortSource(file, end), crc: entry.crc, threads: threads)
        #expect(found == .failure(.endOfFile(offset: end)), "\(threads) threads")
      }
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
