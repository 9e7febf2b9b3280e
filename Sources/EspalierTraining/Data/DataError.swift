/// Why a table, or its use as data, is refused: where, what, and what would be right.
public struct DataError: Error, Equatable, CustomStringConvertible {
  /// The file, as it was named.
  public let file: String
  /// The line in the file, from 1, or nil when the error is of no line.
  public let line: Int?
  /// The column's name, or nil when the error is of no column.
  public let column: String?
  /// What is wrong and what to do.
  public let message: String

  /// Makes an error.
  public init(file: String, line: Int? = nil, column: String? = nil, _ message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// The error on one line, such as `digits.csv:12: column "ink": …`.
  public var description: String {
    let place = line.map { ":\($0)" } ?? ""
    let subject = column.map { "column \(quoted($0)): " } ?? ""
    return "\(file)\(place): \(subject)\(message)"
  }
}
