import EspalierFormat
import EspalierGraph
import EspalierRuntime
import EspalierWriter
import Testing

/// What a file says beside its trunk and heads.
@Suite struct ExtrasTests {
  /// Everything that a file can hold.
  static func everything() throws -> [UInt8] {
    let model = try Models.flat(heads: ["a", "b"])
    let inputs = [ExampleTensor(name: "x", shape: [2, 4], values: (0..<8).map { Float($0) / 4 })]
    let writer = ModelWriter(model, about: try about(), example: try model.example(inputs: inputs))
    let signature = try #require(
      Signature(publicKey: Array(0..<32), bytes: Array(100..<164)))
    let file = try writer.encode()
    let signed = Surgery.part { (part) throws(WriterError) in
      try part.append(
        EncodedSection(.signature, message: ProtobufEncoder.signature(signature)))
    }
    return file + signed
  }

  private static func about() throws -> About {
    try About(
      author: "Ada", licence: "Apache-2.0",
      notes: [About.Note(key: "z", value: ""), About.Note(key: "data", value: "Ünïcode")])
  }

  @Test func everythingComesBack() throws {
    let reader = try ModelReader(MemorySource(Self.everything()))
    #expect(try reader.about() == Self.about())
    #expect(try reader.about()?.notes.map { $0.key } == ["data", "z"])
    let signature = try #require(try reader.signatures().first)
    #expect(signature.publicKey == Array(0..<32))
    #expect(signature.bytes == Array(100..<164))
    let example = try #require(try reader.example())
    #expect(example.inputs.map { $0.name } == ["x"])
    #expect(example.heads.map { $0.head } == ["a", "b"])
    #expect(example.heads[0].outputs.map { $0.shape } == [[2, 4]])
  }

  @Test func exampleComesOutAgain() throws {
    let file = try Self.everything()
    var reader = try ModelReader(MemorySource(file))
    let example = try #require(try reader.example(of: ["b"]))
    #expect(example.heads.map { $0.head } == ["b"])
    #expect(try reader.load(heads: ["b"]).differences(from: example).map { $0.absolute } == [0])
    let changed = try Models.flat(heads: ["a", "b"], scale: 3)
    let difference = try #require(try changed.differences(from: example).first)
    #expect(difference.head == "b")
    #expect(difference.absolute > 1)
    #expect(difference.relative > 0.01)
  }

  @Test func filesWithoutExtrasHaveNone() throws {
    let reader = try ModelReader(MemorySource(ModelWriter(Models.small()).encode()))
    #expect(try reader.about() == nil)
    #expect(try reader.example() == nil)
    #expect(try reader.signatures().isEmpty)
  }

  /// A replaced head's example does not belong to the head that replaced it.
  @Test func examplesGoWithTheirHeads() throws {
    let changed = try ModelWriter(
      Models.flat(heads: ["b"], scale: 60), contents: .heads(["b"])
    ).encode()
    let reader = try ModelReader(MemorySource(Self.everything() + changed))
    #expect(try reader.example()?.heads.map { $0.head } == ["a"])
  }

  @Test func inputsOfAnExampleMustBeThere() throws {
    var surgery = try Surgery(ExtrasTests.firstPart())
    let inputs = surgery.position(of: .example, "trunk")
    let digest = surgery.pieces[inputs].digest
    surgery.pieces.remove(at: inputs)
    let reader = try ModelReader(MemorySource(surgery.file()))
    let error = FormatError.missingSection(
      SectionID(kind: .example, name: "trunk"), of: SectionID(kind: .example, name: "a"),
      expected: digest, found: nil)
    #expect(throws: error) { try reader.example() }
  }

  private static func firstPart() throws -> [UInt8] {
    let file = try everything()
    let end = try ModelReader(MemorySource(file)).partRanges[0].upperBound
    return Array(file[..<end])
  }

  /// Each message is refused in any form but the canonical one.
  @Test(arguments: [
    (SectionKind.about, [0x0A, 0x00]),  // an empty author
    (.about, [0x1A, 0x03, 0x0A, 0x01, 0x62, 0x1A, 0x03, 0x0A, 0x01, 0x61]),  // descending keys
    (.example, [0x0A, 0x05, 0x12, 0x01, 0x02, 0x1A, 0x00]),  // two numbers without a number
    (.example, [0x12, 0x01, 0x00]),  // a digest of one byte
    (.signature, [0x0A, 0x01, 0x00, 0x12, 0x01, 0x00]),  // a key of one byte
    (.signature, [0x7A, 0x01, 0x00]),  // an unknown field
  ])
  func badMessages(_ kind: SectionKind, _ payload: [UInt8]) throws {
    var surgery = try Surgery(Self.firstPart())
    let id = SectionID(kind: kind, name: "trunk")
    surgery.pieces.removeAll { $0.id == id }
    surgery.pieces.append(
      Surgery.Piece(id: id, payload: payload, digest: SHA256.digest(of: payload), range: 0..<0))
    let reader = try ModelReader(MemorySource(surgery.file()))
    #expect(throws: FormatError.self) {
      switch kind {
      case .about: _ = try reader.about()
      case .example: _ = try reader.example()
      default: _ = try reader.signatures()
      }
    }
  }

  @Test func columnsKeepCategoriesNormalisationAndRanges() throws {
    let columns = [
      Column("age", mean: 40.5, deviation: 12, range: -0.5...99),
      Column("city", categories: ["Bern", "Lugano"]),
      Column("sex", categories: ["f", "m"], mean: 0.5, deviation: 0.5), Column("plain"),
    ]
    let graph = Models.dense(input: "x", output: "y", size: 4, scale: 1)
    let model = try Model(trunk: Model.Trunk(graph: graph, columns: [columns]), heads: [])
    let file = try ModelWriter(model).encode()
    #expect(try load(file).trunk.columns == [columns])
    #expect(try ModelWriter(load(file)).encode() == file)
  }
}
