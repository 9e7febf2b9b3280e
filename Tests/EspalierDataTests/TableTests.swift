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
      ("a,b\n x , y\n", [["a", "b"], [" x ", " y"]]),
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
      "a", "1.5", ",", "\"", "\"\"", "\n", "\r\n", " ", "é", "\u{301}", "🌳", "'", ";", "",
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

  @Test func numbersStandWithoutQuotes() throws {
    let table = try Table(Array("a,b\n-1.5,\"2\"\n2e3,3\n".utf8), file: "t.csv")
    #expect(try table.numbers(column: "a") == [-1.5, 2000])
    #expect(throws: DataError.self) { try table.numbers(column: "b") }
  }

  @Test func randomBytesAreReadOrRefused() {
    var random = RandomSource(seed: 3).stream(0)
    let bytes = Array("a1,\"\"\n\n\r\n\u{FEFF}é".utf8) + [0, 0xFF]
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
