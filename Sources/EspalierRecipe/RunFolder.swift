public import EspalierArrays
public import EspalierTraining
import EspalierWriter
import Foundation

/// A folder that holds what a training run was and what came out of it.
///
/// - `recipe.yaml`: the recipe with every default written out.
/// - `metrics.jsonl`: one JSON object for each epoch.
/// - `best.safetensors`: the parameters of the best epoch.
/// - `last.safetensors`: everything that the next epoch depends on, so that an interrupted run can go on.
/// - `example.safetensors`: inputs that the exported file has as its example.
/// - `summary.json`: written at the end: the best epoch and what it reaches on held-out rows.
public struct RunFolder: Sendable {
  /// The folder.
  public let path: String

  /// Names a folder, which need not exist yet.
  public init(_ path: String) {
    self.path = path
  }

  /// Whether there is something at the path already.
  public var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// Makes the folder, drops what an earlier run left in it, and writes the recipe as resolved.
  public func begin(recipe: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RunFolderError(
        "\(path): the folder cannot be made; name one in a place that you may write")
    }
    for name in ["summary.json", "best.safetensors", "last.safetensors", "example.safetensors"] {
      try? FileManager.default.removeItem(atPath: file(name))
    }
    try write(recipe.utf8, to: "recipe.yaml")
    try write([], to: "metrics.jsonl")
  }

  /// The recipe as resolved.
  public func recipe() throws -> Recipe {
    guard FileManager.default.fileExists(atPath: file("recipe.yaml")) else {
      throw RunFolderError("\(path) is not the folder of a training run")
    }
    return try Recipe(contentsOf: file("recipe.yaml"))
  }

  /// Appends an epoch to the metrics, then replaces the best parameters, when they are new, and the last state.
  public func record(_ report: EpochReport, of trainer: Trainer) throws {
    let heads = trainer.experiment.network.heads.map(\.name)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try append(encoder.encode(EpochRecord(report, heads: heads)) + [0x0A], to: "metrics.jsonl")
    if report.isBest, let best = trainer.bestParameters {
      try write(best, to: "best.safetensors")
    }
    try write(trainer.state, to: "last.safetensors")
  }

  /// Lets a trainer go on where the folder's run stopped, and drops metrics of epochs that will be run again.
  ///
  /// - Parameters:
  ///   - trainer: a new trainer of the recipe.
  ///   - recipe: the recipe as resolved, which has to be the one that the run began with.
  public func resume(_ trainer: Trainer, recipe: String) throws {
    guard try String(decoding: Data(contentsOf: url("recipe.yaml")), as: UTF8.self) == recipe else {
      throw RunFolderError(
        "\(path) was begun with another recipe; compare \(file("recipe.yaml")), or train into a new folder"
      )
    }
    try trainer.restore(state: try tensors("last.safetensors"))
    try trainer.restore(best: try tensors("best.safetensors"))
    let lines = try Data(contentsOf: url("metrics.jsonl")).split(separator: 0x0A)
    let kept = lines.prefix(trainer.epoch).reduce(into: Data()) { $0 += $1 + [0x0A] }
    try write(kept, to: "metrics.jsonl")
  }

  /// Writes an example of inputs, and what the best epoch reaches.
  public func finish(_ summary: RunSummary, of trainer: Trainer) throws {
    try write(trainer.exampleInputs, to: "example.safetensors")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try write(encoder.encode(summary) + [0x0A], to: "summary.json")
  }

  /// What the best epoch reaches; nil while the run is not finished.
  public func summary() throws -> RunSummary? {
    guard FileManager.default.fileExists(atPath: file("summary.json")) else { return nil }
    return try JSONDecoder().decode(
      RunSummary.self, from: try Data(contentsOf: url("summary.json")))
  }

  /// The inputs of the example.
  func exampleInputs() throws -> SafeTensors { try tensors("example.safetensors") }

  /// The parameters of the best epoch.
  public func bestParameters() throws -> SafeTensors { try tensors("best.safetensors") }

  private func tensors(_ name: String) throws -> SafeTensors {
    do {
      return try SafeTensors(decoding: [UInt8](Data(contentsOf: url(name))))
    } catch let error as ArrayFileError {
      throw RunFolderError("\(file(name)): \(error)")
    } catch {
      throw RunFolderError("\(file(name)) cannot be read: is \(path) the folder of a training run?")
    }
  }

  private func file(_ name: String) -> String { path + "/" + name }

  private func url(_ name: String) -> URL { URL(fileURLWithPath: file(name)) }

  private func write(_ tensors: SafeTensors, to name: String) throws {
    try write(tensors.encoded(), to: name)
  }

  private func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    do {
      try replaceFile(file(name), with: Array(bytes))
    } catch {
      throw RunFolderError("\(error)")
    }
  }

  private func append(_ data: Data, to name: String) throws {
    let handle = try FileHandle(forWritingTo: url(name))
    defer { try? handle.close() }
    try handle.seekToEnd()
    try handle.write(contentsOf: data)
  }
}

/// Why a run folder cannot be used.
public struct RunFolderError: Error, Equatable, CustomStringConvertible {
  /// What is wrong and what to do.
  public let description: String

  /// Makes an error.
  public init(_ description: String) {
    self.description = description
  }
}
