/// The answer that a head gives without looking at its input, as a measure of what it has learnt.
///
/// Of a classification that is the label that most rows have, of a binary head yes or no, whichever they have more often,
/// of a regression the mean of their targets.
public struct ConstantAnswer: Sendable {
  /// What the head would say for every row, such as `0.3058, the mean` or `odd`.
  public let description: String
  private let task: Task
  private let answer: [Float]

  /// Takes the answer from the targets of rows, of which there is at least one.
  package init(_ task: Task, targets: [Double]) {
    self.task = task
    switch task {
    case .classification(let labels):
      var counts = labels.map { _ in 0 }
      for target in targets { counts[Int(target)] += 1 }
      let label = counts.indices.max { counts[$0] < counts[$1] } ?? 0
      answer = labels.indices.map { $0 == label ? 1 : 0 }
      description = labels[label]
    case .binary(let labels):
      let yes = targets.count { $0 >= 0.5 }
      answer = [2 * yes > targets.count ? 1 : 0]
      description = labels[answer[0] > 0 ? 1 : 0]
    case .regression(let unit, _):
      let mean = targets.reduce(0, +) / Double(targets.count)
      answer = [Float(mean)]
      description = "\(answer[0])" + (unit.isEmpty ? "" : " \(unit)") + ", the mean"
    }
  }

  /// The figures of the answer on some rows.
  package func figures(targets: [Double]) -> [(name: String, value: Double)] {
    metrics(of: task, answers: targets.flatMap { _ in answer }, targets: targets)
  }

  /// Whether figures are worse than those of the answer: a larger root mean square error, or a smaller accuracy.
  package static func isBetter(
    _ constant: [(name: String, value: Double)], than figures: [(name: String, value: Double)]
  ) -> Bool {
    guard let measure = constant.first,
      let figure = figures.first(where: { $0.name == measure.name })?.value
    else { return false }
    return isWorse(figure, than: measure.value, in: measure.name)
  }

  /// Whether the answer's figures, by name, are worse than others.
  package static func isWorse(
    _ constant: [String: Double], than figures: [String: Double]
  ) -> Bool {
    ["accuracy", "rmse"].contains { name in
      guard let measure = constant[name], let figure = figures[name] else { return false }
      return isWorse(measure, than: figure, in: name)
    }
  }

  private static func isWorse(_ figure: Double, than other: Double, in name: String) -> Bool {
    guard figure.isFinite else { return true }
    return name == "accuracy" ? figure < other : figure > other
  }
}
