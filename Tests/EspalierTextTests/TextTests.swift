import EspalierGraph
import EspalierText
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    ("short", 5, "short"), ("longer", 5, "lo..."), ("漢字漢字", 8, "漢字漢字"), ("漢字漢字", 7, "漢字..."),
    ("e\u{301}a\u{308}o", 3, "e\u{301}a\u{308}o"),
  ])
  func textIsCutToColumns(_ text: String, _ width: Int, _ expected: String) {
    #expect(cut(text, to: width) == expected)
    #expect(columns(of: expected) <= width)
  }

  @Test(arguments: [
    ("short", 5, "short"), ("lane_left_distance", 12, "lane_...ance"), ("漢字漢字漢字", 9, "漢...漢字"),
    ("longer", 5, "l...r"),
  ])
  func namesAreCutInTheirMiddle(_ name: String, _ width: Int, _ expected: String) {
    #expect(shortened(name, to: width) == expected)
    #expect(columns(of: expected) <= width)
  }

  @Test(arguments: [
    ["the_same_beginning_of_all_a", "the_same_beginning_of_all_b", "the_same_beginning_of_all_c"],
    ["beginning_1_of_the_same_end_of_all", "beginning_2_of_the_same_end_of_all"],
    ["beginning_of_all_names_1_end_of_all_names", "beginning_of_all_names_2_end_of_all_names"],
    ["short", "a_name_that_is_much_too_long_to_be_shown", "another_name_that_is_too_long_as_well"],
    (0..<6).map {
      String(repeating: "x", count: 200) + "\($0)" + String(repeating: "y", count: 200)
    },
    (0..<6).map { String(repeating: "W", count: 100 + $0) },
  ])
  func namesThatDifferGoOnToDiffer(_ names: [String]) {
    for width in [12, 20, 28] {
      let short = shortened(names, to: width)
      #expect(Set(short).count == names.count, "\(short)")
      #expect(short.allSatisfy { columns(of: $0) <= width + 4 }, "\(short)")
    }
  }

  @Test func namesThatDifferInTheirBytesOnlyStayWhole() {
    let names = ["\u{E9}", "e\u{301}"]
    let shown = shortened(names, to: 24)
    #expect(shown.map { Array($0.utf8) } == names.map { Array($0.utf8) })
  }

  @Test func linesBreakAtSpacesAndKeepTheirIndent() {
    let words = (0..<40).map { "word\($0)" }
    let lines = wrapped("  " + words.joined(separator: " "), indent: "    ")
    #expect(lines.count > 1)
    #expect(lines.allSatisfy { columns(of: $0) <= reportWidth })
    #expect(lines[0].hasPrefix("  word0") && lines[1].hasPrefix("    word"))
    #expect(lines.flatMap { $0.split(separator: " ") }.map(String.init) == words)
  }

  @Test func cellsStandInColumns() {
    let lines = aligned([["a", "1", "x"], ["漢字", "100", "y"]], right: [1])
    #expect(lines == ["a       1  x", "漢字  100  y"])
  }

  @Test(arguments: [
    (0, "0 heads"), (1, "1 head"), (-1234, "-1,234 heads"), (1_000_000, "1,000,000 heads"),
  ])
  func thingsAreCounted(_ number: Int, _ expected: String) {
    #expect(counted(number, "head") == expected)
  }

  @Test func figuresHaveFourDigitsAndMayBeInfinite() {
    #expect(figure(0.98218) == "0.9822")
    #expect(figure(-0.00001) == "-1.000e-05")
    #expect(figure(.infinity) == "inf")
  }
}
