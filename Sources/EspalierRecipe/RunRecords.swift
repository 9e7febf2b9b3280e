public import EspalierTraining

/// A line of `metrics.jsonl`.
struct EpochRecord: Encodable {
  let epoch: Int
  let learning_rate: Double
  let training: [String: [String: Double]]
  let validation: [String: [String: Double]]?
  let objective: Double?
  let best: Bool

  init(_ report: EpochReport, heads: [String]) {
    epoch = report.epoch
    learning_rate = report.learningRate
    training = Dictionary(uniqueKeysWithValues: zip(heads, report.trainingLosses)).mapValues {
      ["loss": $0]
    }
    validation = report.validation?.byHead(heads)
    objective = report.validation?.objective
    best = report.isBest
  }
}

/// What a finished run reached.
public struct RunSummary: Codable, Sendable, Equatable {
  /// The epoch whose parameters are kept, counted from 1.
  public let bestEpoch: Int
  /// The epochs that were run.
  public let epochs: Int
  /// For each head its loss and metrics on the validation rows; empty when there are none.
  public let validation: [String: [String: Double]]
  /// The same on the test rows.
  public let test: [String: [String: Double]]
  /// For each head whose targets were standardised, how.
  public let standardizations: [String: Standardization]

  enum CodingKeys: String, CodingKey {
    case bestEpoch = "best_epoch"
    case epochs, validation, test, standardizations
  }

  /// Evaluates a trainer's best epoch, whose parameters have been restored.
  public init(of trainer: Trainer) throws {
    let heads = trainer.experiment.network.heads.map(\.name)
    bestEpoch = trainer.best?.epoch ?? 0
    epochs = trainer.epoch
    func figures(_ rows: [Int]) throws -> [String: [String: Double]] {
      rows.isEmpty ? [:] : try trainer.evaluate(rows).byHead(heads)
    }
    validation = try figures(trainer.rows.validation)
    test = try figures(trainer.rows.test)
    standardizations = Dictionary(
      uniqueKeysWithValues: zip(heads, trainer.standardizations).compactMap { head, found in
        found.map { (head, $0) }
      })
  }
}

extension Evaluation {
  /// The loss and the metrics of each head, by name.
  func byHead(_ heads: [String]) -> [String: [String: Double]] {
    Dictionary(
      uniqueKeysWithValues: heads.enumerated().map { index, head in
        var figures = ["loss": losses[index]]
        for metric in metrics[index] { figures[metric.name] = metric.value }
        return (head, figures)
      })
  }
}
