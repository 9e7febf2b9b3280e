internal import EspalierGraph

extension ChangeList {
  /// What is compared of a description besides metrics, by the name that is shown.
  private static var fields: [(String, (HeadDescription) -> String)] {
    [
      ("task", { $0.task.label }),
      ("labels", { $0.labels.map(\.description).joined(separator: ", ") }),
      ("unit", { "\($0.unit)" }),
      ("threshold", { "\($0.threshold)" }),
      ("target mean", { "\($0.targetMean)" }),
      ("target deviation", { "\($0.targetDeviation)" }),
      ("loss", { "\($0.loss)" }),
      ("loss weight", { "\($0.lossWeight)" }),
    ]
  }

  /// Compares what two heads mean, how they were trained, and what they reached.
  mutating func compare(_ a: HeadDescription, _ b: HeadDescription) {
    guard a != b else { return }
    let before = changes.count
    for (name, value) in Self.fields { compare(.metadata, name, value(a), value(b)) }
    let (first, second) = (metrics(a), metrics(b))
    for key in Set(first.keys).union(second.keys).sorted() {
      compare(.metadata, key, first[key], second[key])
    }
    if changes.count == before { add(.metadata, "description", nil, nil) }
  }

  private func metrics(_ description: HeadDescription) -> [String: String] {
    Dictionary(
      description.metrics.map { metric in
        let split = metric.split.isEmpty ? "" : " on \(metric.split)"
        return ("metric \(metric.name)\(split)", "\(metric.value)")
      },
      uniquingKeysWith: { first, second in "\(first), \(second)" })
  }

  /// Compares what columns the inputs of two trunks are made of.
  mutating func compareColumns(_ a: Model.Trunk, _ b: Model.Trunk) {
    for index in 0..<max(a.columns.count, b.columns.count) {
      let first = index < a.columns.count ? a.columns[index] : []
      let second = index < b.columns.count ? b.columns[index] : []
      guard first != second else { continue }
      let place = zip(first, second).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      let column = place ?? min(first.count, second.count)
      add(
        .metadata, "input \(index), column \(column)",
        first.count > column ? "\(first[column])" : nil,
        second.count > column ? "\(second[column])" : nil)
    }
  }
}
