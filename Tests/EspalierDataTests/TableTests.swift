import EspalierData
import EspalierTraining
import Foundation
import Testing

/// What tables are read as.
///
/// A new rule of the format needs a case here and one for its error in `TableErrorTests`.
@Suite struct TableTests {
  private func cells(_ text: String) throws -> [[String]] {
    let table = try Table(Array(text.utf8), file: "t.csv")
    let columns = try table.columns.map { try table.texts(column: $0) }
    return [table.columns] + (0..<table.rowCount).map { row in columns.map { $0[row] } }
  }

  @Test(
    arguments: [
      ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
      ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
      ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
      ("a,b\r\n1,", [["a", "b"], ["1", ""]]),
      ("a,b\n,\n", [["a", "b"], ["", ""]]),
      ("\u{FEFF}a\n1\n", [["a"], ["1"]]),
      ("a,b\n1,2\n\n\r\n\n", [["a", "b"], ["1", "2"]]),
      ("a,b\n", [["a", "b"]]),
      ("a,b", [["a", "b"]]),
      ("\"a\",b\n\"1\",\"\"\n", [["a", "b"], ["1", ""]]),
      ("a\n\"x \"\"y\"\" z\"\n", [["a"], ["x \"y\" z"]]),
      ("a\n\"\"\"\"\"\"\n", [["a"], ["\"\""]]),
      ("a,b\n\"x,y\",\"1\r\n2\"\n", [["a", "b"], ["x,y", "1\r\n2"]]),
      ("a\n\"\r\"\r\n", [["a"], ["\r"]]),
      // Spaces around a cell do not belong to it; those in quotes do.
      ("a , b\n x ,\t y z\t\n", [["a", "b"], ["x", "y z"]]),
      ("a, b\n \"x, y\" , \" z \"\n", [["a", "b"], ["x, y", " z "]]),
      ("a,b\n , \n", [["a", "b"], ["", ""]]),
      // Lines that end with CR.
      ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
      ("a,b\r\"1\r2\",3", [["a", "b"], ["1\r2", "3"]]),
      // A separator at the end of the header, of rows, of both.
      ("a,b,\n1,2,\n", [["a", "b", ""], ["1", "2", ""]]),
      ("a,b\n1,2,\n3,4,\n", [["a", "b"], ["1", "2"], ["3", "4"]]),
      ("a,b\n1,2,\"\"\n3,4\n", [["a", "b"], ["1", "2"], ["3", "4"]]),
      ("a,b,\n1,2\n3,4", [["a", "b", ""], ["1", "2", ""], ["3", "4", ""]]),
      // Semicolons and tabs that all lines have.
      ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
      ("a;b\n\"1;5\";2\n", [["a", "b"], ["1;5", "2"]]),
      ("a\tb\n1, 5\t \n", [["a", "b"], ["1, 5", ""]]),
      ("a;b,c\n1,2\n", [["a;b", "c"], ["1", "2"]]),
      ("\"a;b\",c\n1,2\n", [["a;b", "c"], ["1", "2"]]),
      ("a\n1;2\n", [["a"], ["1;2"]]),
      // What Excel writes to say what separates.
      ("sep=;\r\na;b\r\n1;2,5\r\n", [["a", "b"], ["1", "2,5"]]),
      ("\u{FEFF}sep=|\na|b,c\n1|2\n", [["a", "b,c"], ["1", "2"]]),
      ("sep=a,b\n1,2\n", [["sep=a", "b"], ["1", "2"]]),
      ("größe,数\n🌳,é\n", [["größe", "数"], ["🌳", "é"]]),
      // A combining mark after a comma or quote makes one character of the two, but not one byte.
      ("a,b\n1,\u{301}2\n", [["a", "b"], ["1", "\u{301}2"]]),
      ("a\n\"\u{301}x\"\"\u{301}\"\n", [["a"], ["\u{301}x\"\u{301}"]]),
    ])
  func textIsReadAsCells(_ text: String, _ expected: [[String]]) throws {
    #expect(try cells(text) == expected)
  }

