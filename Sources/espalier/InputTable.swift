import EspalierArrays
import EspalierData
import EspalierGraph
import EspalierText

/// A table whose columns are a model's inputs.
struct InputTable {
  private let table: Table
  /// What gets lost of the table's numbers, a sentence for each column that loses much.
  private(set) var warnings: [String] = []

  /// Makes the columns of a table inputs.
  init(_ table: Table) {
    self.table = table
  }

  /// The arrays of inputs that are made of columns, and columns as they stand in the table.
  ///
  /// - Throws: `DataError` with all columns that are missing and all cells that cannot be read.
  mutating func arrays(
    for inputs: [GraphInput], of model: Model, keeping kept: [String]
  ) throws -> ([NamedTensor], kept: [AnswerTable.Column]) {
    var problems = DataProblems()
    let arrays = try inputs.map { input in
      let columns = model.columns(of: input)
      guard !columns.isEmpty else {
        throw CommandError(
          "\(table.file): input \(input.name) (\(input.typeText)) is not made of table columns; "
            + "give it in an .npz or .npy file")
      }
      var values = [Float](repeating: 0, count: table.rowCount * columns.count)
      for (index, column) in columns.enumerated() {
        for (row, number) in numbers(of: column, noting: &problems).enumerated() {
          values[row * columns.count + index] = Float(number)
        }
      }
      return NamedTensor(
        name: input.name, shape: Shape([table.rowCount] + input.rowSizes), values: values)
    }
    let columns = kept.map { column in
      let cells = table.texts(column: column, noting: &problems)
      return AnswerTable.Column(title: column) { cells[$0] }
    }
    try problems.check()
    return (arrays, columns)
  }

  /// The elements that the cells of a column become.
  private mutating func numbers(of column: Column, noting problems: inout DataProblems) -> [Double]
  {
    let name = column.name.description
    guard column.categories.isEmpty else { return positions(in: column, noting: &problems) }
    let numbers = table.numbers(
      column: name, mean: column.mean, deviation: column.deviation, noting: &problems)
    if let lost = FloatResolution(numbers) {
      warnings.append("\(table.file): column \(quoted(name)): \(lost.description)")
    }
    return numbers
  }

  /// The elements that cells become which name categories.
  private func positions(in column: Column, noting problems: inout DataProblems) -> [Double] {
    let name = column.name.description
    let positions = Dictionary(
      zip(column.categories, column.categories.indices), uniquingKeysWith: { first, _ in first })
    let known = column.categories.map(\.description)
    return table.texts(column: name, noting: &problems).enumerated().map { row, text in
      guard let position = positions[Name(text)] else {
        table.note(
          row, name, "is a category that the model does not know; it knows \(quotedList(known))",
          in: &problems)
        return 0
      }
      return (Double(position) - column.mean) / column.deviation
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
