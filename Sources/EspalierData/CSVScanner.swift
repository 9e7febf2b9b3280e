import EspalierGraph

/// Finds the cells of text in rows and columns, as RFC 4180 describes it, with a little more of what people have.
///
/// Cells are separated by commas, semicolons or tabs. A cell stands in quotes or contains none; a quote inside quotes is
/// doubled; spaces around a cell do not belong to it. Lines end with LF, CRLF or CR; a byte order mark and empty lines
/// at the end are skipped. A row may end in a separator that the header does not have, and need not end in one that
/// closes the header. Everything else is refused with its line, because a reader that guesses turns a damaged
/// file into wrong numbers.
struct CSVScanner {
  /// Where every cell begins, the header's first.
  private(set) var starts: [UInt32] = []
  /// The cells of each row, those of the header.
  private(set) var width = 0
  /// What separates cells.
  let separator: CellSeparator

  private let text: CellText
  private let file: String
  private let limits: Table.Limits
  private var problems = DataProblems()
  private var index: Int
  private var line = 1

  /// Finds the cells.
  ///
  /// - Throws: `DataError` with the rows that do not fit, or the first place that no row can be read from.
  init(_ bytes: [UInt8], file: String, limits: Table.Limits) throws {
    index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let declaration = CellSeparator.declaration(at: bytes[index...])
    separator = declaration?.separator ?? CellSeparator(of: bytes[index...], file: file)
    text = CellText(bytes: bytes, separator: separator.byte)
    self.file = file
    self.limits = limits
    if let declaration {
      index += declaration.byteCount
      index += text.lineEndLength(at: index)
      line += 1
    }
    try scanRows()
    try problems.check()
  }

  private mutating func scanRows() throws {
    while index < text.bytes.count {
      if text.lineEndLength(at: index) > 0 {
        try skipEmptyLines()
        break
      }
      let rowLine = line
      let first = starts.count
      let end = try scanRow()
      if first == 0 { width = starts.count } else { fitRow(from: first, endingAt: end, rowLine) }
    }
    guard width > 0 else { throw error(nil, "the file is empty; its first line names the columns") }
  }

  /// Leaves `index` at the beginning of the next row; returns where the row's line ends.
  private mutating func scanRow() throws -> Int {
    while true {
      starts.append(UInt32(index))
      if starts.count > limits.columns && width == 0 {
        throw error(line, "more than \(limits.columns) columns, the most that are read")
      }
      try scanCell()
      if index < text.bytes.count && text.bytes[index] == separator.byte {
        index += 1
        continue
      }
      let end = index
      index += text.lineEndLength(at: index)
      line += 1
      return end
    }
  }

  /// Makes a row as wide as the header, or notes that it is not.
  private mutating func fitRow(from first: Int, endingAt end: Int, _ line: Int) {
    let found = starts.count - first
    if found == width { return }
    if found == width + 1, text.isEmpty(starts[starts.count - 1]) {
      starts.removeLast()
    } else if found == width - 1, text.isEmpty(starts[width - 1]) {
      starts.append(UInt32(end))
    } else {
      starts.removeLast(found)
      problems.add(
        DataProblem(
          file: file, line: line,
          "\(counted(found, "cell")), but the header has \(width)\(separator.note); add or remove "
            + "cells, and put cells that contain \(separator.name)s in quotes"))
    }
  }

  /// Leaves `index` at the separator, line end or end of the text after the cell.
  private mutating func scanCell() throws {
    index = text.skippingSpaces(from: index)
    if index < text.bytes.count && text.bytes[index] == CellText.quote {
      try scanQuotedCell()
    } else {
      while !text.isCellEnd(index) {
        if text.bytes[index] == CellText.quote {
          throw error(
            line,
            "a quote inside a cell without quotes; put the whole cell in quotes and double the "
              + "quotes inside it")
        }
        index += 1
      }
    }
  }

  private mutating func scanQuotedCell() throws {
    let opening = line
    index += 1
    while true {
      guard index < text.bytes.count else {
        throw error(opening, "the quote that opens on this line is never closed")
      }
      let length = text.lineEndLength(at: index)
      if length > 0 { line += 1 }
      let byte = text.bytes[index]
      index += max(length, 1)
      guard byte == CellText.quote else { continue }
      let after = text.skippingSpaces(from: index)
      if text.isCellEnd(after) {
        index = after
        return
      }
      guard text.bytes[index] == CellText.quote else {
        throw error(
          line, "text after a closing quote; double the quotes that belong to the cell's text")
      }
      index += 1
    }
  }

  private mutating func skipEmptyLines() throws {
    let first = line
    while true {
      let length = text.lineEndLength(at: index)
      if length == 0 { break }
      index += length
      line += 1
    }
    if index < text.bytes.count { throw error(first, "the line is empty; remove it") }
  }

  private func error(_ line: Int?, _ message: String) -> DataError {
    DataError(file: file, line: line, message)
  }
}
