internal import EspalierArrays
public import EspalierData
internal import EspalierGraph
internal import EspalierText

/// The rows of a table as a network reads them: its inputs, and a target for each head.
public struct Dataset: Sendable {
  /// The number of rows.
  public let rowCount: Int
  /// The numbers of a row of `inputs`.
  public let elementCount: Int
  /// The input elements, `[rowCount, elementCount]`, row-major: the numbers of the table, less the input's `mean`.
  public let inputs: [Float]
  /// The targets of each head, in the order of the network's heads, `rowCount` numbers each.
  ///
  /// A classification's target is the number of the label, a binary one's 0 or 1, a regression's the value.
  public let targets: [[Double]]
  /// What gets lost where numbers of the table become 32-bit ones, a sentence for each column that loses much.
  public let warnings: [String]

  /// Reads a network's input and target columns.
  ///
  /// Labels are compared as text, then as numbers: the cell `3.0` is the label `3`. The cells `0` and `1` of a binary
  /// target mean no and yes unless its labels are numbers themselves.
  ///
  /// - Throws: `DataError` with the columns that are missing, and the cells that are not a number of 32 bits or not one of
  ///   the labels.
  public init(table: Table, network: Network) throws {
    let names = network.input.columns
    let mean = network.input.mean
    var problems = DataProblems()
    var inputs = [Float](repeating: 0, count: table.rowCount * names.count)
    var warnings: [String] = []
    for (index, name) in names.enumerated() {
      let numbers = table.numbers(column: name, mean: mean, noting: &problems)
      for (row, number) in numbers.enumerated() {
        inputs[row * names.count + index] = Float(number)
      }
      if let lost = FloatResolution(numbers) {
        warnings.append(Self.warning(lost, ofInput: name, network.input, in: table))
      }
    }
    let targets = network.heads.map {
      table.targets(of: $0.task, column: $0.target, noting: &problems)
    }
    try problems.check()
    for (head, values) in zip(network.heads, targets) {
      guard case .regression = head.task, let lost = FloatResolution(values) else { continue }
      warnings.append(Self.warning(lost, ofTargetOf: head, in: table))
    }
    self.rowCount = table.rowCount
    self.elementCount = names.count
    self.inputs = inputs
    self.targets = targets
    self.warnings = warnings
  }

  private static func warning(
    _ lost: FloatResolution, ofInput column: String, _ input: Input, in table: Table
  ) -> String {
    let advice =
      input.columns.count == 1 && input.mean == 0
      ? "give the input an offset of about -\(FloatResolution.text(lost.magnitude)) times its scale, "
        + "which is taken off before numbers are rounded"
      : "take a constant off the column in the table; the input's offset is one for all of its columns"
    return "\(table.file): input column \(quoted(column)): \(lost.description); \(advice)"
  }

  private static func warning(
    _ lost: FloatResolution, ofTargetOf head: Head, in table: Table
  ) -> String {
    "\(table.file): target column \(quoted(head.target)): \(lost.description); the answers of head "
      + "\(quoted(head.name)) will be as coarse, unless you take a constant off the column"
  }

  private init(rowCount: Int, elementCount: Int, inputs: [Float], targets: [[Double]]) {
    self.rowCount = rowCount
    self.elementCount = elementCount
    self.inputs = inputs
    self.targets = targets
    warnings = []
  }

  /// The given rows, in the given order.
  public func subset(rows: [Int]) -> Dataset {
    var inputs: [Float] = []
    inputs.reserveCapacity(rows.count * elementCount)
    for row in rows {
      inputs.append(contentsOf: self.inputs[row * elementCount..<(row + 1) * elementCount])
    }
    return Dataset(
      rowCount: rows.count, elementCount: elementCount, inputs: inputs,
      targets: targets.map { column in rows.map { column[$0] } })
  }

}
