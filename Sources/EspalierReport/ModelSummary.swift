package import EspalierFormat
package import EspalierGraph

/// What `espalier inspect` says of a model; the JSON has these names.
package struct ModelSummary: Encodable {
  let format_version: Int
  let author: String
  let licence: String
  let notes: [String: String]
  /// The numbers of all parameters, of those that scale inputs and targets, too.
  let numbers: Int
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

  struct InputSummary: Encodable {
    let name: String
    let element: String
    /// The sizes; symbols such as `batch` by name.
    let shape: [String]
    /// What the trunk does to every number first, such as `- 128 / 64`; empty where it differs from column to column.
    let scaling: String
  }

  struct TrunkSummary: Encodable {
    let inputs: [InputSummary]
    let columns: [[String]]
    /// The sizes that symbols of the inputs may have, where they do not take every size.
    let sizes: [SizeSummary]
    /// The columns of all inputs whose cells are not used as they are, or whose range is known.
    let column_meanings: [ColumnSummary]
    let parameters: Int
    let multiply_adds: Int
    let features: [TensorSummary]
  }

  struct SizeSummary: Encodable {
    let symbol: String
    let least: Int
    /// The distance from one size to the next.
    let step: Int
    let most: Int?
    /// The sizes in words.
    let sizes: String
  }

  struct ColumnSummary: Encodable {
    let input: String
    let name: String
    let categories: [String]
    let mean: Double
    let deviation: Double
    let least: Double?
    let most: Double?

    /// Whether cells are not used as they are.
    var isConverted: Bool { !categories.isEmpty || mean != 0 || deviation != 1 }
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
    let temperature: Double
    let quantiles: [Double]
    let metrics: [MetricSummary]
  }

  struct MetricSummary: Encodable {
    let name: String
    let split: String
    let value: Double
  }

  /// Takes from a model and from what its file says of its sections what a person wants to know.
  ///
  /// - Parameter sections: those of the whole file; the sections of heads that the model does not have are left out.
  package init(
    _ model: Model, about: About? = nil, version: Int, sections: [SectionInfo], fileBytes: Int
  ) {
    let names = Set(model.heads.map { $0.name } + [SectionID.trunkName])
    author = about.map { "\($0.author)" } ?? ""
    licence = about.map { "\($0.licence)" } ?? ""
    notes = Dictionary(
      (about?.notes ?? []).map { ("\($0.key)", "\($0.value)") },
      uniquingKeysWith: { first, _ in first })
    let graph = model.trunk.graph
    let shapes = GraphShapes.list(model)
    let scaling = Scaling(ofInputs: graph)
    format_version = version
    numbers = model.heads.reduce(graph.parameterCount) { $0 + $1.graph.parameterCount }
    trunk = TrunkSummary(
      inputs: graph.inputs.enumerated().map { index, input in
        InputSummary(
          name: "\(input.name)", element: input.element.label,
          shape: input.dimensions.map(\.description),
          scaling: scaling.details(ofInput: index).joined(separator: " "))
      },
      columns: model.trunk.columns.map { $0.map(\.name.description) },
      sizes: model.trunk.ranges.map { range in
        SizeSummary(
          symbol: "\(range.symbol)", least: range.least, step: range.step, most: range.most,
          sizes: "\(range)")
      },
      column_meanings: zip(graph.inputs, model.trunk.columns).flatMap { input, columns in
        columns.filter { $0 != Column($0.name) }.map { .init($0, of: input.name) }
      },
      parameters: graph.parameterCount - scaling.elementCount,
      multiply_adds: shapes[0].multiplyAdds,
      features: graph.outputs.map { .init($0, shapes[0]) })
    heads = zip(model.heads, shapes.dropFirst()).map { HeadSummary($0, $1) }
    self.sections = SectionSummary.list(sections).filter { names.contains(Name($0.name)) }
    file_bytes = fileBytes
  }
}

extension ModelSummary.ColumnSummary {
  init(_ column: Column, of input: Name) {
    self.input = "\(input)"
    name = "\(column.name)"
    categories = column.categories.map(\.description)
    mean = column.mean
    deviation = column.deviation
    least = column.range?.lowerBound
    most = column.range?.upperBound
  }
}

extension ModelSummary.HeadSummary {
  init(_ head: Model.Head, _ shapes: GraphShapes) {
    let description = head.description
    let isRegression = description.task == .regression
    name = "\(head.name)"
    task = description.task.label
    loss = "\(description.loss)"
    loss_weight = description.lossWeight
    parameters = head.graph.parameterCount - Scaling(ofTarget: head).elementCount
    multiply_adds = shapes.multiplyAdds
    reads = head.sources.map(\.description)
    outputs = head.graph.outputs.map { .init($0, shapes) }
    labels = description.labels.map(\.description)
    unit = "\(description.unit)"
    threshold = description.task == .binary ? description.threshold : nil
    target_mean = isRegression ? description.targetMean : nil
    target_deviation = isRegression ? description.targetDeviation : nil
    temperature = description.temperature
    quantiles = description.quantiles
    metrics = description.metrics.map {
      .init(name: "\($0.name)", split: "\($0.split)", value: $0.value)
    }
  }
}

extension ModelSummary.TensorSummary {
  init(_ output: GraphOutput, _ shapes: GraphShapes) {
    self.init(
      name: "\(output.name)", element: shapes.element(of: output.value),
      shape: shapes.sizes(of: output.value))
  }
}
