import EspalierFormat
import EspalierGraph

/// What `espalier inspect` says of a model; the JSON has these names.
struct ModelSummary: Encodable {
  let format_version: Int
  let trunk: TrunkSummary
  let heads: [HeadSummary]
  let sections: [SectionSummary]
  let file_bytes: Int

  struct TensorSummary: Encodable {
    let name: String
    let element: String
    /// The sizes; symbols such as `batch` by name.
    let shape: [String]
  }

  struct TrunkSummary: Encodable {
    let inputs: [TensorSummary]
    let columns: [[String]]
    let parameters: Int
    let multiply_adds: Int
    let features: [TensorSummary]
  }

  struct HeadSummary: Encodable {
    let name: String
    let task: String
    let loss: String
    let loss_weight: Double
    let parameters: Int
    let multiply_adds: Int
    let reads: [String]
    let outputs: [TensorSummary]
    let labels: [String]
    let unit: String
    let threshold: Double?
    let target_mean: Double?
    let target_deviation: Double?
    let metrics: [MetricSummary]
  }

  struct MetricSummary: Encodable {
    let name: String
    let split: String
    let value: Double
  }

  struct SectionSummary: Encodable {
    let kind: String
    let name: String
    let codec: String
    let raw_bytes: Int
    let stored_bytes: Int
  }

  init(_ model: Model, version: Int, sections: [SectionInfo], fileBytes: Int) {
    let shapes = ModelShapes(model)
    let graph = model.trunk.graph
    format_version = version
    trunk = TrunkSummary(
      inputs: graph.inputs.map { input in
        TensorSummary(
          name: "\(input.name)", element: input.element.label,
          shape: input.dimensions.map(\.description))
      },
      columns: model.trunk.columns.map { $0.map(\.name.description) },
      parameters: graph.parameterCount, multiply_adds: shapes.multiplyAdds(of: nil),
      features: graph.outputs.map { shapes.summary(of: $0, in: nil) })
    heads = model.heads.map { HeadSummary($0, shapes) }
    self.sections = sections.map { section in
      SectionSummary(
        kind: section.id.kind.label, name: "\(section.id.name)", codec: section.codec.label,
        raw_bytes: section.rawBytes, stored_bytes: section.storedBytes)
    }
    file_bytes = fileBytes
  }
}

extension ModelSummary.HeadSummary {
  init(_ head: Model.Head, _ shapes: ModelShapes) {
    let description = head.description
    let isRegression = description.task == .regression
    name = "\(head.name)"
    task = description.task.label
    loss = "\(description.loss)"
    loss_weight = description.lossWeight
    parameters = head.graph.parameterCount
    multiply_adds = shapes.multiplyAdds(of: head.name)
    reads = head.sources.map { source in
      switch source {
      case .feature(let feature): "\(feature)"
      case .head(let head, let output): "\(head).\(output)"
      }
    }
    outputs = head.graph.outputs.map { shapes.summary(of: $0, in: head.name) }
    labels = description.labels.map(\.description)
    unit = "\(description.unit)"
    threshold = description.task == .binary ? description.threshold : nil
    target_mean = isRegression ? description.targetMean : nil
    target_deviation = isRegression ? description.targetDeviation : nil
    metrics = description.metrics.map {
      .init(name: "\($0.name)", split: "\($0.split)", value: $0.value)
    }
  }
}

extension Dimension {
  /// The number, or the symbol's name.
  var description: String {
    switch self {
    case .fixed(let size): "\(size)"
    case .symbol(let name): "\(name)"
    }
  }
}

/// The types of all values of a model for one row and for two, which tells sizes that grow with the batch.
struct ModelShapes {
  private let model: Model
  private let one: [Name?: [TensorType]]
  private let two: [Name?: [TensorType]]

  init(_ model: Model) {
    self.model = model
    one = model.types(batch: 1)
    two = model.types(batch: 2)
  }

  /// The multiply-adds of the trunk, or of a head, for one row.
  func multiplyAdds(of head: Name?) -> Int {
    let graph = head.flatMap { model.head(named: $0)?.graph } ?? model.trunk.graph
    return graph.multiplyAdds(types: one[head] ?? [])
  }

  func summary(of output: GraphOutput, in head: Name?) -> ModelSummary.TensorSummary {
    let single = one[head]?[output.value.index]
    let double = two[head]?[output.value.index]
    let sizes = zip(single?.shape.sizes ?? [], double?.shape.sizes ?? [])
    return ModelSummary.TensorSummary(
      name: "\(output.name)", element: single?.element.label ?? "",
      shape: sizes.map { first, second in
        first == second ? "\(first)" : first == 1 ? "batch" : "\(first)*batch"
      })
  }
}

extension Model {
  /// The types of the trunk's values, under nil, and of every head's, under its name.
  fileprivate func types(batch: Int) -> [Name?: [TensorType]] {
    var result: [Name?: [TensorType]] = [:]
    let graph = trunk.graph
    result[nil] = try? graph.inferTypes(inputs: graph.inputs.map { $0.type(batch: batch) })
    for head in heads {
      let inputs = head.graph.inputs.map { $0.type(batch: batch) }
      result[head.name] = try? head.graph.inferTypes(inputs: inputs, head: head.name)
    }
    return result
  }
}
