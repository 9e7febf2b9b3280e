import EspalierFormat
import EspalierGraph
import EspalierReport
import EspalierText
import EspalierWriter
import Testing

@Suite struct InspectionTests {
  private func sections(_ bytes: [UInt8]) throws -> [SectionInfo] {
    try ModelReader(MemorySource(bytes)).sections()
  }

  @Test func theTableHasARowForEachSection() throws {
    let model = try Models.branching()
    let bytes =
      try ModelWriter(model, contents: .trunk).encode()
      + ModelWriter(model, contents: .heads(model.heads.map { $0.name })).encode()
    let infos = try sections(bytes)
    let table = SectionTable(version: 1, sections: infos, fileBytes: bytes.count)
    let lines = table.text(title: "x").split(separator: "\n", omittingEmptySubsequences: false)
    let rows = lines.drop { !$0.isEmpty }.dropFirst(2)
    #expect(rows.count == infos.count)
    #expect(lines.allSatisfy { columns(of: String($0)) <= reportWidth })
    for (row, info) in zip(rows, infos) {
      let cells = row.split(separator: " ").map(String.init)
      #expect(cells[0] == info.id.kind.label && cells[8] == "\(info.id.name)")
      #expect(cells[1] == info.codec.label)
      #expect(cells[2] == "\(info.rawBytes)" && cells[3] == "\(info.storedBytes)")
      #expect(cells[5] == "\(info.sha256)")
      #expect(cells[6] == "\(info.offset)")
      let isTrunk = info.id.name == SectionID.trunkName
      #expect(cells[7] == (isTrunk ? "1" : "2"))
    }
    // A section starts with its tag, behind the one before or behind a header.
    #expect(infos.allSatisfy { bytes[$0.offset] == 0x12 })
  }

  @Test func ofManyHeadsTheFirstAreShown() throws {
    let model = try Models.flat(heads: 120)
    let bytes = try ModelWriter(model).encode()
    let summary = ModelSummary(
      model, version: 1, sections: try sections(bytes), fileBytes: bytes.count)
    let text = summary.text(title: "x")
    #expect(text.contains("... and 70 heads more; --heads a,b shows chosen ones"))
    #expect(text.contains("sections more; --sections shows all"))
    #expect(text.contains("head 49") && !text.contains("head 50"))
    #expect(summary.text(title: "x", isSelection: true).contains("head 119"))
  }

  @Test func ofChosenHeadsOnlyTheirSectionsAreShown() throws {
    let bytes = try ModelWriter(try Models.flat(heads: 120)).encode()
    var reader = try ModelReader(MemorySource(bytes))
    let chosen = try reader.load(heads: ["head 77"])
    let text = ModelSummary(
      chosen, version: 1, sections: try sections(bytes), fileBytes: bytes.count
    ).text(title: "x", isSelection: true)
    #expect(text.contains("head 77") && !text.contains("head 78"))
    #expect(!text.contains("of the raw numbers"))
  }
}
