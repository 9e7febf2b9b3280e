internal import EspalierData

/// What a head's constant answer reaches, beside the head.
public struct ConstantComparison: Sendable {
  /// What the head would say for every row.
  public let answer: String
  /// Its figures on the rows that the head was judged on.
  public let figures: [(name: String, value: Double)]
  /// Whether the head is worse.
  public let isBetter: Bool
}

extension Trainer {
  /// Compares what heads reached on rows with answering the same for every row.
  ///
  /// - Parameters:
  ///   - evaluation: what the heads reached.
  ///   - rows: on which rows.
  public func constants(beside evaluation: Evaluation, on rows: [Int]) -> [ConstantComparison] {
    experiment.network.heads.enumerated().map { index, head in
      func targets(_ rows: [Int]) -> [Double] { rows.map { dataset.targets[index][$0] } }
      let answer = ConstantAnswer(head.task, targets: targets(self.rows.training))
      let figures = answer.figures(targets: targets(rows))
      return ConstantComparison(
        answer: answer.description, figures: figures,
        isBetter: ConstantAnswer.isBetter(figures, than: evaluation.metrics[index]))
    }
  }
}
