import EspalierArrays
import EspalierData
import EspalierFiles
import EspalierGraph

/// The rows that heads run on, of a table or of arrays, as the first bytes of a file tell.
struct InputRows {
  /// The arrays for inputs.
  let arrays: [NamedTensor]
  /// The names of arrays that nobody reads.
  private(set) var unread: [Name] = []
  /// Columns of the table to print beside the results.
  private(set) var kept: [AnswerTable.Column] = []
  /// The table; nil where the rows are arrays.
  private(set) var table: Table?
  /// What gets lost of the numbers, and which are far from those of training, a sentence each.
  private(set) var warnings: [String] = []

  /// Reads a file or a pipe; `-` is standard input.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - inputs: the inputs that are needed.
  ///   - model: the model that has them.
  ///   - columns: the columns of a table that are kept.
  init(
    _ path: String, for inputs: [GraphInput], of model: Model, keeping columns: [String]
  ) throws {
    let bytes = try fileBytes(path) { kind in
      FileKind.Purpose.arrays.kinds.contains(kind)
        ? ArrayContent.byteLimit : Table.Limits().bytes
    } failure: {
      CommandError("\(shownPath(path)): \($0)")
    }
    if let problem = FileKind(bytes).problem(as: .rows, path: path) {
      throw CommandError("\(shownPath(path)): \(problem)")
    }
    guard let content = ArrayContent(path: path, bytes) else {
      let table = try Table(bytesOf: path, bytes)
      var input = InputTable(table)
      (arrays, kept) = try input.arrays(for: inputs, of: model, keeping: columns)
      warnings = input.warnings + model.rangeWarnings(arrays, of: path)
      self.table = table
      return
    }
    guard columns.isEmpty else {
      throw CommandError("\(path): arrays have no columns to --keep")
    }
    if content.kind == .npy, inputs.count != 1 {
      throw CommandError(
        "\(path): one array for \(counted(inputs.count, "input")), \(listed(inputs.map(\.name))); "
          + "an .npz file has an array for each")
    }
    let names = inputs.map(\.name)
    (arrays, unread) = try content.arrays(onlyName: names.first ?? "array", only: names)
    warnings = model.rangeWarnings(arrays, of: path)
  }
}
