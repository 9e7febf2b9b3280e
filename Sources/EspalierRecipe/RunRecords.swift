public import EspalierData
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
  /// The same on the training rows, when there are no others; nil otherwise.
  public let training: [String: [String: Double]]?
  /// For each head whose targets were standardised, how.
  public let standardizations: [String: Standardization]
  /// For each head what a constant answer reaches on the rows that the best epoch is judged on: those of the validation,
  /// or, where there are none, of the test, or of the training.
  public let constant: [String: [String: Double]]
  /// The heads that are worse than that, in the order of their names.
  public let worseThanConstant: [String]
  /// What else is wrong, a sentence each.
  public let warnings: [String]
  /// Digests of the files that belong to the run, in hexadecimal digits.
  var files: [String: String]?

  enum CodingKeys: String, CodingKey {
    case bestEpoch = "best_epoch"
    case worseThanConstant = "worse_than_constant"
    case epochs, validation, test, training, standardizations, constant, warnings, files
  }

  /// Whether no head is better than a constant answer, and one is worse.
  public var learntNothing: Bool {
    let figures = validation.isEmpty ? test.isEmpty ? training ?? [:] : test : validation
    return !worseThanConstant.isEmpty
      && constant.allSatisfy { head, constant in
        !ConstantAnswer.isWorse(constant, than: figures[head] ?? [:])
      }
  }

  /// Evaluates a trainer's best epoch, whose parameters have been restored.
  public init(of trainer: Trainer) throws {
    let heads = trainer.experiment.network.heads.map(\.name)
    bestEpoch = trainer.best?.epoch ?? 0
    epochs = trainer.epoch
    let onValidation = try trainer.evaluation(of: trainer.rows.validation)
    let onTest = try trainer.evaluation(of: trainer.rows.test)
    validation = onValidation?.byHead(heads) ?? [:]
    test = onTest?.byHead(heads) ?? [:]
    let onTraining =
      onValidation == nil && onTest == nil ? try trainer.evaluation(of: trainer.rows.training) : nil
    training = onTraining?.byHead(heads)
    let judged = onValidation ?? onTest ?? onTraining
    let rows =
      onValidation != nil
      ? trainer.rows.validation : onTest != nil ? trainer.rows.test : trainer.rows.training
    let constants = judged.map { trainer.constants(beside: $0, on: rows) } ?? []
    constant = Dictionary(
      zip(heads, constants).map { head, constant in
        (head, Dictionary(constant.figures.map { ($0.name, $0.value) }) { first, _ in first })
      }, uniquingKeysWith: { first, _ in first })
    worseThanConstant = zip(heads, constants).filter { $0.1.isBetter }.map(\.0).sorted()
    let overflows = [("validation", onValidation), ("test", onTest)].flatMap { part, evaluation in
      zip(heads, evaluation?.overflows ?? []).compactMap { head, row in
        row.map {
          "head \(head): row \($0 + 1) of the table, a \(part) row, overflows: its answer or loss is "
            + "not finite; look at its numbers"
        }
      }
    }
    warnings =
      overflows
      + zip(heads, constants).filter { $0.1.isBetter }.map { head, constant in
        "head \(head) is worse than always answering \(constant.answer)"
      }
    standardizations = Dictionary(
      uniqueKeysWithValues: zip(heads, trainer.standardizations).compactMap { head, found in
        found.map { (head, $0) }
      })
  }
}

extension Trainer {
  fileprivate func evaluation(of rows: [Int]) throws -> Evaluation? {
    rows.isEmpty ? nil : try evaluate(rows)
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
