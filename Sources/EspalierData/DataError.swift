internal import EspalierGraph
internal import EspalierText

/// Why a table, or its use as data, is refused: one or more problems.
public struct DataError: Error, Equatable, CustomStringConvertible {
  /// The problems, those of the file as a whole first, then in the order of its lines.
  public let problems: [DataProblem]
  /// How many further problems there are.
  public let omittedCount: Int

  /// Makes an error of problems, and of a number of others that were only counted.
  init(_ problems: [DataProblem], omitted: Int = 0) {
    self.problems = problems
    omittedCount = omitted
  }

  /// Makes an error of one problem.
  public init(file: String, line: Int? = nil, column: String? = nil, _ message: String) {
    self.init([DataProblem(file: file, line: line, column: column, message)])
  }

  /// A line for each problem, and one for the number of others.
  public var description: String {
    let lines = problems.map(\.description)
    let rest = omittedCount > 0 ? ["… and \(omittedCount) more"] : []
    return (lines + rest).joined(separator: "\n")
  }
}

/// One thing that is wrong with a table: where, what, and what would be right.
public struct DataProblem: Sendable, Equatable, CustomStringConvertible {
  /// The file, as it was named.
  public let file: String
  /// The line in the file, from 1, or nil when the problem is of no line.
  public let line: Int?
  /// The column's name, or nil when the problem is of no column.
  public let column: String?
  /// What is wrong and what to do.
  public let message: String

  /// Describes a problem.
  public init(file: String, line: Int? = nil, column: String? = nil, _ message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// The problem on one line, such as `digits.csv:12: column "ink": …`.
  public var description: String {
    let place = line.map { ":\($0)" } ?? ""
    let subject = column.map { "column \(quoted($0)): " } ?? ""
    return "\(file)\(place): \(subject)\(message)"
  }
}

/// Problems as they are found: the first ten of each column are kept, the others counted.
package struct DataProblems {
  /// The problems that are shown.
  private static let limit = 10

  private var kept: [DataProblem] = []
  private var keptOfColumn: [Name: Int] = [:]
  private var count = 0

  package init() {}

  /// Adds a problem.
  ///
  /// - Parameter problem: makes it, when it is kept.
  package mutating func add(_ problem: @autoclosure () -> DataProblem, column: String = "") {
    count += 1
    guard keptOfColumn[Name(column), default: 0] < Self.limit else { return }
    keptOfColumn[Name(column), default: 0] += 1
    kept.append(problem())
  }

  /// Adds what another error lists.
  package mutating func add(_ error: DataError) {
    for problem in error.problems { add(problem, column: problem.column ?? "") }
    count += error.omittedCount
  }

  /// Throws the problems, if there are any: the first ten in the order of the file.
  package func check() throws {
    guard count > 0 else { return }
    let sorted = kept.enumerated().sorted {
      ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
    }
    let shown = sorted.prefix(Self.limit).map(\.element)
    throw DataError(shown, omitted: count - shown.count)
  }
}
