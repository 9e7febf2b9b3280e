import EspalierFormat
import EspalierGraph
import EspalierWriter
import Foundation
import Testing

/// What becomes of files that are packed, pruned, taken apart, put together and cut off.
@Suite final class ModelFileTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func write(_ bytes: [UInt8], _ name: String = "model") throws -> String {
    try Data(bytes).write(to: folder.appending(path: name))
    return path(name)
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  @Test(arguments: WeightsCodec.allCases)
  func takenApartPutTogetherAndPackedAFileIsTheSame(_ codec: WeightsCodec) throws {
    for seed in 0..<12 as Range<UInt64> {
      let file = try ModelWriter(Models.random(seed: seed), weights: codec).encode()
      let model = try ModelFile(path: write(file))
      var heads = try ModelReader(MemorySource(file)).headNames()
      try model.writeTrunk(to: path("trunk"))
      var joined = try bytes("trunk")
      var random = SplitMix(seed: seed)
      heads.shuffle(using: &random)
      for head in heads {
        try model.writeHead(head, to: path("head"))
        joined += try bytes("head")
      }
      try ModelFile(path: write(joined, "joined")).pack(to: path("packed"))
      #expect(try bytes("packed") == file, "seed \(seed)")
    }
  }

  @Test func packingPacksWhatCounts() throws {
    let names = (0..<200).map { PagesTests.name($0) }
    let old = try ModelWriter(Models.flat(heads: names)).encode()
    let changed = try Models.flat(heads: [names[17]], scale: 500)
    let appended = try ModelWriter(changed, contents: .heads([names[17]])).encode()
    let file = try ModelFile(path: write(old + appended))
    try file.pack(to: path("packed"))
    let packed = try bytes("packed")
    #expect(packed.count < old.count + 64)
    let model = try load(packed)
    #expect(model.heads.count == 200)
    #expect(model.head(named: names[17])?.graph.parameters[0].values[0] == 500)
    #expect(try ModelWriter(model).encode() == packed)
  }

  @Test func packingKeepsWhatItDoesNotKnow() throws {
    let future = SectionID(kind: SectionKind(rawValue: 77), name: "a")
    let base = try ModelWriter(Models.flat(heads: ["a", "b"])).encode()
    let extra = Surgery.part { (part) throws(WriterError) in
      try part.append([1, 2, 3, 4, 5], id: future, digest: SHA256.digest(of: [9]))
    }
    try ModelFile(path: write(base + extra)).pack(to: path("packed"))
    let kept = try ModelReader(MemorySource(bytes("packed"))).entries().filter { $0.id == future }
    #expect(kept.count == 1)
    #expect(try Array(bytes("packed")[kept[0].range]) == [1, 2, 3, 4, 5])
    expectSame(try load(bytes("packed")), try load(base))
    let packed = try ModelFile(path: path("packed"))
    _ = try packed.prune(keeping: ["b"], to: path("pruned"))
    #expect(try ModelReader(MemorySource(bytes("pruned"))).entries().allSatisfy { $0.id != future })
  }

