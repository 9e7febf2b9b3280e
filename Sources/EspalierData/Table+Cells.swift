internal import EspalierText

extension Table {
  /// The cells of a column as text, quotes removed.
  ///
  /// - Throws: `DataError` when there is no such column, or there are several, or with the cells that are not UTF-8.
  public func texts(column: String) throws -> [String] {
    var problems = DataProblems()
    let texts = texts(column: column, noting: &problems)
    try problems.check()
    return texts
  }

  /// The cells of a column as numbers, which may stand in quotes.
  ///
  /// - Throws: `DataError` when there is no such column, or with the cells that are no finite decimal numbers, or too large
  ///   for 32 bits.
  public func numbers(column: String) throws -> [Double] {
    var problems = DataProblems()
    let values = numbers(column: column, noting: &problems)
    try problems.check()
    return values
  }

  /// The cells of a column as numbers, each of which a 32-bit number is near to once its mean is off and it is divided
  /// by its deviation.
  ///
  /// - Parameters:
  ///   - column: the name of the column.
  ///   - mean: what is taken off.
  ///   - deviation: what the difference is divided by.
  ///   - problems: where cells are noted that are no such numbers, and a column that is not there.
  /// - Returns: a number for each row, less the mean and divided by the deviation; 0 where there is a problem.
  package func numbers(
    column: String, mean: Double = 0, deviation: Double = 1, noting problems: inout DataProblems
  ) -> [Double] {
    guard let place = place(of: column, noting: &problems) else { return [] }
    var values = [Double](repeating: 0, count: rowCount)
    for row in values.indices {
      let start = start(row: row, column: place)
      guard let number = text.number(start) else {
        note(row, column, whyNoNumber(start), in: &problems)
        continue
      }
      let value = (number - mean) / deviation
      if Float(value).isFinite {
        values[row] = value
      } else {
        note(row, column, "is too large for a 32-bit number", in: &problems)
      }
    }
    return values
  }

  /// The cells of a column as text; none when there is no such column, which is noted.
  package func texts(column: String, noting problems: inout DataProblems) -> [String] {
    guard let place = place(of: column, noting: &problems) else { return [] }
    return (0..<rowCount).map { row in
      if let content = text.content(start(row: row, column: place)) { return content }
      note(row, column, Self.notUTF8, in: &problems)
      return ""
    }
  }

  private static let notUTF8 = "is not UTF-8 text; save the file as UTF-8"

  private func place(of column: String, noting problems: inout DataProblems) -> Int? {
    do throws(DataError) {
      return try place(of: column)
    } catch {
      problems.add(error)
      return nil
    }
  }

  /// Notes a problem of a cell, whose text begins the message.
  package func note(
    _ row: Int, _ column: String, _ message: String, in problems: inout DataProblems
  ) {
    problems.add(problem(row: row, column: column, message), column: column)
  }

  private func problem(row: Int, column: String, _ message: String) -> DataProblem {
    let place = (try? place(of: column)) ?? 0
    let start = start(row: row, column: place)
    let content = text.content(start)
    let subject = content.map { $0.isEmpty ? "the empty cell" : quoted($0) } ?? "a cell"
    return DataProblem(
      file: file, line: text.line(at: Int(self.start(row: row, column: 0))), column: column,
      "\(subject) \(message)")
  }

  /// Why a cell is no number, and what would be one.
  private func whyNoNumber(_ start: UInt32) -> String {
    guard let cell = text.content(start) else { return Self.notUTF8 }
    let bytes = Array(cell.utf8)
    if cell.contains(","), bytes.allSatisfy({ "0123456789.,+-eE ".utf8.contains($0) }) {
      return "has a comma; write a point before decimals, as in 0.25, and nothing between thousands"
    }
    if ["nan", "na", "n/a", "null", "none", "-", "?"].contains(cell.lowercased()) || cell.isEmpty {
      return "is not a number; fill it in, or leave the row out"
    }
    if let scalar = cell.unicodeScalars.first(where: { !$0.isASCII }) {
      let code = String(scalar.value, radix: 16, uppercase: true)
      return "is not a number: it has the character U+\(code); write plain digits, as in -0.25"
    }
    return "is not a number; write a finite decimal number such as 3 or 0.25"
  }
}
