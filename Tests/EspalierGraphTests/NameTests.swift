import EspalierGraph
import Testing

@Suite struct NameTests {
  @Test(arguments: ["a", "größe", "数", "🌳", "a b/c"])
  func printableTextIsAccepted(_ text: String) {
    #expect(Name(text).isPrintable)
    #expect(Name(text).description == text)
  }

  @Test(
    arguments: [
      [0x00], [0x1B], [0x7F], [0xC2, 0x85], [0xC0, 0x80], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x82], [0xF5, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
  func controlCharactersAndMalformedBytesAreRefused(_ bytes: [UInt8]) {
    #expect(!Name(utf8: [0x61] + bytes).isPrintable)
  }

  @Test func orderIsByBytes() {
    #expect(Name("a") < Name("ab"))
    #expect(Name("Z") < Name("a"))
    #expect(!(Name("a") < Name("a")))
  }

  @Test func namesAreFoundByTheirBytes() {
    let names = ["b", "\u{E9}", "e\u{301}", "a", "b", "", "e"].map { Name($0) }
    let table = NameTable(names)
    for name in names { #expect(table.position(of: name) == names.firstIndex(of: name)) }
    for name in ["c", "aa", "\u{301}", "z"] { #expect(table.position(of: Name(name)) == nil) }
    #expect(table.firstPositions == [0, 1, 2, 3, 5, 6])
    #expect(NameTable([]).position(of: "a") == nil)
  }
}
