import EspalierFormat
import EspalierGraph
import EspalierWriter
import Testing

/// Weights sections made byte by byte whose fields contradict each other.
@Suite struct SectionErrorTests {
  /// Reads a weights section of these fields after its name; returns the error.
  private func weights(_ rest: [UInt8]) throws -> FormatError? {
    let id = SectionID(kind: .weights, name: "w")
    let body: [UInt8] = [0x08, 3, 0x12, 1, 0x77] + rest
    let bytes = field(0x12, body)
    let entry = IndexEntry(
      id: id, part: 0, range: 0..<bytes.count, crc: Surgery.crc32(bytes),
      digest: SHA256.digest(of: []))
    do throws(FormatError) {
      var reader = try SectionReader(MemorySource(bytes), entry)
      _ = try TensorStorage.filled(byteCount: reader.header.rawBytes) {
        (buffer) throws(FormatError) in
        try reader.decode(into: buffer)
      }
      return nil
    } catch {
      return error
    }
  }

  @Test(
    arguments: [
      [0x84, 0x00], [0x84, 0x80, 0x00], [UInt8](repeating: 0xFF, count: 9) + [0x02],
      [UInt8](repeating: 0xFF, count: 10) + [0x01],
    ] as [[UInt8]])
  func numbersOfMoreBytesThanTheyNeedOr64BitsAreMalformed(_ number: [UInt8]) throws {
    let error = try weights([0x18, 2, 0x20] + number + field(0x7A, [0, 0, 0, 0]))
    guard case .malformed(.section(let section), let offset) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(section == SectionID(kind: .weights, name: "w"))
    #expect((11...20).contains(offset))
  }

  @Test func badSize() throws {
    let bad = FormatError.badSize(SectionID(kind: .weights, name: "w"))
    let planes: [UInt8] = [0x18, 3, 0x20, 4, 0x28]
    #expect(
      try weights(planes + [4] + field(0x32, [1, 1, 1, 1]) + field(0x7A, [0, 0, 0, 0])) == nil)
    #expect(try weights(planes + [3] + field(0x32, [1]) + field(0x7A, [0])) == bad, "width 3")
    #expect(
      try weights(planes + [8] + field(0x32, [1]) + field(0x7A, [0])) == bad, "half an element")
    #expect(
      try weights(planes + [4] + field(0x32, [1, 1, 1]) + field(0x7A, [0, 0, 0])) == bad,
      "a chunk is missing")
    #expect(
      try weights(planes + [4] + field(0x32, [1, 1, 1, 1, 1]) + field(0x7A, [0, 0, 0, 0, 0]))
        == bad,
      "a chunk too many")
    #expect(
      try weights(planes + [4] + field(0x32, [1, 1, 1, 2]) + field(0x7A, [0, 0, 0, 0, 0])) == bad,
      "a chunk longer than its plane")
    #expect(
      try weights(planes + [4] + field(0x32, [1, 1, 1, 0]) + field(0x7A, [0, 0, 0])) == bad,
      "an empty chunk")
    #expect(
      try weights(planes + [4] + field(0x32, [1, 1, 1, 1]) + field(0x7A, [0, 0, 0])) == bad,
      "a payload shorter than its chunks")
    #expect(
      try weights([0x18, 1, 0x20, 5, 0x72, 0] + field(0x7A, [0, 0, 0, 0])) == bad,
      "a plain payload of another size")
    #expect(
      try weights([0x18, 2, 0x20, 0xFF, 0xFF, 0x03] + field(0x7A, [0, 0, 0, 0])) == bad,
      "more than deflate can hold")
    let idle: [UInt8] =
      [0x78, 0x01] + (0..<20).flatMap { _ in [0, 0, 0, 0xFF, 0xFF] as [UInt8] }
    #expect(
      try weights([0x18, 2, 0x20, 1] + field(0x7A, idle)) == bad,
      "a stream of blocks that hold nothing")
  }

  @Test func badStream() throws {
    let bad = FormatError.badStream(SectionID(kind: .weights, name: "w"))
    func stream(_ bytes: [UInt8], raw: UInt8) throws -> FormatError? {
      try weights([0x18, 2, 0x20, raw] + field(0x7A, bytes))
    }
    let five = [UInt8](repeating: 1, count: 5).withUnsafeBytes { Deflater(.message).deflated($0) }
    #expect(try stream(five, raw: 5) == nil)
    #expect(try stream(five, raw: 4) == bad, "more bytes than stated")
    #expect(try stream(five, raw: 6) == bad, "fewer bytes than stated")
    #expect(try stream(five.dropLast(), raw: 5) == bad, "a stream without its end")
    #expect(try stream(five + [0], raw: 5) == bad, "bytes after the stream")
    #expect(try stream([1, 2, 3], raw: 5) == bad, "no stream")
    let plane: [UInt8] =
      [0x18, 3, 0x20, 4, 0x28, 1] + field(0x32, [2]) + field(0x7A, [0xFF, 0xFF])
    #expect(try weights(plane) == bad, "no stream in a plane")
  }
}
