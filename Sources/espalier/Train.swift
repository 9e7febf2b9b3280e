import ArgumentParser
import EspalierData
import EspalierGraph
import EspalierRecipe
import EspalierReport
import EspalierText
import EspalierTraining
import Foundation

/// `espalier train`.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train the network that a recipe describes.",
    discussion: """
      Writes the folder RUN: the recipe with every default written out, the metrics of \
      every epoch as JSON lines, the parameters of the best epoch, and the last state, from \
      which an interrupted run goes on with --resume.

      The best epoch is chosen on the validation rows; the test rows are looked at once, \
      at the end.

      The data is a table: UTF-8 text whose first line names the columns, with commas, semicolons \
      or tabs between cells, perhaps compressed with gzip; file: "-" reads standard input. Numbers \
      are 32-bit inside the network; an input offset above 256 is taken off before they are rounded.

      Example:
        espalier train tools/recipes/digits.yaml --out digits-run
      """)

  @Argument(help: "The recipe, a YAML file.")
  var recipe: String

  @Option(name: .long, help: "The folder to write.")
  var out: String

  @Flag(help: "Go on where the run in the folder stopped.")
  var resume = false

  @Flag(help: "Replace the run that the folder holds.")
  var force = false

  @Flag(help: "Print the final figures as JSON.")
  var json = false

  func validate() throws {
    if resume && force { throw ValidationError("--resume and --force exclude each other.") }
  }

  func run() throws {
    let folder = RunFolder(out)
    let use: RunFolder.Use = resume ? .resume : force ? .replace : .new
    let recipe = try Recipe(contentsOf: recipe)
    if !resume {
      for file in folder.files { try expectNotRead(file, recipe.path, recipe.dataPath) }
    }
    let lock = try folder.open(use)
    let table = try recipe.table()
    let trainer = try folder.trainer(of: recipe, table: table, use)
    for warning in trainer.dataWarnings { printError("warning: \(warning)") }
    let resolved = try recipe.resolved(table: table)
    if resume {
      try folder.resume(trainer, recipe: resolved)
    } else {
      try folder.begin(trainer, recipe: resolved)
    }
    try train(trainer, folder)
    trainer.restoreBest()
    let summary = try RunSummary(of: trainer)
    try folder.finish(summary)
    withExtendedLifetime(lock) {}
    sayWhenInterrupted(nil)
    if json {
      try printJSON(summary)
    } else {
      try printOutput(trainer.report(summary, folder: out))
    }
    for warning in summary.warnings { printError("warning: \(warning)") }
    if summary.learntNothing {
      throw CommandError(
        "nothing was learnt: no head is better than a constant answer; lower learning_rate (it is "
          + "\(trainer.experiment.options.learningRate)), train longer, or scale the input to about -1...1"
      )
    }
  }

  private func train(_ trainer: Trainer, _ folder: RunFolder) throws {
    var progress = TrainingProgress(trainer)
    progress.begin()
    while trainer.epoch < trainer.experiment.options.epochs {
      sayWhenInterrupted(interrupted(trainer))
      let report = try trainer.runEpoch { done, total in
        progress.show(batch: done, of: total)
      }
      try folder.record(report, of: trainer)
      progress.show(report)
    }
    progress.end()
    sayWhenInterrupted(interrupted(trainer))
  }

  /// What can be done with a run that ends before its last epoch.
  private func interrupted(_ trainer: Trainer) -> String {
    let run = quotedForShell(out)
    let resume = "espalier train \(quotedForShell(recipe)) --out \(run) --resume"
    guard trainer.epoch > 0 else { return "stopped in the first epoch; to go on: \(resume)" }
    let file = quotedForShell("\(trainer.experiment.name).espalier")
    return """
      stopped after epoch \(trainer.epoch) of \(trainer.experiment.options.epochs)
      to go on: \(resume)
      to export what there is: espalier export \(run) --best-so-far --out \(file)
      """
  }
}

extension Trainer {
  /// The final figures as a small table.
  func report(_ summary: RunSummary, folder: String) -> String {
    // The figures that the best epoch is judged by come first, and what a constant answer reaches beside them.
    let parts = [
      ("validation", summary.validation),
      ("test (\(counted(rows.test.count, "row")))", summary.test),
      ("training (\(counted(rows.training.count, "row")))", summary.training ?? [:]),
    ].filter { !$0.1.isEmpty }
    var titles = parts.map(\.0)
    titles.insert("constant", at: min(1, titles.count))
    var table = [["head", "task", "figure"] + titles]
    let heads = experiment.network.heads
    for (head, shown) in zip(heads, shortened(heads.map(\.name), to: headNameWidth)) {
      var figures = parts.map { $0.1[head.name] ?? [:] }
      figures.insert(summary.constant[head.name] ?? [:], at: min(1, figures.count))
      let names = Set(figures.flatMap(\.keys)).subtracting(["loss"]).sorted()
      for (index, name) in names.enumerated() {
        let isFirst = index == 0
        table.append(
          [isFirst ? shown : "", isFirst ? head.task.label : "", name]
            + figures.map { $0[name].map(figure) ?? "-" })
      }
    }
    var lines =
      aligned(table, right: [3, 4, 5]) + ["Best epoch: \(summary.bestEpoch) of \(summary.epochs)."]
    if summary.training != nil {
      lines.append("No rows were held out, so that nothing tells what it reaches on others.")
    }
    lines.append("A constant answer is the mean, or the most frequent label, of the training rows.")
    if !summary.learntNothing {
      let file = quotedForShell("\(experiment.name).espalier")
      lines.append("Next: espalier export \(quotedForShell(folder)) --out \(file)")
    }
    return lines.joined(separator: "\n")
  }
}