  @Test func pruningKeepsWhatHeadsRead() throws {
    let model = try Models.small(heads: ["a", "b", "c"])
    let file = try ModelFile(path: write(ModelWriter(model).encode()))
    #expect(try file.prune(keeping: ["b"], to: path("pruned")) == ["a", "b"])
    expectSame(
      try load(bytes("pruned")), try Model(trunk: model.trunk, heads: Array(model.heads[..<2])))
    #expect(try file.prune(keeping: [], to: path("bare")).isEmpty)
    #expect(try load(bytes("bare")).heads.isEmpty)
    #expect(throws: WriterError.unreadable(.unknownHead("x", known: ["a", "b", "c"]))) {
      try file.prune(keeping: ["a", "x"], to: self.path("none"))
    }
    #expect(!FileManager.default.fileExists(atPath: path("none")))
  }

  @Test func graftingAddsAndReplaces() throws {
    let base = try ModelWriter(Models.flat(heads: ["a", "b"])).encode()
    let better = try ModelWriter(Models.flat(heads: ["b"], scale: 70)).encode()
    let more = try ModelWriter(
      Models.flat(heads: ["c"], scale: 80), contents: .heads(["c"])
    ).encode()
    let target = try write(base)
    let file = try ModelFile(path: target)
    let grafted = try file.graft([write(better, "better"), write(more, "more")], to: target)
    #expect(grafted == ["b", "c"])
    let model = try load(bytes("model"))
    #expect(
      model.heads.map { $0.graph.parameters[0].values[0] } == [2, 70, 80], "a, better b, new c")
    #expect(try bytes("model").starts(with: base), "the trunk's bytes stay where they were")
    let trunks = try ModelReader(MemorySource(bytes("model"))).entries().filter { $0.id == .trunk }
    #expect(trunks.count == 1)
  }

  @Test func headsOfAnotherTrunkAreNotGrafted() throws {
    let target = try write(ModelWriter(Models.flat(heads: ["a"])).encode())
    let other = try ModelWriter(Models.small(scale: 3), contents: .heads(["lane"])).encode()
    let before = try bytes("model")
    #expect(throws: WriterError.self) {
      try ModelFile(path: target).graft([self.write(other, "other")], to: target)
    }
    #expect(throws: WriterError.self) {
      try ModelFile(path: target).graft([self.write(Array(other.dropLast()), "cut")], to: target)
    }
    #expect(try bytes("model") == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
  }

  /// A part is copied as it is, damage and all, by nobody.
  @Test func damagedSectionsAreNotCopied() throws {
    var file = try ModelWriter(Models.flat(heads: ["a", "b"])).encode()
    let weights = try Surgery(file).pieces.first { $0.id == SectionID(kind: .weights, name: "b") }
    file[try #require(weights).range.upperBound - 1] ^= 1
    let model = try ModelFile(path: write(file))
    let error = WriterError.unreadable(.corrupt(.section(SectionID(kind: .weights, name: "b"))))
    #expect(throws: error) { try model.pack(to: self.path("packed")) }
    #expect(try model.prune(keeping: ["a"], to: path("pruned")) == ["a"])
  }

  @Test func whatACutLeftWholeIsRecovered() throws {
    let base = try ModelWriter(Models.flat(heads: ["a", "b"])).encode()
    let appended = try ModelWriter(
      Models.flat(heads: ["b"], scale: 70), contents: .heads(["b"])
    ).encode()
    let file = base + appended
    for count in base.count..<file.count where count % 5 == 0 {
      let cut = try write(Array(file[..<count]), "cut")
      if count > base.count {
        #expect(throws: WriterError.self) { try ModelFile(path: cut) }
      }
      #expect(try ModelFile.recover(cut, to: path("saved")) == count - base.count)
      #expect(try bytes("saved") == base, "\(count) bytes")
    }
    #expect(throws: WriterError.nothingToRecover) {
      try ModelFile.recover(
        self.write(Array(base[..<(base.count - 1)]), "cut"), to: self.path("saved"))
    }
  }

  @Test func verifyingFindsWhatReadersDoNotLookFor() throws {
    let file = try ModelWriter(Models.small()).encode()
    let sound = try ModelFile(path: write(file)).verify()
    #expect(sound.wrongDigests.isEmpty && sound.isCanonical && sound.otherwiseCompressed.isEmpty)
    #expect((sound.sectionCount, sound.partCount) == (6, 1))

    var surgery = try Surgery(file)
    surgery.pieces[surgery.position(of: .weights, "lane")].payload[3] ^= 1
    let wrong = try ModelFile(path: write(surgery.file())).verify()
    #expect(wrong.wrongDigests == [SectionID(kind: .weights, name: "lane")])

    surgery = try Surgery(file)
    surgery.pieces.swapAt(2, 4)
    surgery.pieces.swapAt(3, 5)
    let unordered = surgery.file()
    expectSame(try load(unordered), try load(file))
    #expect(try !ModelFile(path: write(unordered)).verify().isCanonical)
    try ModelFile(path: write(unordered)).pack(to: path("packed"))
    #expect(try ModelFile(path: path("packed")).verify().isCanonical)
  }

  @Test(arguments: [
    ("lane", "lane"), ("a.b-C_9", "a.b-C_9"), ("../x", "%2e.%2fx"), ("..", "%2e."),
    ("a b%", "a%20b%25"), ("größe", "gr%c3%b6%c3%9fe"), ("a\\b:c", "a%5cb%3ac"),
  ])
  func headsNamesMakeNoPaths(_ name: String, _ file: String) {
    #expect(ModelFile.fileName(of: Name(name)) == file)
  }

  @Test func longNamesOfHeadsMakeDifferentFiles() {
    let names = ["x", "y"].map {
      ModelFile.fileName(of: Name(String(repeating: "a", count: 999) + $0))
    }
    #expect(names[0] != names[1])
    #expect(names.allSatisfy { $0.utf8.count == 217 })
  }

  @Test func theStatementCoversWhatCounts() throws {
    let base = try ModelWriter(Models.flat(heads: ["a", "b"])).encode()
    let statement = try ModelFile(path: write(base)).statement()
    let lines = String(decoding: statement, as: UTF8.self).split(separator: "\n")
    #expect(lines.first == "espalier statement 1")
    #expect(lines.count == 7)
    #expect(lines[1].hasPrefix("1 ") && lines[1].hasSuffix(" trunk"))
    #expect(lines[1].split(separator: " ")[1].count == 64)
    let again = try write(base + ModelWriter(Models.flat(heads: ["a"])).encode(), "again")
    #expect(try ModelFile(path: again).statement() == statement)
    let other = try write(base + ModelWriter(Models.flat(heads: ["a"], scale: 9)).encode(), "other")
    #expect(try ModelFile(path: other).statement() != statement)
  }
}
