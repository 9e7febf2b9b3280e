import EspalierArrays
public import EspalierData
public import EspalierGraph
public import EspalierTraining
import EspalierWriter
import Foundation

extension Recipe {
  /// The network of a resolved recipe, whose column names are taken as they are written.
  public var network: Network {
    let input = Input(
      inputName, shape: shape, columns: columnPatterns, scale: scale, offset: offset)
    return Network(input: input, trunk: trunk, heads: heads)
  }

  /// Splits a table as the recipe says and makes the trainer.
  ///
  /// - Throws: `RecipeError` when the network, the split or an option is not possible; `DataError` when a cell is not.
  public func trainer(table: Table) throws -> Trainer {
    try trainer(table: table, rows: nil, standardizations: nil)
  }

  /// Makes the trainer with rows and standardisations that an earlier run had; those that are nil are made anew.
  func trainer(
    table: Table, rows: Split.Parts?, standardizations: [String: Standardization]?
  ) throws -> Trainer {
    let experiment = try experiment(table: table)
    do {
      let dataset = try Dataset(table: table, network: experiment.network)
      let rows = try rows ?? experiment.split.apply(to: table, seed: experiment.options.seed)
      return try Trainer(
        experiment, dataset: dataset, rows: rows,
        standardizations: standardizations.map { known in
          experiment.network.heads.map { known[$0.name] }
        })
    } catch let error as NetworkError {
      throw self.error(error)
    } catch let error as SplitError {
      throw self.error(error)
    } catch let error as TrainingError {
      guard case .outOfMemory = error else { throw error }
      throw RecipeError([problem(.root / "training" / "batch_size", "\(error)")])
    }
  }
}

extension RunFolder {
  /// The trained network with the parameters and figures of the best epoch, and what goes with it.
  ///
  /// - Parameter bestSoFar: whether a run that is not finished is exported as it is.
  /// - Throws: `RunFolderError` when the run is not finished, or files of the folder do not belong together.
  public func export(bestSoFar: Bool = false) throws -> ExportedRun {
    let recipe = try recipe()
    let network = recipe.network
    let summary = try summary()
    guard summary != nil || bestSoFar else {
      throw RunFolderError(
        "\(path): the run is not finished; let espalier train --resume finish it, or export what "
          + "there is with --best-so-far")
    }
    guard has(.best) else {
      throw RunFolderError("\(path): no epoch is finished yet; let espalier train --resume go on")
    }
    if let summary { try expectFiles(of: summary) }
    let data = try data()
    let parameters = try ownTensors(.best)
    let figures =
      try summary.map { [("test", $0.test), ("validation", $0.validation)] }
      ?? [("validation", bestRecord(parameters.metadata["epoch"]))]
    let model = try network.exportedModel(
      parameters: parameters,
      standardizations: network.heads.map { data.standardizations[$0.name] },
      metrics: network.heads.map { head in
        figures.flatMap { split, figures in Metric.list(figures[head.name] ?? [:], on: split) }
      }, ranges: data.columns.filter { $0.role == "input" }.map(\.range))
    return ExportedRun(
      model: model, about: recipe.about == .nothing ? nil : recipe.about,
      inputs: try exampleTensors())
  }

  /// Refuses files that are not those that a finished run wrote.
  private func expectFiles(of summary: RunSummary) throws {
    for (name, digest) in (summary.files ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let file = File(rawValue: name) else { continue }
      guard SHA256.digest(of: try bytes(file)).hexadecimal == digest else {
        throw RunFolderError(
          "\(path(of: file)) is not the file that \(File.summary.rawValue) belongs to; put the old "
            + "file back, or train again, with --force into this folder")
      }
    }
  }

  /// What the validation rows said of an epoch, from the records.
  private func bestRecord(_ epoch: String?) throws -> [String: [String: Double]] {
    struct Record: Decodable {
      let epoch: Int
      let validation: [String: [String: Double]]?
    }
    for line in try bytes(.metrics).split(separator: 0x0A) {
      let record = try? JSONDecoder.forRuns.decode(Record.self, from: Data(line))
      if let record, "\(record.epoch)" == epoch { return record.validation ?? [:] }
    }
    return [:]
  }

  private func exampleTensors() throws -> [ExampleTensor] {
    try exampleInputs().tensors.map { tensor in
      guard let values = tensor.values else {
        throw RunFolderError(
          "\(path): example.safetensors has \(tensor.type.element.label) in \(tensor.name); "
            + "train the run again")
      }
      return ExampleTensor(name: tensor.name, shape: tensor.shape, values: values)
    }
  }
}

extension Metric {
  /// Figures in the order of their names; those that are not finite say nothing of a model.
  fileprivate static func list(_ figures: [String: Double], on split: String) -> [Metric] {
    figures.filter { $0.value.isFinite }.sorted { $0.key < $1.key }.map {
      Metric(name: Name($0.key), split: Name(split), value: $0.value)
    }
  }
}

extension RunData.Column {
  fileprivate var range: ClosedRange<Double>? {
    guard let least, let most, least <= most else { return nil }
    return least...most
  }
}

/// What of a run goes into a file.
public struct ExportedRun: Sendable {
  /// The network with the parameters of the best epoch.
  public let model: Model
  /// What people should know of it; nil for nothing.
  public let about: About?
  /// Inputs for the example of the file.
  public let inputs: [ExampleTensor]
}

extension Trainer {
  /// The rows of the example.
  private static let exampleRows = 2

  /// The inputs of the first test rows or, where there are none, of the first training rows.
  var exampleInputs: SafeTensors {
    let rows = Array(
      (self.rows.test.isEmpty ? self.rows.training : self.rows.test)
        .prefix(Self.exampleRows))
    let input = experiment.network.input
    return SafeTensors(
      tensors: [
        NamedTensor(
          name: Name(input.name), shape: Shape([rows.count] + input.shape), values: inputs(rows))
      ], metadata: [:])
  }
}
