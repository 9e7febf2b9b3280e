import EspalierGraph
import Testing

@Suite struct WordingTests {
  @Test func numbersHaveTheirThousandsApart() {
    for (number, text) in [
      (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (12_005, "12,005"),
      (1_000_000, "1,000,000"), (-1234, "-1,234"), (Int.min, "-9,223,372,036,854,775,808"),
    ] {
      #expect(grouped(number) == text)
    }
  }

  @Test func thingsAreCounted() {
    #expect(counted(0, "head") == "0 heads")
    #expect(counted(1, "head") == "1 head")
    #expect(counted(1200, "head") == "1,200 heads")
    #expect(counted(1, "index", "indices") == "1 index")
    #expect(counted(2, "index", "indices") == "2 indices")
  }

  @Test func namesAreListed() {
    #expect(listed([]) == "")
    #expect(listed(["a", "b"]) == "a, b")
    #expect(listed(["a", "a,b", ""]) == "a, \"a,b\", \"\"")
    let many = (0..<1021).map { Name("n\($0)") }
    #expect(listed(many).hasPrefix("n0, n1, "))
    #expect(listed(many).hasSuffix(", n19 and 1,001 more"))
  }

  /// What does not show, or changes how other text shows, is written out.
  @Test func whatDoesNotShowIsWrittenOut() {
    for (text, shown) in [
      ("a\u{1B}[2Jb", "a\\u{1B}[2Jb"), ("a\r\tb\u{0}", "a\\r\\tb\\u{0}"), ("a\nb", "a\\nb"),
      ("\u{7F}\u{9B}", "\\u{7F}\\u{9B}"), ("safe\u{202E}txt.exe", "safe\\u{202E}txt.exe"),
      ("\u{2066}x\u{2069}\u{200F}", "\\u{2066}x\\u{2069}\\u{200F}"),
      ("a\u{200B}\u{200D}b\u{FEFF}", "a\\u{200B}\\u{200D}b\\u{FEFF}"),
      ("\u{AD}\u{2028}\u{E0041}", "\\u{AD}\\u{2028}\\u{E0041}"),
    ] {
      #expect(visible(text) == shown)
    }
    #expect(visible("a\nb\r", keepingLines: true) == "a\nb\\r")
  }

  @Test func whatShowsStays() {
    for text in [
      "", "plain", "größe", "e\u{301}", "日本語", "עברית", "नमस्ते", "❤\u{FE0F}", "🌳", "a\\b",
      "\u{A0}", "\u{FFFD}",
    ] {
      #expect(visible(text).utf8.elementsEqual(text.utf8))
    }
  }
}