  @Test func anyCellsSurviveWritingAndReading() throws {
    var random = RandomSource(seed: 7).stream(0)
    let pieces = [
      "a", "1.5", ",", "\"", "\"\"", "\n", "\r\n", "\r", " ", "é", "\u{301}", "🌳", "'", ";", "\t",
      "",
    ]
    for number in 0..<300 {
      let width = Int.random(in: 1...4, using: &random)
      let rows = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        (0..<width).map { _ in
          (0..<Int.random(in: 0...4, using: &random))
            .compactMap { _ in pieces.randomElement(using: &random) }.joined()
        }
      }
      let header = (0..<width).map { "column \($0)" }
      let lineEnd = number % 2 == 0 ? "\n" : "\r\n"
      let lines = ([header] + rows).map { row in
        row.map { cell in
          // Scalar by scalar: as characters, a quote and a combining mark after it are one.
          "\"\(cell.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined())\""
        }
        .joined(separator: ",")
      }
      let text = lines.joined(separator: lineEnd) + (number % 3 == 0 ? "" : lineEnd)
      #expect(try cells(text) == [header] + rows, "\(text.debugDescription)")
    }
  }

  @Test func numbersMayHaveQuotesAndSpacesAroundThem() throws {
    let text = "a,b\n-1.5,\"2\"\n2e3 , \" 3.25\t\"\n\t7,\"1e2\" \n"
    let table = try Table(Array(text.utf8), file: "t.csv")
    #expect(try table.numbers(column: "a") == [-1.5, 2000, 7])
    #expect(try table.numbers(column: "b") == [2, 3.25, 100])
  }

  @Test func theNameOfAFileMaySayThatTabsSeparate() throws {
    for name in ["t.tsv", "T.TAB", "t.tsv.gz"] {
      let table = try Table(Array("a,b\tc\n1,2\t3\n".utf8), file: name)
      #expect(table.columns == ["a,b", "c"])
    }
  }

  @Test func aSeparatorThatWasGuessedIsNamed() throws {
    func message(_ text: String, _ column: String = "") -> String {
      do {
        let table = try Table(Array(text.utf8), file: "t.csv")
        _ = try table.texts(column: column)
        return ""
      } catch { return "\(error)" }
    }
    let note = " (cells are taken to be separated by semicolons, which the first lines have)"
    #expect(
      message("name;unit\n1;2\n3\n")
        == "t.csv:3: 1 cell, but the header has 2\(note); add or remove cells, and put cells that "
        + "contain semicolons in quotes")
    #expect(
      message("name;unit\n1;2\n", "kg")
        == "t.csv: column \"kg\": there is no such column; there are \"name\", \"unit\"\(note)")
    #expect(
      message("x1 x2 y\n1 2 3\n", "y")
        == "t.csv: column \"y\": there is no such column; there are \"x1 x2 y\": one name, because "
        + "only commas, semicolons and tabs separate cells")
  }

  @Test func randomBytesAreReadOrRefused() {
    var random = RandomSource(seed: 3).stream(0)
    let bytes = Array("a1,\"\"\n\n\r\n\u{FEFF}é ; \t".utf8) + [0, 0xFF]
    var refused = 0
    for _ in 0..<2000 {
      let text = (0..<Int.random(in: 0...24, using: &random))
        .compactMap { _ in bytes.randomElement(using: &random) }
      do {
        let table = try Table(text, file: "t.csv")
        for column in table.columns {
          #expect(try table.texts(column: column).count == table.rowCount)
        }
      } catch {
        #expect(error is DataError)
        refused += 1
      }
    }
    #expect((1..<2000).contains(refused))
  }

  @Test func canonicallyEquivalentNamesAreTwoColumns() throws {
    let table = try Table(Array("\u{E9},e\u{301}\n1,2\n".utf8), file: "t.csv")
    #expect(try table.numbers(column: "\u{E9}") == [1])
    #expect(try table.numbers(column: "e\u{301}") == [2])
  }

  @Test func filesAreRead() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("espalier-table-\(UUID().uuidString).csv").path
    try Data("a\n1\n".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try Table(contentsOf: path).numbers(column: "a") == [1])
    #expect(throws: DataError(file: path, "more than 3 bytes, the most that are read")) {
      try Table(contentsOf: path, limits: .init(bytes: 3))
    }
  }
}
