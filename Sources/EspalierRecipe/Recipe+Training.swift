import EspalierArrays
public import EspalierGraph
public import EspalierTraining

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
    let experiment = try experiment(table: table)
    do {
      let dataset = try Dataset(table: table, network: experiment.network)
      let rows = try experiment.split.apply(to: table, seed: experiment.options.seed)
      return try Trainer(experiment, dataset: dataset, rows: rows)
    } catch let error as NetworkError {
      throw self.error(error)
    } catch let error as SplitError {
      throw self.error(error)
    }
  }
}

extension RunFolder {
  /// The trained network with the parameters and figures of the best epoch, and what goes with it.
  ///
  /// - Throws: `RunFolderError` when the run is not finished.
  public func export() throws -> ExportedRun {
    let recipe = try recipe()
    let network = recipe.network
    guard let summary = try summary() else {
      throw RunFolderError(
        "\(path): the run is not finished; let espalier train --resume finish it")
    }
    let metrics = network.heads.map { head in
      [("test", summary.test), ("validation", summary.validation)].flatMap { split, figures in
        figures[head.name, default: [:]].sorted { $0.key < $1.key }.map {
          Metric(name: Name($0.key), split: Name(split), value: $0.value)
        }
      }
    }
    let model = try network.exportedModel(
      parameters: bestParameters(),
      standardizations: network.heads.map { summary.standardizations[$0.name] }, metrics: metrics)
    let inputs = try exampleInputs().tensors.map { tensor in
      guard let values = tensor.values else {
        throw RunFolderError(
          "\(path): example.safetensors has \(tensor.type.element.label) in \(tensor.name); "
            + "train the run again")
      }
      return ExampleTensor(name: tensor.name, shape: tensor.shape, values: values)
    }
    return ExportedRun(
      model: model, about: recipe.about == .nothing ? nil : recipe.about,
      inputs: inputs)
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
