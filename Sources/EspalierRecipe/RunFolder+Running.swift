import EspalierArrays
public import EspalierData
internal import EspalierFiles
import EspalierGraph
public import EspalierTraining
import EspalierWriter
import Foundation

/// What a training run writes, and how one goes on.
extension RunFolder {
  /// What is to become of a folder.
  public enum Use: Sendable {
    /// A run begins in a new or empty folder.
    case new
    /// A run takes the place of the one that the folder holds.
    case replace
    /// The run that the folder holds goes on.
    case resume
  }

  /// Makes the folder where needed, and holds it as long as the lock lives.
  ///
  /// - Throws: `RunFolderError` when the folder does not suit the use, or another training holds it.
  public func open(_ use: Use) throws -> RunLock {
    switch use {
    case .resume: try expectRun(whenMissing: "leave out --resume to begin a run there")
    case .new:
      guard isEmpty else {
        throw RunFolderError(
          holdsRun
            ? "\(path) holds a run; name another folder, or say --resume or --force"
            : "\(path) exists and is not empty; name another folder")
      }
    case .replace:
      guard isEmpty || holdsRun else {
        throw RunFolderError(
          "\(path) has files that are not of a training run; --force replaces runs only: name "
            + "another folder")
      }
    }
    let isNew = !FileManager.default.fileExists(atPath: path)
    do {
      try makeFolder(path)
    } catch {
      throw RunFolderError("\(error); name one in a place that you may write")
    }
    return try RunLock(path, isTemporary: isNew)
  }

