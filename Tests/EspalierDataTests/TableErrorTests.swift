import EspalierData
import EspalierTraining
import Testing

/// The message of every error that a table can have.
@Suite struct TableErrorTests {
  private func message(_ text: String, limits: Table.Limits = .init()) -> String {
    message { _ = try Table(Array(text.utf8), file: "t.csv", limits: limits) }
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func emptyFile() {
    #expect(message("") == "t.csv: the file is empty; its first line names the columns")
    #expect(message("\n\n") == "t.csv: the file is empty; its first line names the columns")
  }

  @Test func shortRow() {
    #expect(
      message("a,b\n\"1\n2\",3\n4\n")
        == "t.csv:4: 1 cell, but the header has 2; add or remove cells, and put cells that contain "
        + "commas in quotes")
  }

  @Test func longRow() {
    #expect(
      message("a,b\n1,2,3\n")
        == "t.csv:2: 3 cells, but the header has 2; add or remove cells, and put cells that contain "
        + "commas in quotes")
  }

  @Test func emptyLine() {
    #expect(message("a\n1\n\n2\n") == "t.csv:3: the line is empty; remove it")
    #expect(message("\na\n1\n") == "t.csv:1: the line is empty; remove it")
  }

  @Test func openQuote() {
    #expect(
      message("a\n1\n\"2\n3\n") == "t.csv:3: the quote that opens on this line is never closed")
    #expect(message("a\n\"") == "t.csv:2: the quote that opens on this line is never closed")
  }

  @Test func textAfterQuote() {
    #expect(
      message("a\n\"1\n\"x\n")
        == "t.csv:3: text after a closing quote; double the quotes that belong to the cell's text")
  }

  @Test func quoteInsideBareCell() {
    #expect(
      message("a\n1\"\n")
        == "t.csv:2: a quote inside a cell without quotes; put the whole cell in quotes and double "
        + "the quotes inside it")
  }

  @Test func rowsThatDoNotFitAreListed() {
    let rows = (1...14).map { "\($0)" + String(repeating: ",0", count: $0 % 3) }
    let lines = message("a,b\n" + rows.joined(separator: "\n")).split(separator: "\n")
    // Every third row has two cells.
    #expect(
      String(lines[0]) == "t.csv:3: 3 cells, but the header has 2; add or remove cells, and put "
        + "cells that contain commas in quotes")
    #expect(lines.count == 9)
    let many = (1...14).map { "\($0)" }.joined(separator: "\n")
    let all = message("a,b\n" + many).split(separator: "\n")
    #expect(all.count == 11 && all.last == "… and 4 more")
  }

  @Test func columnOfARepeatedName() throws {
    let table = try Table(Array("a,b,a\n1,2,3\n".utf8), file: "t.csv")
    #expect(try table.numbers(column: "b") == [2])
    #expect(
      message { _ = try table.numbers(column: "a") }
        == "t.csv:1: column \"a\": the name stands 2 times in the header, over columns 1 and 3; "
        + "rename all but one")
  }

  @Test func columnWithoutAName() throws {
    let table = try Table(Array("a,,c\n1,x,3\n".utf8), file: "t.csv")
    #expect(try table.numbers(column: "c") == [3])
    #expect(table.columns == ["a", "", "c"])
  }

  @Test func notUTF8() throws {
    // Latin-1, where only the numbers are of interest.
    let bytes = Array("a,b\n1,M".utf8) + [0xFC] + Array("nchen\n2,x\n".utf8)
    let table = try Table(bytes, file: "t.csv")
    #expect(try table.numbers(column: "a") == [1, 2])
    let expected = "t.csv:2: column \"b\": a cell is not UTF-8 text; save the file as UTF-8"
    #expect(message { _ = try table.texts(column: "b") } == expected)
    #expect(message { _ = try table.numbers(column: "b") }.hasPrefix(expected))
    let header = try Table([0xFC] + Array(",a\n1,2\n".utf8), file: "t.csv")
    #expect(try header.numbers(column: "a") == [2])
    #expect(
      message { _ = try header.texts(column: "ü") }
        == "t.csv: column \"ü\": there is no such column: not all names are UTF-8 text; save the file as "
        + "UTF-8")
    #expect(
      message { _ = try Table([0x61, 0, 0x0A], file: "t.csv") }
        == "t.csv: this is not text; a table is text in UTF-8")
  }

  @Test func limits() {
    #expect(
      message("a,b,c\n", limits: .init(columns: 2))
        == "t.csv:1: more than 2 columns, the most that are read")
    #expect(message("a,b\n", limits: .init(columns: 2)).isEmpty)
    #expect(
      message("a,b,c\n", limits: .init(bytes: 5))
        == "t.csv: more than 5 bytes, the most that are read")
    #expect(message("a,b,c\n", limits: .init(bytes: 6)).isEmpty)
  }

  @Test func missingFile() {
    #expect(
      message { _ = try Table(contentsOf: "/nowhere/t.csv") }
        == "/nowhere/t.csv: there is no such file")
    #expect(
      message { _ = try Table(contentsOf: "/") } == "/: this is a folder; name a file")
    #expect(
      message { _ = try Table(contentsOf: "/dev/zero") }
        == "/dev/zero: this is a device; files and pipes are read")
  }

  @Test func missingColumn() throws {
    let table = try Table(Array("width,height,depth\n1,2,3\n".utf8), file: "t.csv")
    #expect(
      message { _ = try table.texts(column: "hieght") }
        == "t.csv: column \"hieght\": there is no such column; did you mean \"height\"?")
    #expect(
      message { _ = try table.numbers(column: "q") }
        == "t.csv: column \"q\": there is no such column; there are \"width\", \"height\", \"depth\""
    )
  }

  /// What stands in a cell, in quotes or not, and what is said of it.
  @Test(
    arguments: [
      ("abc", "is not a number; write a finite decimal number such as 3 or 0.25"),
      ("inf", "is not a number; write a finite decimal number such as 3 or 0.25"),
      ("0x10", "is not a number; write a finite decimal number such as 3 or 0.25"),
      ("1_000", "is not a number; write a finite decimal number such as 3 or 0.25"),
      ("1 000", "is not a number; write a finite decimal number such as 3 or 0.25"),
      ("nan", "is not a number; fill it in, or leave the row out"),
      ("N/A", "is not a number; fill it in, or leave the row out"),
      (
        "1,5",
        "has a comma; write a point before decimals, as in 0.25, and nothing between thousands"
      ),
      (
        "1,234.5",
        "has a comma; write a point before decimals, as in 0.25, and nothing between thousands"
      ),
      ("٣", "is not a number: it has the character U+663; write plain digits, as in -0.25"),
      ("−3", "is not a number: it has the character U+2212; write plain digits, as in -0.25"),
      ("1\u{A0}", "is not a number: it has the character U+A0; write plain digits, as in -0.25"),
      ("1e39", "is too large for a 32-bit number"), ("-1e999", "is too large for a 32-bit number"),
    ])
  func notANumber(_ text: String, _ expected: String) throws {
    let quoted = try Table(Array("a,b\n1,x\n\"\(text)\",x\n".utf8), file: "t.csv")
    let bare =
      text.contains(",") ? nil : try Table(Array("a,b\n1,x\n\(text),x\n".utf8), file: "t.csv")
    for table in [quoted, bare].compactMap(\.self) {
      #expect(
        message { _ = try table.numbers(column: "a") }
          == "t.csv:3: column \"a\": \"\(text)\" \(expected)")
    }
  }

  @Test func emptyCellIsNotANumber() throws {
    let table = try Table(Array("a,b\n,x\n".utf8), file: "t.csv")
    #expect(
      message { _ = try table.numbers(column: "a") }
        == "t.csv:2: column \"a\": the empty cell is not a number; fill it in, or leave the row out"
    )
  }

  @Test func badCellsAreListed() throws {
    let rows = (1...25).map { $0 % 2 == 0 ? "\($0)" : "x\($0)" }
    let table = try Table(Array("a\n\(rows.joined(separator: "\n"))\n".utf8), file: "t.csv")
    let lines = message { _ = try table.numbers(column: "a") }.split(separator: "\n")
    #expect(lines.count == 11)
    #expect(lines[0].hasPrefix("t.csv:2: column \"a\": \"x1\" is not a number"))
    #expect(lines[9].hasPrefix("t.csv:20: column \"a\": \"x19\" is not a number"))
    #expect(lines[10] == "… and 3 more")
  }

  @Test func otherFilesThanTablesAreNamed() throws {
    func message(_ bytes: [UInt8]) -> String {
      self.message { _ = try Table(bytesOf: "data/t.csv", bytes) }
    }
    #expect(
      message(Array("version https://git-lfs.github.com/spec/v1\noid sha256:1\n".utf8))
        == "data/t.csv: this is a Git LFS pointer, not a table of comma-separated values; git lfs "
        + "pull fetches the file that it stands for")
    #expect(
      message([0xFF, 0xFE, 0x61, 0])
        == "data/t.csv: this is text in UTF-16, not a table of comma-separated values; iconv -f UTF-16 "
        + "-t UTF-8 data/t.csv > NEW makes it readable")
    #expect(message([]) == "data/t.csv: the file is empty; make it or fetch it again")
  }

  @Test func controlCharactersAreEscapedAndLongTextsCut() throws {
    let long = String(repeating: "y", count: 100)
    let table = try Table(Array("a\n\u{1B}[31m\n\(long)\n".utf8), file: "t.csv")
    #expect(message { _ = try table.numbers(column: "a") }.contains("\"\\u{1B}[31m\""))
    let other = try Table(Array("a\n\(long)\n".utf8), file: "t.csv")
    let shown = String(repeating: "y", count: 60)
    #expect(message { _ = try other.numbers(column: "a") }.contains("\"\(shown)…\" is not"))
  }
}
