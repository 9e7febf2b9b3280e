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
      ("temperature", { "\($0.temperature)" }),
      ("quantiles", { $0.quantiles.map { "\($0)" }.joined(separator: ", ") }),
    ]
  }

  /// Compares what two heads mean, how they were trained, and what they reached.
  mutating func compare(_ a: HeadDescription, _ b: HeadDescription) {
    guard a != b else { return }
    let before = changes.count
    for (name, value) in Self.fields { compare(.metadata, name, value(a), value(b)) }
    let (first, second) = (metrics(a), metrics(b))
    for key in Set(first.keys).union(second.keys).sorted() {
      compare(.metadata, "\(key)", first[key], second[key])
    }
    if changes.count == before { add(.metadata, "description", nil, nil) }
  }

  private func metrics(_ description: HeadDescription) -> [Name: String] {
    Dictionary(
      description.metrics.map { metric in
        let split = metric.split.isEmpty ? "" : " on \(metric.split)"
        return (Name("metric \(metric.name)\(split)"), "\(metric.value)")
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
        first.count > column ? words(first[column]) : nil,
        second.count > column ? words(second[column]) : nil)
    }
  }

  /// Compares the sizes that symbols may have.
  mutating func compareRanges(_ a: Model.Trunk, _ b: Model.Trunk) {
    for symbol in Set((a.ranges + b.ranges).map(\.symbol)).sorted() {
      compare(
        .graph, "sizes of \(symbol)", a.range(of: symbol).description,
        b.range(of: symbol).description)
    }
  }

  /// The name, and what is not as usual.
  private func words(_ column: Column) -> String {
    var words = "\(column.name)"
    if column.mean != 0 { words += " minus \(column.mean)" }
    if column.deviation != 1 { words += " over \(column.deviation)" }
    if let range = column.range { words += " from \(range.lowerBound) to \(range.upperBound)" }
    if !column.categories.isEmpty {
      words += " of " + column.categories.map(\.description).joined(separator: ", ")
    }
    return words
  }

  /// Compares what people should know of two models.
  mutating func compare(_ a: About?, _ b: About?) {
    guard a != b else { return }
    let before = changes.count
    compare(.metadata, "author", a.map { "\($0.author)" }, b.map { "\($0.author)" })
    compare(.metadata, "licence", a.map { "\($0.licence)" }, b.map { "\($0.licence)" })
    let (first, second) = (notes(a), notes(b))
    for key in Set(first.keys).union(second.keys).sorted() {
      compare(.metadata, "note \(key)", first[key].map { "\($0)" }, second[key].map { "\($0)" })
    }
    if changes.count == before { add(.metadata, "about", nil, nil) }
  }

  private func notes(_ about: About?) -> [Name: Name] {
    Dictionary(
      (about?.notes ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
