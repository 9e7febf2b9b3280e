import ArgumentParser
import EspalierArrays
import EspalierFormat
import EspalierGraph
import EspalierInference
import EspalierReport
import EspalierWriter
import Foundation

/// `espalier run`.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run heads of a model on the rows of a table, or on arrays.",
    discussion: """
      Reads a CSV file with the columns that the model's input is made of, an .npz file with an \
      array for each input, named as the input, or an .npy file for the only input. The first \
      axis of an array is the batch; sizes that the model leaves open are those of the arrays. \
      Numbers of float32 and float64 become what the input wants; any other type has \
      to be the input's.

      Prints one row of results for each row. A classification gives one column for each label, \
      HEAD.LABEL, with its probability; a binary head gives HEAD.YES, where YES is its second \
      label; a regression gives HEAD in the target's unit. An .npz output has one array for each \
      output of a head, named HEAD, or HEAD.OUTPUT where there are several; an .npy output has \
      the only one.

      --labels prints what classifications and binary heads decide, HEAD, and the probability \
      of that, HEAD.probability, instead of all probabilities. --keep carries a column of the \
      table through, such as an id; one that is named as an answer comes out as NAME.given.

      Only the chosen heads, and what they need, are read and computed. Many rows run in pieces.

      Examples:
        espalier run digits.espalier --input tools/data/digits.csv --heads even,ink
        espalier run digits.espalier --input images.npy --output answers.npz
        espalier run digits.espalier --input new.csv --labels --keep id --output answers.csv
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Option(name: .long, help: "The rows to read, a CSV, .npz or .npy file.")
  var input: String

  @Option(
    name: .long, help: "The heads to run, joined by commas; all when left out.",
    transform: headNames)
  var heads: [Name]?

  @Option(
    name: .long, help: "The file to write, .npz, .npy or CSV; - for CSV on standard output.")
  var output = "-"

  @Flag(name: .long, help: "Print the label that a head decides for, not all probabilities.")
  var labels = false

  @Option(
    name: .long, help: "A column of the table to print before the results; may be repeated.")
  var keep: [String] = []

  func validate() throws {
    if ArrayFile(output) != nil, labels || !keep.isEmpty {
      throw ValidationError(
        "\(output): --labels and --keep print text; write a CSV file, or leave them out")
    }
    if ArrayFile(input) != nil, !keep.isEmpty {
      throw ValidationError("\(input): an array file has no columns to --keep")
    }
    for path in [input, output] where ArrayFile(path)?.format == .safetensors {
      throw ValidationError("\(path): rows and results are in .npz, .npy or CSV files")
    }
  }

  func run() throws {
    let loaded = try withFile(model) {
      var reader = try ModelReader(FileSource(path: model))
      return try reader.load(heads: heads)
    }
    let wanted = heads ?? loaded.heads.map(\.name)
    try expectRoom(for: wanted.compactMap(loaded.head).flatMap(\.graph.outputs))
    let needed = try loaded.inputs(neededBy: wanted)
    var kept: [AnswerTable.Column] = []
    let arrays: [NamedTensor]
    if let file = ArrayFile(input) {
      arrays = try self.arrays(in: file, for: needed)
    } else {
      let table = try InputTable(input)
      kept = try keep.map(table.kept)
      arrays = try table.arrays(for: needed, of: loaded)
    }
    let inputs = try fitting("\(input) does not fit \(model)") {
      try InputArrays(arrays, to: loaded, heads: wanted)
    }
    let known = loaded.trunk.graph.inputs.map(\.name)
    let unused = arrays.map(\.name).filter { !known.contains($0) }
    if !unused.isEmpty { printError("\(input): not used: \(list(unused))") }
    var bar = ProgressBar(delay: .seconds(2))
    defer { bar.clear() }
    let outputs = try withFile(input) {
      try loaded.outputs(of: wanted, for: inputs) { done, total in
        bar.show(Double(done) / Double(total), "row \(grouped(done))/\(grouped(total))")
      }
    }
    bar.clear()
    try write(outputs, of: loaded, kept)
  }

  private func expectRoom(for outputs: [GraphOutput]) throws {
    guard ArrayFile(output)?.format == .npy, outputs.count != 1 else { return }
    throw CommandError(
      "\(output): an .npy file holds one array, not \(counted(outputs.count, "output")); choose one "
        + "head with --heads, or write an .npz file")
  }

  /// The arrays of a file, those of an `.npy` file under the name of the only input.
  private func arrays(in file: ArrayFile, for needed: [GraphInput]) throws -> [NamedTensor] {
    guard file.format == .npy else { return try file.arrays() }
    guard needed.count == 1 else {
      throw CommandError(
        "\(input): one array for \(counted(needed.count, "input")), \(list(needed.map(\.name))); "
          + "an .npz file has an array for each")
    }
    return try file.arrays(onlyName: needed[0].name)
  }

  private func write(
    _ outputs: [HeadOutput], of model: Model, _ kept: [AnswerTable.Column]
  ) throws {
    if let file = ArrayFile(output) {
      try file.write(outputs.map { $0.named(in: model) })
      return
    }
    let text = try AnswerTable(outputs, of: model, decides: labels, kept: kept).text
    if output == "-" {
      try printOutput(text, terminator: "")
    } else {
      try withFile(output) { try replaceFile(output, with: Array(text.utf8)) }
    }
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
