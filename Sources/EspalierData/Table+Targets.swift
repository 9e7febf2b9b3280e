internal import EspalierGraph
internal import EspalierText

extension Table {
  /// The targets of a task in a column: numbers of labels, 0 and 1, or values.
  ///
  /// - Throws: `DataError` with all cells that cannot be read.
  package func targets(of task: Task, column: String) throws -> [Double] {
    var problems = DataProblems()
    let targets = targets(of: task, column: column, noting: &problems)
    try problems.check()
    return targets
  }

  /// The same; cells that cannot be read are noted.
  package func targets(
    of task: Task, column: String, noting problems: inout DataProblems
  ) -> [Double] {
    switch task {
    case .classification(let labels):
      labelNumbers(Labels(labels), in: column, noting: &problems)
    case .binary(let labels):
      labelNumbers(Labels(binary: labels), in: column, noting: &problems)
    case .regression:
      numbers(column: column, noting: &problems)
    }
  }

  private func labelNumbers(
    _ labels: Labels, in column: String, noting problems: inout DataProblems
  ) -> [Double] {
    texts(column: column, noting: &problems).enumerated().map { row, text in
      guard let number = labels.number(of: text) else {
        note(
          row, column, "is not one of the labels; there are \(quotedList(labels.accepted))",
          in: &problems)
        return 0
      }
      return Double(number)
    }
  }
}

/// Labels and their numbers.
private struct Labels {
  private var byText: [Name: Int] = [:]
  private var byValue: [Double: Int] = [:]
  /// What is accepted, for messages.
  private(set) var accepted: [String]
  /// Whole numbers below it are different in double precision, too; what is larger is compared as text.
  private static let limit = 0x1p53

  init(_ labels: [String]) {
    accepted = labels
    for (number, label) in labels.enumerated() {
      byText[Name(label)] = byText[Name(label)] ?? number
      if let value = Self.value(label) { byValue[value] = byValue[value] ?? number }
    }
  }

  init(binary labels: [String]) {
    self.init(labels)
    guard byValue.isEmpty else { return }
    byValue = [0: 0, 1: 1]
    accepted += ["0", "1"]
  }

  func number(of text: String) -> Int? {
    byText[Name(text)] ?? Self.value(text).flatMap { byValue[$0] }
  }

  private static func value(_ text: String) -> Double? {
    decimalNumber(text).flatMap { abs($0) < limit ? $0 : nil }
  }
}
