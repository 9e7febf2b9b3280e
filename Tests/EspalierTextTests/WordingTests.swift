import EspalierText
import Testing

@Suite struct WordingTests {
  @Test func closestNamesComeFirst() {
    let names = ["filters", "kernel", "stride", "size", "Sizes"]
    #expect(closestNames(to: "siz", among: names) == ["size"])
    #expect(closestNames(to: "sizes", among: names) == ["Sizes", "size"])
    #expect(closestNames(to: "KERNEL", among: names) == ["kernel"])
    #expect(closestNames(to: "kernle", among: names) == ["kernel"])
    #expect(closestNames(to: "padding", among: names) == [])
    #expect(closestNames(to: "", among: names) == [])
  }

  @Test func suggestionsJoinNames() {
    #expect(suggestion(for: "ab", among: ["abc", "abd"]) == "; did you mean \"abc\" or \"abd\"?")
    #expect(suggestion(for: "ab", among: ["xyz"]) == "")
  }

  @Test func namesThatLookTheSameAreToldByTheirCharacters() {
    #expect(
      suggestion(for: "e\u{301}z", among: ["other", "\u{E9}z"])
        == "; \"\u{E9}z\" looks the same and is written U+00E9 U+007A, this is U+0065 U+0301 U+007A"
    )
  }

  @Test func longListsAreCut() {
    let names = (1...14).map(String.init)
    #expect(quotedList(names).hasSuffix("\"11\", \"12\" and 2 more"))
    #expect(quotedList(["a"]) == "\"a\"")
  }

  @Test func quotesAndControlCharactersAreEscaped() {
    #expect(quoted("a\"b\n\u{7F}") == "\"a\\\"b\\n\\u{7F}\"")
  }
}
