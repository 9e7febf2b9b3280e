internal import EspalierFiles
internal import EspalierGraph
internal import EspalierText

/// A table of text cells under named columns, read from comma-separated text.
///
/// The text is kept as it is, with four bytes for each cell that say where it begins; cells are decoded when they
/// are asked for. A column without a name, or with the name of another, is in nobody's way until it is asked for.
public struct Table: Sendable {
  /// How much is read at most.
  public struct Limits: Sendable, Equatable {
    /// The bytes of the text; at most 2³² − 2.
    public var bytes: Int
    /// The columns.
    public var columns: Int

    /// Sets limits.
    public init(bytes: Int = 1 << 30, columns: Int = 1 << 16) {
      self.bytes = min(bytes, Int(UInt32.max) - 1)
      self.columns = columns
    }
  }

  /// The file, as messages name it.
  public let file: String
  /// The names of the columns, in the order of the file; empty where there is none, or one that is not UTF-8.
  public let columns: [String]
  /// The rows under the header.
  public let rowCount: Int

  let text: CellText
  let separator: CellSeparator
  private let starts: [UInt32]
  /// The columns of each name.
  private let places: [Name: [Int]]
  /// Whether a column has a name that is not UTF-8.
  private let hasUnreadableName: Bool

  /// Reads a file of comma-separated values (RFC 4180, UTF-8) whose first line names the columns.
  ///
  /// Semicolons and tabs separate values as well, if all of the first lines have them. The file may be compressed with
  /// gzip, or a pipe; `-` is standard input.
  ///
  /// - Throws: `DataError` when the file cannot be read, is larger than the limits, or is not such a file.
  public init(contentsOf path: String, limits: Limits = Limits()) throws {
    let bytes = try fileBytes(path, limit: limits.bytes) {
      DataError(file: shownPath(path), $0)
    }
    try self.init(bytesOf: path, bytes, limits: limits)
  }

  /// Reads what a file was found to hold; see `init(contentsOf:limits:)`.
  package init(bytesOf path: String, _ content: [UInt8], limits: Limits = Limits()) throws {
    let file = shownPath(path)
    func failure(_ message: String) -> DataError { DataError(file: file, message) }
    var bytes = content
    let isCompressed = FileKind(bytes) == .gzip
    if isCompressed { bytes = try gunzipped(bytes, limit: limits.bytes, failure: failure) }
    if let problem = FileKind(bytes).problem(as: .table, path: path, isInGzip: isCompressed) {
      throw failure(problem)
    }
    try self.init(bytes, file: file, limits: limits)
  }

  /// Reads comma-separated values.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8 text, see `init(contentsOf:limits:)`.
  ///   - file: the name for messages; if it ends in .tsv or .tab, tabs separate values.
  ///   - limits: how much is read at most.
  /// - Throws: `DataError` when the text is larger than the limits or not such a table.
  public init(_ bytes: [UInt8], file: String, limits: Limits = Limits()) throws {
    guard bytes.count <= limits.bytes else {
      throw DataError(file: file, "more than \(limits.bytes) bytes, the most that are read")
    }
    guard !bytes.prefix(FileKind.prefixLength).contains(0) else {
      throw DataError(file: file, "this is not text; a table is text in UTF-8")
    }
    let scanner = try CSVScanner(bytes, file: file, limits: limits)
    let text = CellText(bytes: bytes, separator: scanner.separator.byte)
    self.file = file
    self.text = text
    separator = scanner.separator
    starts = scanner.starts
    rowCount = starts.count / scanner.width - 1
    let names = starts.prefix(scanner.width).map { text.content($0) }
    columns = names.map { $0 ?? "" }
    hasUnreadableName = names.contains(nil)
    places = Dictionary(grouping: columns.indices) { [columns] in Name(columns[$0]) }
  }

  /// Whether the table has a column of a name.
  public func hasColumn(_ name: String) -> Bool { places[Name(name)] != nil }

  /// Where a column stands.
  ///
  /// - Throws: `DataError` when there is none of the name, or more than one.
  func place(of column: String) throws(DataError) -> Int {
    guard let found = places[Name(column)] else {
      throw DataError(file: file, column: column, "there is no such column\(advice(for: column))")
    }
    guard found.count == 1 else {
      let numbers = found.map { "\($0 + 1)" }.joined(separator: " and ")
      throw DataError(
        file: file, line: 1, column: column,
        "the name stands \(found.count) times in the header, over columns \(numbers); rename "
          + "all but one")
    }
    return found[0]
  }

  /// What to say of a column that is not there: names that may be meant, or those that there are.
  package func advice(for column: String) -> String {
    let hint = suggestion(for: column, among: columns)
    if !hint.isEmpty { return hint }
    if hasUnreadableName { return ": not all names are UTF-8 text; save the file as UTF-8" }
    let isOneCell = columns.count == 1 && columns[0].contains { " |:".contains($0) }
    return "; there are \(quotedList(columns))"
      + (isOneCell
        ? ": one name, because only commas, semicolons and tabs separate cells" : separator.note)
  }

  /// Where a cell begins in the text.
  func start(row: Int, column: Int) -> UInt32 { starts[(row + 1) * columns.count + column] }
}
