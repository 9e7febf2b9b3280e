import ArgumentParser
import EspalierFormat
import EspalierGraph
import EspalierRuntime
import EspalierTraining
import EspalierWriter
import Foundation

/// `espalier run`.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run heads of a model on the rows of a table.",
    discussion: """
      Reads the columns that the model's input is made of from a CSV file and prints one row \
      of results for each of its rows. A classification gives one column for each label, \
      HEAD.LABEL, with its probability; a binary head gives HEAD.YES, where YES is its second \
      label; a regression gives HEAD in the target's unit. Only the chosen heads, and what \
      they need, are read and computed.

      Examples:
        espalier run digits.espalier --input tools/data/digits.csv --heads even,ink
        espalier run digits.espalier --input new.csv --output answers.csv
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Option(name: .long, help: "The table to read, a CSV file.")
  var input: String

  @Option(
    name: .long, help: "The heads to run, joined by commas; all when left out.",
    transform: headNames)
  var heads: [Name]?

  @Option(name: .long, help: "The CSV file to write; - for standard output.")
  var output = "-"

  /// The rows that are computed at once.
  private static let batch = 64

  func run() throws {
    let loaded = try withFile(model) {
      var reader = try ModelReader(FileSource(path: model))
      return try reader.load(heads: heads)
    }
    let wanted = heads ?? loaded.heads.map(\.name)
    let answers = try answer(loaded, wanted, try Table(contentsOf: input))
    if output == "-" {
      print(answers, terminator: "")
    } else {
      try withFile(output) { try replaceFile(output, with: Array(answers.utf8)) }
    }
  }

  /// The results as comma-separated text.
  private func answer(_ model: Model, _ heads: [Name], _ table: Table) throws -> String {
    let columns = try inputColumns(model, table)
    var lines = [heads.flatMap { model.columnNames(of: $0) }.map(quoted).joined(separator: ",")]
    var row = 0
    while row < table.rowCount {
      let count = min(Self.batch, table.rowCount - row)
      var session = try Session(model, heads: heads, batch: count)
      while row + count <= table.rowCount {
        lines += try runRows(row..<row + count, &session, heads, columns)
        row += count
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func runRows(
    _ rows: Range<Int>, _ session: inout Session, _ heads: [Name], _ columns: [Name: [[Float]]]
  ) throws -> [String] {
    for input in session.plan.inputs {
      guard let values = columns[input.name] else { continue }
      let elements = rows.flatMap { row in values.map { $0[row] } }
      try session.setInput(input.name, to: elements.span)
    }
    try session.run()
    var cells = rows.map { _ in [String]() }
    for output in session.plan.outputs {
      let span = try session.output(of: output.head, output.name)
      let size = span.count / rows.count
      for row in 0..<rows.count {
        for column in 0..<size { cells[row].append("\(span[row * size + column])") }
      }
    }
    return cells.map { $0.joined(separator: ",") }
  }

  /// For every input of the model its columns' numbers.
  private func inputColumns(_ model: Model, _ table: Table) throws -> [Name: [[Float]]] {
    var result: [Name: [[Float]]] = [:]
    for (input, columns) in zip(model.trunk.graph.inputs, model.trunk.columns) {
      guard !columns.isEmpty else {
        throw CommandError("input \(input.name) of \(self.model) is not made of table columns")
      }
      result[input.name] = try columns.map { column in
        try numbers(of: column, in: table).map { Float(($0 - column.mean) / column.deviation) }
      }
    }
    return result
  }

  /// The numbers of a column's cells: those that they hold, or the positions of the categories that they name.
  private func numbers(of column: Column, in table: Table) throws -> [Double] {
    let name = column.name.description
    guard !column.categories.isEmpty else { return try table.numbers(column: name) }
    let numbers = Dictionary(
      uniqueKeysWithValues: zip(column.categories.map(\.description), column.categories.indices))
    return try table.texts(column: name).enumerated().map { row, text in
      guard let number = numbers[text] else {
        throw CommandError(
          "\(input): row \(row + 1), column \(name): the model does not know the category "
            + "\"\(text)\"; it knows \(quotedList(column.categories.map(\.description)))")
      }
      return Double(number)
    }
  }

  private func quoted(_ cell: String) -> String {
    let isPlain = !cell.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain ? cell : "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}

extension Model {
  /// The names of a head's result columns.
  func columnNames(of name: Name) -> [String] {
    guard let head = head(named: name) else { return [] }
    let description = head.description
    let labels =
      description.task == .binary ? Array(description.labels.suffix(1)) : description.labels
    return head.graph.outputs.enumerated().flatMap { index, output in
      let prefix = index == 0 ? "\(name)" : "\(name).\(output.name)"
      let count = columnCount(of: head, output)
      if index == 0 && labels.count == count { return labels.map { "\(prefix).\($0)" } }
      return count == 1 ? [prefix] : (0..<count).map { "\(prefix).\($0)" }
    }
  }

  /// The numbers that an output has for each row.
  private func columnCount(of head: Head, _ output: GraphOutput) -> Int {
    let plan = try? Plan(self, heads: [head.name])
    let found = plan?.outputs.first { $0.head == head.name && $0.name == output.name }
    return found?.shape.elementCount ?? 0
  }
}
