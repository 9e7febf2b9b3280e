import EspalierGraph

/// Finds the cells of comma-separated UTF-8 text, as RFC 4180 describes it.
///
/// A cell stands in quotes or contains none; a quote inside quotes is doubled; lines end with LF or CRLF; a byte
/// order mark and empty lines at the end are skipped. Everything else is refused with its line, because a
/// reader that guesses turns a damaged file into wrong numbers.
struct CSVScanner {
  /// Where every cell begins, the header's first; each ends one byte (comma, LF, or the end) before the next, and
  /// the last entry ends the last cell.
  private(set) var starts: [UInt32] = []
  /// The cells of each row, those of the header.
  private(set) var width = 0

  private let file: String
  private let bytes: [UInt8]
  private let limits: Table.Limits
  private var index = 0
  private var line = 1

  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(_ bytes: [UInt8], file: String, limits: Table.Limits) throws {
    self.file = file
    self.bytes = bytes
    self.limits = limits
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    try scanRows()
  }

  private mutating func scanRows() throws {
    while index < bytes.count {
      let rowLine = line
      if lineEndLength > 0 {
        try skipEmptyLines()
        break
      }
      let before = starts.count
      try scanRow()
      let found = starts.count - before
      if before == 0 {
        width = found
      } else if found != width {
        throw error(
          rowLine,
          "\(counted(found, "cell")), but the header has \(width); add or remove cells, and put "
            + "cells that contain commas in quotes")
      }
    }
    guard width > 0 else { throw error(nil, "the file is empty; its first line names the columns") }
    // Without a line end after the last row the file is read as if it had one.
    starts.append(UInt32(lastEnd + 1))
  }

  /// Where the last cell ends.
  private var lastEnd = 0

  private mutating func scanRow() throws {
    while true {
      starts.append(UInt32(index))
      if starts.count > limits.columns && width == 0 {
        throw error(line, "more than \(limits.columns) columns, the most that are read")
      }
      if index < bytes.count && bytes[index] == Self.quote {
        try scanQuotedCell()
      } else {
        try scanBareCell()
      }
      let end = index
      if index < bytes.count && bytes[index] == Self.comma {
        index += 1
        continue
      }
      let length = lineEndLength
      lastEnd = length == 2 ? end + 1 : end
      index += length
      line += 1
      return
    }
  }

  /// Leaves `index` at the comma, line end or end of the text after the cell.
  private mutating func scanBareCell() throws {
    while index < bytes.count {
      switch bytes[index] {
      case Self.comma, Self.lineFeed:
        return
      case Self.carriageReturn:
        guard lineEndLength == 2 else {
          throw error(line, "a carriage return without a line feed; end lines with LF or CRLF")
        }
        return
      case Self.quote:
        throw error(
          line,
          "a quote inside a cell without quotes; put the whole cell in quotes and double the "
            + "quotes inside it")
      default:
        index += 1
      }
    }
  }

  /// Leaves `index` at the comma, line end or end of the text after the cell.
  private mutating func scanQuotedCell() throws {
    let opening = line
    index += 1
    while true {
      guard index < bytes.count else {
        throw error(opening, "the quote that opens on this line is never closed")
      }
      let byte = bytes[index]
      index += 1
      if byte == Self.lineFeed { line += 1 }
      guard byte == Self.quote else { continue }
      guard index < bytes.count, bytes[index] != Self.comma, lineEndLength == 0 else { return }
      guard bytes[index] == Self.quote else {
        throw error(
          line, "text after a closing quote; double the quotes that belong to the cell's text")
      }
      index += 1
    }
  }

  private mutating func skipEmptyLines() throws {
    let first = line
    while lineEndLength > 0 {
      index += lineEndLength
      line += 1
    }
    if index < bytes.count { throw error(first, "the line is empty; remove it") }
  }

  /// The bytes of the line end at `index`; 0 when there is none.
  private var lineEndLength: Int {
    guard index < bytes.count else { return 0 }
    if bytes[index] == Self.lineFeed { return 1 }
    let isPair =
      bytes[index] == Self.carriageReturn && index + 1 < bytes.count
      && bytes[index + 1] == Self.lineFeed
    return isPair ? 2 : 0
  }

  private func error(_ line: Int?, _ message: String) -> DataError {
    DataError(file: file, line: line, message)
  }
}
