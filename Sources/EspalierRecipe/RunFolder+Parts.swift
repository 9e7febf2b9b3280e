import EspalierGraph
internal import EspalierText
import EspalierTraining

extension RunFolder {
  /// The part of the run that each row of its table was: `training`, `validation` or `test`.
  ///
  /// - Parameter columns: the numbers of input columns, less the mean that the run takes off.
  /// - Throws: `RunFolderError` when the rows are not those of the run, in its order.
  public func parts(ofRowsWith columns: [(name: String, numbers: [Float])]) throws -> [String] {
    try expectRun(whenMissing: "name the folder that espalier train wrote")
    let data = try data()
    for (name, numbers) in columns {
      guard let column = data.columns.first(where: { $0.name == name && $0.role == "input" })
      else {
        throw RunFolderError(
          "\(path) has no input column \(quoted(name)); it is the run of another model")
      }
      guard numbers.count == data.rows else {
        throw RunFolderError(
          "\(path) was trained with \(counted(data.rows, "row")), and the table has \(numbers.count); "
            + "give the table that it was trained with")
      }
      guard column.sha256 == RunData.digest(of: numbers) else {
        throw RunFolderError(
          "column \(quoted(name)) has other numbers than the table that \(path) was trained with; "
            + "give that table, with its rows in order")
      }
    }
    return data.split.utf8.map { letter in
      switch letter {
      case UInt8(ascii: "v"): "validation"
      case UInt8(ascii: "e"): "test"
      default: "training"
      }
    }
  }
}
