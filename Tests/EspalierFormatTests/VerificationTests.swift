import EspalierFormat
import EspalierGraph
import EspalierWriter
import Foundation
import Testing

/// What verifying a file computes and no reader does: what an index says is never taken for granted.
@Suite struct VerificationTests {
  private let unknown = SectionID(kind: SectionKind(rawValue: 77), name: "trunk")

  /// Calls `body` with the path of a file of some bytes.
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file.path)
  }

  /// A model with a section of an unknown kind, whose digest is that of `claimed`.
  private func file(_ payload: [UInt8], claimed: [UInt8]) throws -> [UInt8] {
    try ModelWriter(Models.flat(heads: ["a"])).encode()
      + Surgery.part { (part) throws(WriterError) in
        try part.append(
          EncodedSection(unknown, message: payload, digest: SHA256.digest(of: claimed)))
      }
  }

  @Test func digestsOfUnknownKindsAreComputed() throws {
    var honest: [UInt8] = []
    try withFile(file([1, 2, 3], claimed: [1, 2, 3])) { path in
      let found = try ModelFile(path: path).verify()
      #expect(found.wrongDigests.isEmpty)
      honest = try ModelFile(path: path).statement()
      #expect(found.statement == honest)
    }
    try withFile(file([1, 2, 4], claimed: [1, 2, 3])) { path in
      let found = try ModelFile(path: path).verify()
      #expect(found.wrongDigests == [unknown])
      #expect(found.statement != honest, "what is signed follows from the bytes")
      let error = WriterError.wrongDigest(unknown)
      #expect(throws: error) { try ModelFile(path: path).statement() }
      #expect(error.description.contains("kind 77 of trunk: its digest is not the one"))
    }
  }

  /// The index of the file states the digest of the head as it was before it was changed.
  @Test func nobodySignsWhatTheIndexOnlyStates() throws {
    var surgery = try Surgery(ModelWriter(Models.flat(heads: ["a"])).encode())
    let other = try Surgery(ModelWriter(Models.flat(heads: ["a"], scale: 3)).encode())
    let weights = surgery.position(of: .weights, "a")
    surgery.pieces[weights].payload = other.pieces[other.position(of: .weights, "a")].payload
    try withFile(surgery.file()) { path in
      #expect(throws: WriterError.wrongDigest(surgery.pieces[weights].id)) {
        try ModelFile(path: path).statement()
      }
    }
  }

  @Test func checksumsOfUnknownKindsAreComputed() throws {
    var damaged = try file([1, 2, 3, 4, 5, 6, 7], claimed: [1, 2, 3, 4, 5, 6, 7])
    let entries = try ModelReader(MemorySource(damaged)).entries()
    let range = try #require(entries.first { $0.id == unknown }).range
    damaged[range.upperBound - 1] ^= 1
    try withFile(damaged) { path in
      #expect(throws: WriterError.unreadable(.corrupt(.section(unknown)))) {
        try ModelFile(path: path).verify()
      }
    }
  }

  /// A payload that is stored as it is stands on a boundary of the file wherever its section is copied to.
  @Test func plainSectionsOfUnknownKindsAreCopiedToABoundary() throws {
    let payload = [UInt8](repeating: 9, count: 100)
    let plain = (0...63).lazy.map { padding in
      field(
        0x12,
        [0x08, 77] + field(0x12, Array("trunk".utf8)) + [0x18, 1, 0x20, 100]
          + field(0x72, [UInt8](repeating: 0, count: padding)) + field(0x7A, payload))
    }.first { (17 + $0.count - payload.count) % 64 == 0 }
    let section = try #require(plain)
    let base = try ModelWriter(Models.flat(heads: ["a"])).encode()
    let extra = Surgery.part { (part) throws(WriterError) in
      try part.append(section, id: unknown, digest: SHA256.digest(of: payload))
    }
    try withFile(base + extra) { path in
      let packed = path + "-packed"
      defer { try? FileManager.default.removeItem(atPath: packed) }
      #expect(try ModelFile(path: path).verify().wrongDigests.isEmpty)
      try ModelFile(path: path).pack(to: packed)
      #expect(try ModelFile(path: packed).verify().wrongDigests.isEmpty)
    }
  }
}
