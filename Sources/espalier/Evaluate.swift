import ArgumentParser
import EspalierArrays
import EspalierData
import EspalierFiles
import EspalierFormat
import EspalierGraph
import EspalierInference
import EspalierReport
import EspalierText
import Foundation

/// `espalier evaluate`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure heads of a model on the rows of a table that has their targets.",
    discussion: """
      Runs the heads on the rows and compares what they say with the targets: a column named as \
      the head, or the one that --target names. Heads without such a column are left out.

      A classification and a binary head are judged by their accuracy, a regression by rmse and \
      mae, in the target's unit. Beside each figure stands what the best constant answer for \
      these very rows would reach.

      Examples:
        espalier evaluate digits.espalier --input tools/data/digits.csv
        espalier evaluate digits.espalier --input new.csv --target even=is_even --json
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Option(name: .long, help: "The rows to read, a CSV file; - for a pipe.")
  var input: String

  @Option(
    name: .long, help: "The heads to judge, \(HeadNames.help); all when left out.")
  var heads: [String] = []

  @Option(name: .long, help: "The column of a head's targets, HEAD=COLUMN; may be repeated.")
  var target: [String] = []

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let (loaded, chosen) = try withFile(model) {
      var reader = try ModelReader(FileSource(path: model))
      let chosen = try reader.heads(namedBy: heads)
      return (try reader.load(heads: chosen), chosen)
    }
    let wanted = chosen ?? loaded.heads.map(\.name)
    let named = try namedColumns(of: wanted)
    let rows = try InputRows(
      input, for: try loaded.inputs(neededBy: wanted), of: loaded, keeping: [])
    guard let table = rows.table else {
      throw CommandError("\(input): arrays have no targets; give a table")
    }
    guard table.rowCount > 0 else {
      throw CommandError("\(shownPath(input)): the table has no rows to judge heads by")
    }
    let columns = try targetColumns(of: wanted, in: table, named: named)
    let judged = wanted.filter { columns[$0] != nil }
    let inputs = try fitting("\(input) does not fit \(model)") {
      try InputArrays(rows.arrays, to: loaded, heads: judged)
    }
    for warning in rows.warnings + inputs.warnings { printError("warning: \(warning)") }
    var bar = ProgressBar(delay: .seconds(2))
    defer { bar.clear() }
    let outputs = try withFile(input) {
      try loaded.outputs(of: judged, for: inputs) { done, total in
        bar.show(Double(done) / Double(total), "row \(grouped(done))/\(grouped(total))")
      }
    }
    bar.clear()
    let report = EvaluationReport(
      rows: table.rowCount,
      heads: try judged.compactMap { head in
        try loaded.head(named: head).flatMap { found in
          try outputs.first { $0.head == head }.map {
            try HeadFigures(of: found, $0, targets: table, column: columns[head] ?? "")
          }
        }
      })
    if json { try printJSON(report) } else { try printOutput(report.text) }
  }

  /// The columns that --target names.
  private func namedColumns(of heads: [Name]) throws -> [Name: String] {
    var columns: [Name: String] = [:]
    for pair in target {
      // A name may have the sign, too.
      let signs = pair.utf8.indices.filter { pair.utf8[$0] == UInt8(ascii: "=") }
      guard let last = signs.last else {
        throw CommandError("--target \(pair): HEAD=COLUMN is needed, such as even=is_even")
      }
      let sign = signs.first { heads.contains(Name(String(pair[..<$0]))) } ?? last
      let (head, column) = (
        Name(String(pair[..<sign])), String(pair.utf8[sign...].dropFirst()) ?? ""
      )
      guard heads.contains(head) else {
        throw CommandError(
          "--target \(pair): there is no head \(listed([head])); there are \(listed(heads))")
      }
      guard columns.updateValue(column, forKey: head) == nil else {
        throw CommandError("--target \(pair): head \(head) has a column already; name one")
      }
    }
    return columns
  }

  /// The column of each head that has one: that which is named for it, or that which is named as the head.
  private func targetColumns(
    of heads: [Name], in table: Table, named: [Name: String]
  ) throws -> [Name: String] {
    var columns = named
    for head in heads where columns[head] == nil && table.hasColumn("\(head)") {
      columns[head] = "\(head)"
    }
    guard !columns.isEmpty else {
      throw CommandError(
        "\(input) has no column named as a head (\(listed(heads))); name the targets with --target "
          + "HEAD=COLUMN")
    }
    return columns
  }
}

/// What heads reach on a table.
private struct EvaluationReport: Encodable {
  let rows: Int
  let heads: [HeadFigures]

  var text: String {
    var lines = [["head", "task", "figure", "\(counted(rows, "row"))", "constant"]]
    for (head, shown) in zip(heads, shortened(heads.map(\.name), to: headNameWidth)) {
      for (index, name) in head.figures.keys.sorted().enumerated() {
        lines.append([
          index == 0 ? shown : "", index == 0 ? head.task : "", name,
          figure(head.figures[name] ?? .nan), figure(head.constant[name] ?? .nan),
        ])
      }
    }
    return aligned(lines, right: [3, 4]).joined(separator: "\n")
  }
}

/// What a head reaches, and what a constant answer does.
private struct HeadFigures: Encodable {
  let name: String
  let task: String
  let target: String
  let figures: [String: Double]
  let constant: [String: Double]

  init(
    of head: Model.Head, _ output: HeadOutput, targets table: Table, column: String
  ) throws {
    let task = head.task(outputs: output.tensor.shape.sizes.dropFirst().reduce(1, *))
    guard let answers = output.tensor.values, answers.count == table.rowCount * task.outputCount
    else {
      throw CommandError(
        "head \(head.name) gives \(output.tensor.type.text), which is no answer for each row; leave it "
          + "out with --heads")
    }
    let targets = try table.targets(of: task, column: column)
    let decided: [Float] =
      head.description.task == .binary
      ? answers.map { Double($0) >= head.description.threshold ? 1 : 0 } : answers
    let constant = ConstantAnswer(task, targets: targets)
    name = "\(head.name)"
    self.task = task.label
    target = column
    figures = Self.byName(metrics(of: task, answers: decided, targets: targets))
    self.constant = Self.byName(constant.figures(targets: targets))
  }

  private static func byName(_ figures: [(name: String, value: Double)]) -> [String: Double] {
    Dictionary(figures.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Model.Head {
  /// The task as the trainer has it; labels that the file does not have are numbers.
  fileprivate func task(outputs count: Int) -> Task {
    let labels = description.labels.map { "\($0)" }
    return switch description.task {
    case .classification:
      .classification(labels: labels.isEmpty ? (0..<count).map { "\($0)" } : labels)
    case .binary: .binary(labels: labels.count == 2 ? labels : ["no", "yes"])
    // Scores of classes, of which the largest is the answer.
    case .regression where labels.count == count && count > 1: .classification(labels: labels)
    case .regression: .regression(unit: "\(description.unit)")
    }
  }
}
