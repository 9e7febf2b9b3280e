import EspalierFormat
import EspalierGraph
import EspalierWriter
import Testing

/// Files of more sections than an index lists itself.
@Suite struct PagesTests {
  /// A file of one trunk and so many small heads, named as `name` says.
  static func file(heads count: Int) throws -> [UInt8] {
    try ModelWriter(Models.flat(heads: (0..<count).map(name))).encode()
  }

  static func name(_ number: Int) -> Name {
    let digits = String(number)
    return Name("h" + String(repeating: "0", count: 5 - digits.count) + digits)
  }

  @Test func oneHeadOfTenThousandTakesAHundredthOfTheFile() throws {
    let file = try Self.file(heads: 10_000)
    let source = RecordingSource(file)
    var reader = try ModelReader(source)
    for number in [7654, 0, 9999, 5000] {
      let model = try reader.load(heads: [Self.name(number)])
      #expect(model.heads.map { $0.name } == [Self.name(number)])
      #expect(model.heads[0].graph.parameters[0].values[0] == Float(number + 2))
      let read = source.ranges.reduce(0) { $0 + $1.count }
      #expect(read < file.count / 100, "\(read) of \(file.count) bytes were read")
      source.forget()
    }
  }

  @Test func furtherHeadsShareTheTrunk() throws {
    let source = RecordingSource(try Self.file(heads: 300))
    var reader = try ModelReader(source)
    let first = try reader.load(heads: [Self.name(1)])
    let opened = source.ranges.count
    let second = try reader.load(heads: [Self.name(299)])
    #expect(first.trunk.graph.parameters[0].storage === second.trunk.graph.parameters[0].storage)
    let later = source.ranges[opened...]
    let trunk = try reader.entries().filter { $0.id.name == SectionID.trunkName }
    #expect(!trunk.isEmpty)
    for section in trunk {
      #expect(!later.contains { $0.overlaps(section.range) }, "\(section.id) was read again")
    }
  }

  @Test(arguments: [63, 64, 65, 128, 1000])
  func everyHeadIsFound(_ count: Int) throws {
    let file = try Self.file(heads: count)
    var reader = try ModelReader(MemorySource(file))
    #expect(try reader.headNames() == (0..<count).map(Self.name))
    for number in 0..<count {
      #expect(try reader.load(heads: [Self.name(number)]).heads.count == 1)
    }
    for missing in ["a", "h", "h0000", "h00000x", "z", "trunk"] as [Name] {
      #expect(throws: FormatError.self) { try reader.load(heads: [missing]) }
    }
    #expect(try reader.load().heads.count == count)
    #expect(try ModelWriter(reader.load()).encode() == file)
  }

  @Test func pagedAndSmallPartsCompose() throws {
    let old = try Self.file(heads: 200)
    let changed = try ModelWriter(
      Models.flat(heads: [Self.name(150)], scale: 90), contents: .heads([Self.name(150)])
    ).encode()
    var reader = try ModelReader(MemorySource(old + changed))
    #expect(try reader.headNames().count == 200)
    let head = try reader.load(heads: [Self.name(150)]).heads[0]
    #expect(head.graph.parameters[0].values[0] == 90)
    var backwards = try ModelReader(MemorySource(changed + old))
    let other = try backwards.load(heads: [Self.name(150)]).heads[0]
    #expect(other.graph.parameters[0].values[0] == 152)
    expectSame(
      try load(old + old, heads: [Self.name(7)]), try load(old, heads: [Self.name(7)]))
  }

  @Test func everyFlippedBitOfThePagesAndTheIndexIsRefused() throws {
    let file = try Self.file(heads: 100)
    let sections = try ModelReader(MemorySource(file)).sections()
    let end = try #require(sections.map { $0.offset }.max())
    for index in (end..<file.count).filter({ $0 % 7 == 0 }) {
      var damaged = file
      damaged[index] ^= 1 << (index % 8)
      #expect(throws: FormatError.self, "byte \(index)") { try load(damaged) }
    }
  }

  @Test func damagedPagesMatterOnlyToTheirHeads() throws {
    var file = try Self.file(heads: 300)
    let name = Array(Self.name(299).utf8)
    // The last place of the name is its entry in the last page; the index names only the first of a page.
    let place = (0..<file.count - name.count).last { Array(file[$0..<$0 + name.count]) == name }!
    file[place + name.count + 5] ^= 1
    #expect(try load(file, heads: [Self.name(3)]).heads.count == 1)
    let error = #expect(throws: FormatError.self) { try load(file, heads: [Self.name(299)]) }
    guard case .corrupt(.page)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
