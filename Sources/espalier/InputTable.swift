import EspalierArrays
import EspalierGraph
import EspalierTraining

/// A table whose columns are a model's inputs.
struct InputTable {
  private let path: String
  private let table: Table

  /// Reads a CSV file.
  init(_ path: String) throws {
    self.path = path
    table = try Table(contentsOf: path)
  }

  /// A column as it stands in the table.
  func kept(_ column: String) throws -> AnswerTable.Column {
    let cells = try table.texts(column: column)
    return AnswerTable.Column(title: column) { cells[$0] }
  }

  /// The arrays of inputs that are made of columns.
  func arrays(for inputs: [GraphInput], of model: Model) throws -> [NamedTensor] {
    try inputs.map { input in
      let columns = model.columns(of: input)
      guard !columns.isEmpty else {
        throw CommandError(
          "\(path): input \(input.name) (\(input.typeText)) is not made of table columns; "
            + "give it in an .npz or .npy file")
      }
      let numbers = try columns.map { column in
        try table.numbers(of: column, named: path).map {
          Float(($0 - column.mean) / column.deviation)
        }
      }
      let rows = 0..<table.rowCount
      return NamedTensor(
        name: input.name, shape: Shape([table.rowCount] + input.rowSizes),
        values: rows.flatMap { row in numbers.map { $0[row] } })
    }
  }
}

extension Model {
  /// The columns that an input is made of.
  fileprivate func columns(of input: GraphInput) -> [Column] {
    zip(trunk.graph.inputs, trunk.columns).first { $0.0.name == input.name }?.1 ?? []
  }
}

extension GraphInput {
  /// The sizes of one row of an input that is made of columns, whose first axis is the batch.
  fileprivate var rowSizes: [Int] {
    dimensions.dropFirst().map {
      if case .fixed(let size) = $0 { size } else { 1 }
    }
  }
}

extension Table {
  /// The numbers of a column's cells: those that they hold, or the positions of the categories that they name.
  fileprivate func numbers(of column: Column, named file: String) throws -> [Double] {
    let name = column.name.description
    guard !column.categories.isEmpty else { return try numbers(column: name) }
    let numbers = Dictionary(
      uniqueKeysWithValues: zip(column.categories.map(\.description), column.categories.indices))
    return try texts(column: name).enumerated().map { row, text in
      guard let number = numbers[text] else {
        throw CommandError(
          "\(file): row \(row + 1), column \(name): the model does not know the category "
            + "\"\(text)\"; it knows \(quotedList(column.categories.map(\.description)))")
      }
      return Double(number)
    }
  }
}
