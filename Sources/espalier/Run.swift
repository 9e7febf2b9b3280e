import ArgumentParser
import EspalierArrays
import EspalierFiles
import EspalierFormat
import EspalierGraph
import EspalierInference
import EspalierRecipe
import EspalierReport
import EspalierWriter
import Foundation

/// `espalier run`.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run heads of a model on the rows of a table, or on arrays.",
    discussion: """
      Reads a table with the columns that the model's input is made of, an .npz or .safetensors \
      file with an array for each input, named as the input, or an .npy file for the only input. \
      What a file is, its first bytes tell; it may be a pipe, and - is standard input.

      A table is UTF-8 text whose first line names the columns, with commas, semicolons or tabs \
      between cells, and may be compressed with gzip. What else is in a file is not looked at.

      The first axis of an array is the batch; sizes that the model leaves open are those of the \
      arrays. Numbers of float32 and float64 become what the input wants; any other type has \
      to be the input's. Arrays hold what the graph reads: where inspect shows that a column is \
      read less a number, they have it taken off.

      Prints one row of results for each row. A classification gives one column for each label, \
      HEAD.LABEL, with its probability; a binary head gives HEAD.YES, where YES is its second \
      label; a regression gives HEAD in the target's unit. An .npz output has one array for each \
      output of a head, named HEAD, or HEAD.OUTPUT where there are several; an .npy output has \
      the only one.

      --labels prints what classifications and binary heads decide, HEAD, and the probability \
      of that, HEAD.probability, instead of all probabilities; where a head gives scores of classes, \
      which are no probabilities, the largest, HEAD.score. --keep carries a column of the \
      table through, such as an id; one that is named as an answer comes out as NAME.given. \
      --split-of says of each row of the table that a run was trained with which part it was: \
      training, validation or test.

      Only the chosen heads, and what they need, are read and computed. Many rows run in pieces.

      Examples:
        espalier run digits.espalier --input tools/data/digits.csv --heads even,ink
        espalier run digits.espalier --input images.npy --output answers.npz
        espalier run digits.espalier --input new.csv --labels --keep id --output answers.csv
        espalier run digits.espalier --input tools/data/digits.csv --labels --split-of runs/digits
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Option(
    name: .long, help: "The rows to read, a CSV, .npz, .npy or .safetensors file; - for a pipe.")
  var input: String

  @Option(
    name: .long, help: "The heads to run, \(HeadNames.help); all when left out.")
  var heads: [String] = []

  @Option(
    name: .long,
    help: "The file to write, .npz, .npy, .safetensors or CSV; - for CSV on standard output.")
  var output = "-"

  @Flag(name: .long, help: "Print the label that a head decides for, not all probabilities.")
  var labels = false

  @Option(
    name: .long, help: "A column of the table to print before the results; may be repeated.")
  var keep: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The folder of the run: print which part of it each row was, column split.",
      valueName: "run"))
  var splitOf: String?

  @Flag(name: .long, help: "Take infinities and NaN in arrays, which are refused otherwise.")
  var nonFinite = false

  func validate() throws {
    if ArrayFile(output) != nil, labels || !keep.isEmpty || splitOf != nil {
      throw ValidationError(
        "\(output): --labels, --keep and --split-of print text; write a CSV file, or leave them "
          + "out")
    }
  }

  func run() throws {
    if !isStandardOutput(output) {
      let ofRun = splitOf.map { RunFolder($0).files } ?? []
      try expectNotRead(output, among: [model, input] + ofRun)
    }
    let (loaded, chosen) = try withFile(model) {
      var reader = try ModelReader(FileSource(path: model))
      let chosen = try reader.heads(namedBy: heads)
      return (try reader.load(heads: chosen), chosen)
    }
    let wanted = chosen ?? loaded.heads.map(\.name)
    try expectRoom(for: wanted.compactMap(loaded.head).flatMap(\.graph.outputs))
    let needed = try loaded.inputs(neededBy: wanted)
    let rows = try InputRows(input, for: needed, of: loaded, keeping: keep)
    let kept = rows.kept + (try splitColumn(rows.arrays, of: loaded))
    let inputs = try fitting("\(shownPath(input)) does not fit \(model)") {
      try InputArrays(
        rows.arrays, to: loaded, heads: wanted, unread: rows.unread, finiteOnly: !nonFinite)
    }
    for warning in rows.warnings + inputs.warnings { printError("warning: \(warning)") }
    if !rows.unread.isEmpty { printError("\(shownPath(input)): not used: \(listed(rows.unread))") }
    var bar = ProgressBar(delay: .seconds(2))
    defer { bar.clear() }
    let outputs = try withFile(input) {
      try loaded.outputs(of: wanted, for: inputs) { done, total in
        bar.show(Double(done) / Double(total), "row \(grouped(done))/\(grouped(total))")
      }
    }
    bar.clear()
    try expectUnchangedFiles()
    try write(outputs, of: loaded, kept)
  }

  private func expectRoom(for outputs: [GraphOutput]) throws {
    guard ArrayFile(output)?.format == .npy, outputs.count != 1 else { return }
    throw CommandError(
      "\(output): an .npy file holds one array, not \(counted(outputs.count, "output")); choose one "
        + "head with --heads, or write an .npz file")
  }

  /// The column that says which part of a run each row was, when it is asked for.
  private func splitColumn(
    _ arrays: [NamedTensor], of model: Model
  ) throws -> [AnswerTable.Column] {
    guard let splitOf else { return [] }
    let columns = model.columnNumbers(arrays).map { (name: "\($0.name)", numbers: $1) }
    guard !columns.isEmpty else {
      throw CommandError(
        "\(self.model): its inputs are no columns of a table, and --split-of compares those")
    }
    let parts = try RunFolder(splitOf).parts(ofRowsWith: columns)
    return [AnswerTable.Column(title: "split") { parts[$0] }]
  }

  private func write(
    _ outputs: [HeadOutput], of model: Model, _ kept: [AnswerTable.Column]
  ) throws {
    if let file = ArrayFile(output) {
      try file.write(outputs.map { $0.named(in: model) })
      return
    }
    let table = try AnswerTable(outputs, of: model, decides: labels, kept: kept)
    try espalier.write(table.text, to: output)
  }
}

extension HeadOutput {
  /// The output under the name of its head, with its own behind that when the head has several.
  fileprivate func named(in model: Model) -> NamedTensor {
    let isOnly = model.head(named: head)?.graph.outputs.count == 1
    return NamedTensor(
      name: isOnly ? head : Name("\(head).\(tensor.name)"), type: tensor.type,
      storage: tensor.storage, byteOffset: tensor.byteOffset)
  }
}
