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
    #expect(message("a\n\"1\"\r").hasPrefix("t.csv:2: text after a closing quote"))
  }

  @Test func quoteInsideBareCell() {
    #expect(
      message("a\n1\"\n")
        == "t.csv:2: a quote inside a cell without quotes; put the whole cell in quotes and double "
        + "the quotes inside it")
  }

  @Test func loneCarriageReturn() {
    #expect(
      message("a\r1\r")
        == "t.csv:1: a carriage return without a line feed; end lines with LF or CRLF")
    #expect(message("a\n1\r").hasPrefix("t.csv:2: a carriage return"))
  }

  @Test func doubledColumn() {
    #expect(
      message("a,b,a\n")
        == "t.csv:1: column \"a\": the name stands twice in the header; rename one")
  }

  @Test func namelessColumn() {
    #expect(message("a,,c\n") == "t.csv:1: column 2 has no name; name every column")
    #expect(message("\"\"\n") == "t.csv:1: column 1 has no name; name every column")
  }

  @Test func notUTF8() {
    let bytes = Array("a\n1\n".utf8) + [0xE2, 0x82]
    #expect(
      message { _ = try Table(bytes, file: "t.csv") }
        == "t.csv:3: not UTF-8 text; save the file as UTF-8")
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
        == "/nowhere/t.csv: there is no such file, or it may not be read")
    #expect(message { _ = try Table(contentsOf: "/") } == "/: not a file")
    #expect(message { _ = try Table(contentsOf: "/dev/zero") } == "/dev/zero: not a file")
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

  @Test(arguments: ["nan", "inf", "-Infinity", "0x10", "1e999", " 1", "1 ", "1,5", "٣", "1_000"])
  func notANumber(_ text: String) throws {
    let table = try Table(Array("a,b\n1,x\n\"\(text)\",x\n".utf8), file: "t.csv")
    let bare = try? Table(Array("a,b\n1,x\n\(text),x\n".utf8), file: "t.csv")
    let expected =
      "t.csv:3: column \"a\": \"\(text)\" is not a number; write a finite decimal number such as 3 "
      + "or 0.25"
    for table in [table, bare].compactMap(\.self) {
      #expect(message { _ = try table.numbers(column: "a") } == expected)
    }
  }

  @Test func emptyCellIsNotANumber() throws {
    let table = try Table(Array("a,b\n,x\n".utf8), file: "t.csv")
    #expect(
      message { _ = try table.numbers(column: "a") }
        == "t.csv:2: column \"a\": the empty cell is not a number; write a finite decimal number such "
        + "as 3 or 0.25")
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
