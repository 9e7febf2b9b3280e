import Foundation

/// A table of text cells under named columns, read from comma-separated text.
///
/// The text is kept as it is, with four bytes for each cell that say where it begins; cells are decoded when they
/// are asked for.
public struct Table: Sendable {
  /// How much is read at most.
  public struct Limits: Sendable, Equatable {
    /// The bytes of the file; at most 2³² − 2.
    public var bytes: Int
    /// The columns.
    public var columns: Int

    /// Sets limits.
    public init(bytes: Int = 1 << 30, columns: Int = 1 << 16) {
      self.bytes = min(bytes, Int(UInt32.max) - 1)
      self.columns = columns
    }
  }

  /// The file, as it was named.
  public let file: String
  /// The names of the columns, in the order of the file.
  public let columns: [String]
  /// The rows under the header.
  public let rowCount: Int

  private let bytes: [UInt8]
  private let starts: [UInt32]
  private let numbers: [String: Int]

  /// Reads a file of comma-separated values (RFC 4180, UTF-8) whose first line names the columns.
  ///
  /// - Throws: `DataError` when the file cannot be read, is larger than the limits, or is not such a file.
  public init(contentsOf path: String, limits: Limits = Limits()) throws {
    let bytes = try fileBytes(path, limit: limits.bytes) { DataError(file: path, $0) }
    try self.init(bytes, file: path, limits: limits)
  }

  /// Reads comma-separated values.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8 text, see `init(contentsOf:limits:)`.
  ///   - file: the name for messages.
  ///   - limits: how much is read at most.
  /// - Throws: `DataError` when the text is larger than the limits or not such a table.
  public init(_ bytes: [UInt8], file: String, limits: Limits = Limits()) throws {
    guard bytes.count <= limits.bytes else {
      throw DataError(file: file, "more than \(limits.bytes) bytes, the most that are read")
    }
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw DataError(
        file: file, line: lineNumber(in: bytes, at: error.byteOffsets.lowerBound),
        "not UTF-8 text; save the file as UTF-8")
    }
    let scanner = try CSVScanner(bytes, file: file, limits: limits)
    self.file = file
    self.bytes = bytes
    self.starts = scanner.starts
    self.rowCount = (starts.count - 1) / scanner.width - 1
    let starts = scanner.starts
    self.columns = (0..<scanner.width).map { cellText(bytes, starts, $0) }
    var numbers: [String: Int] = [:]
    for (index, name) in columns.enumerated() {
      guard !name.isEmpty else {
        throw DataError(file: file, line: 1, "column \(index + 1) has no name; name every column")
      }
      guard numbers.updateValue(index, forKey: name) == nil else {
        throw DataError(
          file: file, line: 1, column: name, "the name stands twice in the header; rename one")
      }
    }
    self.numbers = numbers
  }

  /// Whether the table has a column of a name.
  public func hasColumn(_ name: String) -> Bool { numbers[name] != nil }

  /// The cells of a column as text, quotes removed.
  ///
  /// - Throws: `DataError` when there is no such column.
  public func texts(column: String) throws -> [String] {
    let index = try number(of: column)
    return (0..<rowCount).map { text(row: $0, column: index) }
  }

  /// The cells of a column as numbers.
  ///
  /// - Throws: `DataError` when there is no such column, or a cell is not a finite decimal number.
  public func numbers(column: String) throws -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(rowCount)
    try forEachNumber(column: column) { values.append($1) }
    return values
  }

  /// Calls a function with the row and the number of every cell of a column.
  func forEachNumber(column: String, _ body: (Int, Double) throws -> Void) throws {
    let index = try number(of: column)
    for row in 0..<rowCount {
      let range = cellRange(bytes, starts, cell(row, index))
      guard let value = decimalNumber(bytes.span.extracting(range)), value.isFinite else {
        throw error(
          row: row, column: column,
          "is not a number; write a finite decimal number such as 3 or 0.25")
      }
      try body(row, value)
    }
  }

  /// An error about one cell, whose text begins the message.
  func error(row: Int, column: String, _ message: String) -> DataError {
    let value = numbers[column].map { text(row: row, column: $0) } ?? ""
    let subject = value.isEmpty ? "the empty cell" : quoted(value)
    let line = lineNumber(in: bytes, at: Int(starts[cell(row, 0)]))
    return DataError(file: file, line: line, column: column, "\(subject) \(message)")
  }

  private func number(of column: String) throws -> Int {
    if let index = numbers[column] { return index }
    let hint = suggestion(for: column, among: columns)
    throw DataError(
      file: file, column: column,
      "there is no such column" + (hint.isEmpty ? "; there are \(quotedList(columns))" : hint))
  }

  private func text(row: Int, column: Int) -> String {
    cellText(bytes, starts, cell(row, column))
  }

  /// The number of a cell, counted from the header's first.
  private func cell(_ row: Int, _ column: Int) -> Int { (row + 1) * columns.count + column }
}

/// The bytes of a cell, with its quotes, without the line end.
private func cellRange(_ bytes: [UInt8], _ starts: [UInt32], _ cell: Int) -> Range<Int> {
  let start = Int(starts[cell])
  let end = Int(starts[cell + 1]) - 1
  let endsWithReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
  return start..<(endsWithReturn ? end - 1 : end)
}

/// The text of a cell without its quotes.
private func cellText(_ bytes: [UInt8], _ starts: [UInt32], _ cell: Int) -> String {
  let raw = bytes[cellRange(bytes, starts, cell)]
  let quote = UInt8(ascii: "\"")
  guard raw.first == quote else { return String(decoding: raw, as: UTF8.self) }
  // By bytes: as characters, a quote and a combining mark after it are one.
  var text: [UInt8] = []
  var isSecondQuote = false
  for byte in raw.dropFirst().dropLast() {
    isSecondQuote = byte == quote && !isSecondQuote
    if !isSecondQuote { text.append(byte) }
  }
  return String(decoding: text, as: UTF8.self)
}

/// The line, from 1, of a place in text.
private func lineNumber(in bytes: [UInt8], at offset: Int) -> Int {
  bytes[..<offset].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
}