  /// Whether nothing is at the path, or a folder without files.
  private var isEmpty: Bool {
    guard FileManager.default.fileExists(atPath: path) else { return true }
    return (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty ?? false
  }

  /// The trainer of a recipe: for a new run, or for the run that the folder holds, whose split and standardisation it
  /// keeps.
  ///
  /// - Throws: what `Recipe.trainer` throws; `RunFolderError` that says what changed when the run was begun with other
  ///   data or another recipe. More epochs than before are no change.
  public func trainer(of recipe: Recipe, table: Table, _ use: Use) throws -> Trainer {
    guard use == .resume else { return try recipe.trainer(table: table) }
    let stored = try data()
    try expectSameRecipe(try recipe.resolved(table: table))
    let trainer = try recipe.trainer(
      table: table, rows: table.rowCount == stored.rows ? stored.parts : nil,
      standardizations: stored.standardizations)
    let changes = stored.changes(to: RunData(trainer))
    guard changes.isEmpty else {
      throw RunFolderError(
        "\(shownPath(recipe.dataPath)) is not what \(path) was trained on:" + Self.list(changes)
          + "\ntrain into a new folder, or put the old table back")
    }
    return trainer
  }

  private func expectSameRecipe(_ recipe: String) throws {
    let old = String(decoding: try bytes(.recipe), as: UTF8.self)
    let changes = try RecipeChanges(
      from: old, to: recipe, ignoring: ["training.epochs", "data.file"])
    guard changes.lines.isEmpty else {
      throw RunFolderError(
        "\(path) was begun with another recipe:" + Self.list(changes.lines)
          + "\ntrain into a new folder, or put the old values back")
    }
  }

  private static func list(_ lines: [String]) -> String {
    let shown = lines.prefix(10).map { "\n  \($0)" }.joined()
    return lines.count > 10 ? shown + "\n  and \(lines.count - 10) more" : shown
  }

  /// Drops what an earlier run left in the folder, and writes what the run depends on.
  public func begin(_ trainer: Trainer, recipe: String) throws {
    for file in File.allCases { remove(file) }
    try write(recipe.utf8, to: .recipe)
    try write(JSONEncoder.forRuns().encode(RunData(trainer)) + [0x0A], to: .data)
    try write(trainer.exampleInputs, to: .example)
    try write([], to: .metrics)
  }

  /// Lets a trainer go on where the folder's run stopped, and drops records of epochs that will be run again.
  ///
  /// - Parameters:
  ///   - trainer: what `trainer(of:table:_:)` made to resume.
  ///   - recipe: the recipe as resolved, whose epochs may be more than before.
  public func resume(_ trainer: Trainer, recipe: String) throws {
    if has(.last) {
      let last = try ownTensors(.last)
      let done = last.metadata["epoch"].flatMap { Int($0) } ?? 0
      guard done <= trainer.experiment.options.epochs else {
        throw RunFolderError(
          "\(path) has done \(counted(done, "epoch")) already; epochs: "
            + "\(trainer.experiment.options.epochs) is fewer")
      }
      try trainer.restore(state: last)
      if has(.best) { try trainer.restore(best: try ownTensors(.best)) }
    }
    let records = try bytes(.metrics).split(separator: 0x0A).prefix(trainer.epoch)
    try expectRecords(records, ofEpochs: trainer.epoch)
    let kept = records.flatMap { $0 + [0x0A] }
    remove(.summary)
    try write(recipe.utf8, to: .recipe)
    try write(kept, to: .metrics)
  }

  /// Refuses records that are not those of all epochs that were run, one after the other.
  private func expectRecords(_ records: ArraySlice<ArraySlice<UInt8>>, ofEpochs count: Int) throws {
    struct Record: Decodable { let epoch: Int }
    let epochs = records.map { try? JSONDecoder.forRuns.decode(Record.self, from: Data($0)).epoch }
    let found = zip(epochs, 1...).prefix { $0 == $1 }.count
    guard found == count else {
      throw RunFolderError(
        "\(path(of: .metrics)) has no record of epoch \(found + 1) of \(count) in its place; put the "
          + "file back that was there, or train again, with --force into this folder")
    }
  }

  /// Appends an epoch to the metrics, then replaces the best parameters, when they are new, and the last state.
  public func record(_ report: EpochReport, of trainer: Trainer) throws {
    let heads = trainer.experiment.network.heads.map(\.name)
    try append(
      JSONEncoder.forRuns().encode(EpochRecord(report, heads: heads)) + [0x0A], to: .metrics)
    let run = try identity()
    if report.isBest, let best = trainer.bestParameters {
      try write(best.adding(run, for: Self.runKey), to: .best)
    }
    try write(trainer.state.adding(run, for: Self.runKey), to: .last)
  }

  /// Writes what the best epoch reaches, with digests of the files that belong to it.
  public func finish(_ summary: RunSummary) throws {
    var summary = summary
    let files: [File] = [.recipe, .data, .example, .metrics, .best]
    summary.files = Dictionary(
      try files.map { ($0.rawValue, SHA256.digest(of: try bytes($0)).hexadecimal) },
      uniquingKeysWith: { first, _ in first })
    try write(
      JSONEncoder.forRuns(.prettyPrinted).encode(summary) + [0x0A], to: .summary)
  }

  // MARK: - What belongs together

  private static let runKey = "run"

  /// Parameters of this folder's run.
  ///
  /// - Throws: `RunFolderError` when they are of another run.
  func ownTensors(_ file: File) throws -> SafeTensors {
    let tensors = try tensors(file)
    guard tensors.metadata[Self.runKey] == (try identity()) else {
      throw RunFolderError(
        "\(path(of: file)) belongs to another run than recipe and data of the folder; put the file "
          + "back that was there, or train again, with --force into this folder")
    }
    return tensors
  }

  /// The digest of recipe and data by which parameters name their run; the number of epochs may grow.
  private func identity() throws -> String {
    let recipe = String(decoding: try bytes(.recipe), as: UTF8.self)
    let lines = recipe.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("  epochs:") && !$0.hasPrefix("  file:") }
    return SHA256.digest(of: Array(lines.joined(separator: "\n").utf8) + (try bytes(.data)))
      .hexadecimal
  }
}

extension SafeTensors {
  /// The same with one more text.
  fileprivate func adding(_ text: String, for key: String) -> SafeTensors {
    SafeTensors(tensors: tensors, metadata: metadata.merging([key: text]) { _, new in new })
  }
}
