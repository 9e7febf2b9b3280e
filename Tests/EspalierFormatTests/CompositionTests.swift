import EspalierFormat
import EspalierGraph
import EspalierWriter
import Testing

/// Files of several parts, and loading some of their heads.
@Suite struct CompositionTests {
  /// A trunk with heads `a`, `b` and `c` that do not read one another.
  private func model(_ names: [Name] = ["a", "b", "c"], scale: Float = 2) throws -> Model {
    try Models.flat(heads: names, scale: scale)
  }

  @Test func partsConcatenate() throws {
    let model = try model()
    let trunk = try ModelWriter(model, contents: .trunk).encode()
    let a = try ModelWriter(model, contents: .heads(["a"])).encode()
    let rest = try ModelWriter(model, contents: .heads(["c", "b"])).encode()
    expectSame(try load(trunk + a + rest), model)
    expectSame(try load(a + trunk + rest), try self.model(), "the trunk need not come first")
    #expect(try load(trunk).heads.isEmpty)
  }

  @Test func laterHeadsReplaceEarlierOnes() throws {
    let old = try ModelWriter(model()).encode()
    let better = try model(["b"], scale: 50)
    let file = try old + ModelWriter(better, contents: .heads(["b"])).encode()
    var reader = try ModelReader(MemorySource(file))
    #expect(try reader.headNames() == ["a", "b", "c"])
    let read = try reader.load()
    #expect(read.head(named: "b")?.graph.parameters[0].values[0] == 50)
    #expect(read.head(named: "a")?.graph.parameters[0].values[0] == 2)
    #expect(try reader.sections().count == 10)
  }

  @Test func wholeFilesOfOneTrunkConcatenate() throws {
    let file = try ModelWriter(model(["a"])).encode() + ModelWriter(model(["b"])).encode()
    #expect(try load(file).heads.map { $0.name } == ["a", "b"])
  }

  @Test func headsOfAnotherTrunkAreRefusedByName() throws {
    let trunk = try ModelWriter(Models.small(scale: 3), contents: .trunk).encode()
    let head = try ModelWriter(Models.small(), contents: .heads(["lane"])).encode()
    var reader = try ModelReader(MemorySource(trunk + head))
    let expected = try ModelReader(MemorySource(ModelWriter(Models.small()).encode())).trunkDigest
    let error = FormatError.wrongTrunk(
      head: "lane", expected: expected, found: reader.trunkDigest)
    #expect(throws: error) { try reader.load() }
    #expect(error.description.contains("lane"))
    #expect(error.description.contains(expected.description))
    #expect(error.description.contains(reader.trunkDigest.description))
  }

  @Test func onlyWhatWasAskedForIsRead() throws {
    let file = try ModelWriter(model()).encode()
    let source = RecordingSource(file)
    var reader = try ModelReader(source)
    let opened = source.ranges.count
    #expect(try reader.load(heads: ["b"]).heads.map { $0.name } == ["b"])
    let wanted = try Surgery(file).pieces.filter { ["trunk", "b"].contains($0.id.name) }
    for range in source.ranges.dropFirst(opened) {
      #expect(
        wanted.contains {
          $0.range.contains(range.lowerBound) && $0.range.upperBound >= range.upperBound
        },
        "\(range) was read")
    }
    #expect(
      source.ranges.dropFirst(opened).reduce(0) { $0 + $1.count } <= wanted.reduce(0) {
        $0 + $1.range.count
      } + 8)
  }

  @Test func headsThatAreReadComeAlong() throws {
    let file = try ModelWriter(Models.small(heads: ["a", "b", "c"])).encode()
    #expect(try load(file, heads: ["b"]).heads.map { $0.name } == ["a", "b"])
    #expect(try load(file, heads: []).heads.isEmpty)
    #expect(try load(file, heads: ["a", "a"]).heads.count == 1)
  }

  @Test func damageElsewhereDoesNotMatter() throws {
    var file = try ModelWriter(model()).encode()
    let pieces = try Surgery(file).pieces
    for piece in pieces where piece.id.name == "c" { file[piece.range.upperBound - 1] ^= 1 }
    #expect(try load(file, heads: ["a", "b"]).heads.count == 2)
    #expect(throws: FormatError.corrupt(.section(SectionID(kind: .head, name: "c")))) {
      try load(file)
    }
  }

  @Test func sectionsOfUnknownKindsAreSkipped() throws {
    let pieces = try Surgery(ModelWriter(model()).encode()).pieces
    let file = try ModelWriter(model()).encode()
    let unknown = Surgery.withIndex(file) { index in
      // The entry of head c comes last but one: tag, length, kind tag, kind.
      let name: [UInt8] = [0x12, 0x01, 0x63]
      let place = (4..<index.count).first { Array(index[$0..<$0 + 3]) == name }!
      index[place - 1] = 99
    }
    let reader = try ModelReader(MemorySource(unknown))
    #expect(try reader.headNames() == ["a", "b"])
    #expect(try reader.sections().count == pieces.count - 1)
  }

  @Test func oneOfManyHeadsIsLoadedWithoutTheOthers() throws {
    let part = try ModelWriter(model((0..<500).map { Name("h\($0)") }), contents: .model).encode()
    let source = RecordingSource(part)
    var reader = try ModelReader(source)
    #expect(try reader.headNames().count == 500)
    #expect(try reader.load(heads: ["h321"]).heads[0].graph.parameters[0].values[0] == 323)
    #expect(source.ranges.reduce(0) { $0 + $1.count } < part.count / 2)
  }
}
