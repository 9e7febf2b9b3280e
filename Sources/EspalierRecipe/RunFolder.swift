public import EspalierArrays
internal import EspalierFiles
import EspalierTraining
import EspalierWriter
import Foundation

/// A folder that holds what a training run was and what came out of it.
///
/// - `recipe.yaml`: the recipe with every default written out.
/// - `data.json`: what the run took from the data: digests of the columns, the split, standardisations.
/// - `example.safetensors`: inputs that the exported file has as its example.
/// - `metrics.jsonl`: one JSON object for each epoch.
/// - `best.safetensors`: the parameters of the best epoch.
/// - `last.safetensors`: everything that the next epoch depends on, so that an interrupted run can go on.
/// - `summary.json`: written at the end: the best epoch, what it reaches on held-out rows, and digests of the files that
///   belong together.
///
/// Parameters name the run that they are of, by a digest of recipe and data.
public struct RunFolder: Sendable {
  /// The folder.
  public let path: String

  /// Names a folder, which need not exist yet.
  public init(_ path: String) {
    self.path = path
  }

  /// The files that a run writes.
  enum File: String, CaseIterable {
    case recipe = "recipe.yaml"
    case data = "data.json"
    case example = "example.safetensors"
    case metrics = "metrics.jsonl"
    case best = "best.safetensors"
    case last = "last.safetensors"
    case summary = "summary.json"
  }

  /// The paths of all files that a run writes.
  public var files: [String] { File.allCases.map(path(of:)) }

  /// Whether the folder holds a run, finished or not.
  public var holdsRun: Bool { has(.recipe) && has(.metrics) }

  /// The recipe as resolved.
  public func recipe() throws -> Recipe {
    try expectRun(whenMissing: "espalier train RECIPE --out \(shellWord(path)) makes it")
    return try Recipe(contentsOf: path(of: .recipe))
  }

  /// What the best epoch reaches; nil while the run is not finished.
  public func summary() throws -> RunSummary? {
    has(.summary) ? try json(RunSummary.self, .summary) : nil
  }

  /// The inputs of the example.
  func exampleInputs() throws -> SafeTensors { try tensors(.example) }

  /// The parameters of the best epoch.
  public func bestParameters() throws -> SafeTensors { try tensors(.best) }

  /// What the run took from its data.
  func data() throws -> RunData {
    guard has(.data) else {
      throw RunFolderError(
        "\(path) does not say which data it was trained on; train again, with --force into this folder"
      )
    }
    return try json(RunData.self, .data)
  }

  // MARK: - Files

  func path(of file: File) -> String { path + "/" + file.rawValue }

  func has(_ file: File) -> Bool { FileManager.default.fileExists(atPath: path(of: file)) }

  func bytes(_ file: File) throws -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(of: file))))
    } catch {
      throw RunFolderError(
        "\(path(of: file)) cannot be read: is \(path) the folder of a training run?")
    }
  }

  /// Refuses what is not the folder of a run.
  ///
  /// - Parameter remedy: what to do where there is nothing.
  func expectRun(whenMissing remedy: String) throws {
    guard !holdsRun else { return }
    guard let kind = FileKind(path: path) else {
      throw RunFolderError("\(path) does not exist; \(remedy)")
    }
    let problem = kind.problem(as: .run, path: path) ?? "this is no folder of a training run"
    throw RunFolderError("\(path): \(problem)")
  }

  private func json<Value: Decodable>(_ type: Value.Type, _ file: File) throws -> Value {
    do {
      return try JSONDecoder.forRuns.decode(type, from: Data(try bytes(file)))
    } catch is DecodingError {
      throw RunFolderError(
        "\(path(of: file)) is damaged; train again, with --force into this folder")
    }
  }

  func tensors(_ file: File) throws -> SafeTensors {
    do {
      return try SafeTensors(decoding: try bytes(file))
    } catch let error as ArrayFileError {
      throw RunFolderError("\(path(of: file)): \(error)")
    }
  }

  func write(_ tensors: SafeTensors, to file: File) throws {
    try write(tensors.encoded(), to: file)
  }

  func write(_ bytes: some Sequence<UInt8>, to file: File) throws {
    do {
      try replaceFile(path(of: file), with: Array(bytes))
    } catch {
      throw RunFolderError("\(error)")
    }
  }

  func append(_ data: Data, to file: File) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path(of: file)))
    defer { try? handle.close() }
    try handle.seekToEnd()
    try handle.write(contentsOf: data)
  }

  func remove(_ file: File) { try? FileManager.default.removeItem(atPath: path(of: file)) }
}

extension JSONEncoder {
  /// Writes keys in order, and infinite numbers and those that are none as texts.
  static func forRuns(_ formatting: OutputFormatting = []) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "not a number")
    return encoder
  }
}

extension JSONDecoder {
  /// Reads what `JSONEncoder.forRuns` writes.
  static var forRuns: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "not a number")
    return decoder
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
