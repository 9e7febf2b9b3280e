import EspalierData
import EspalierGraph
import EspalierReport
import EspalierText
import EspalierTraining
import Foundation

/// Shows how training goes, on standard error: a bar on a terminal, plain lines elsewhere.
struct TrainingProgress {
  /// The most lines that are printed where there is no terminal.
  private static let plainLines = 50

  private let trainer: Trainer
  private let titles: [String]
  private let epochs: Int
  private let firstEpoch: Int
  private let start = ContinuousClock.now
  private var bar = ProgressBar()

  init(_ trainer: Trainer) {
    self.trainer = trainer
    titles =
      ["epoch", "objective"]
      + trainer.experiment.network.heads.map { "\($0.name) \($0.task.figure)" }
    epochs = trainer.experiment.options.epochs
    firstEpoch = trainer.epoch
  }

  /// Says what is about to be trained, and on what.
  func begin() {
    let rows = trainer.rows
    let counts = [
      "\(grouped(rows.training.count)) training", "\(grouped(rows.validation.count)) validation",
      "\(grouped(rows.test.count)) test",
    ]
    printError(
      """
      \(trainer.experiment.name): \(counted(trainer.parameterCount, "parameter")), \
      \(counted(trainer.experiment.network.heads.count, "head"))
      rows: \(counts.joined(separator: ", "))
      """)
    if firstEpoch > 0 { printError("going on after epoch \(firstEpoch)") }
    printError(line(titles))
  }

  /// Redraws the bar, at most ten times a second.
  mutating func show(batch: Int, of batches: Int) {
    let done = Double(trainer.epoch - firstEpoch) + Double(batch) / Double(batches)
    bar.show(
      done / Double(max(epochs - firstEpoch, 1)), "epoch \(trainer.epoch + 1)/\(epochs)")
  }

  /// Prints the figures of an epoch; where there is no terminal, of evenly spread epochs only.
  func show(_ report: EpochReport) {
    let every = max(1, epochs / Self.plainLines)
    if !bar.isVisible && report.epoch % every != 0 && report.epoch != epochs { return }
    bar.clear()
    var cells = ["\(report.epoch)/\(epochs)"]
    if let validation = report.validation {
      cells.append(figure(validation.objective))
      cells += validation.metrics.map { $0.first.map { figure($0.value) } ?? "-" }
    } else {
      let heads = trainer.experiment.network.heads
      cells.append(figure(zip(heads, report.trainingLosses).reduce(0) { $0 + $1.0.weight * $1.1 }))
      cells += heads.map { _ in "-" }
    }
    printError(line(cells) + (report.isBest && report.validation != nil ? "  best" : ""))
  }

  /// Says how long it took.
  func end() {
    bar.clear()
    let elapsed = start.duration(to: .now) / .seconds(1)
    printError("trained \(counted(epochs - firstEpoch, "epoch")) in \(duration(elapsed))")
  }

  /// Cells in columns as wide as their titles; heads that do not fit 80 columns are left out.
  private func line(_ cells: [String]) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      let width = max(titles[index].count, 9)
      let padded = String(repeating: " ", count: max(0, width - cell.count)) + cell
      guard text.count + 2 + width <= 74 else { return text + "  ..." }
      text += (index == 0 ? "" : "  ") + padded
    }
    return text
  }
}

extension Task {
  /// The figure that is shown while training.
  var figure: String {
    switch self {
    case .classification, .binary: "accuracy"
    case .regression: "rmse"
    }
  }

  /// The task's name in recipes.
  var label: String {
    switch self {
    case .classification: "classification"
    case .binary: "binary"
    case .regression: "regression"
    }
  }
}
