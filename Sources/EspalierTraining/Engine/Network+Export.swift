public import EspalierArrays
public import EspalierData
public import EspalierGraph

extension Network {
  /// The network as users run it: heads end in probabilities, or in values in the target's unit.
  ///
  /// - Parameters:
  ///   - parameters: trained parameters, as `Trainer.bestParameters` gives them.
  ///   - standardizations: how the targets of each head were standardised; nil where they were not.
  ///   - metrics: what each head reached on held-out rows.
  ///   - ranges: the smallest and the largest number that training saw of each input column; nil where not known.
  /// - Throws: `NetworkError` when the network cannot be built, `TrainingError.stateMismatch` when the parameters
  ///   belong to another network.
  public func exportedModel(
    parameters: SafeTensors, standardizations: [Standardization?], metrics: [[Metric]],
    ranges: [ClosedRange<Double>?] = []
  ) throws -> Model {
    let network = try CompiledNetwork(self, seed: 0)
    let store = ParameterStore(network)
    _ = store.values.update(fromContentsOf: try store.values(of: parameters))
    let trained = try store.model(like: network.model)
    let exported = trained.heads.enumerated().map { index, head in
      head.exported(heads[index], standardizations[index], metrics[index])
    }
    let columns = trained.trunk.columns.map { columns in
      guard columns.count == ranges.count else { return columns }
      return zip(columns, ranges).map { column, range in
        Column(
          column.name, categories: column.categories, mean: column.mean,
          deviation: column.deviation, range: range)
      }
    }
    return try Model(
      trunk: Model.Trunk(graph: trained.trunk.graph, columns: columns), heads: exported)
  }
}

extension Model.Head {
  /// The head with its answer in place of the last layer's output.
  fileprivate func exported(
    _ declared: Head, _ standardization: Standardization?, _ metrics: [Metric]
  ) -> Model.Head {
    var graph = graph
    switch declared.task {
    case .classification:
      graph = graph.appending(.softmax(.init()), named: "probabilities")
    case .binary:
      graph = graph.appending(.unary(.init(.sigmoid)), named: "probability")
    case .regression:
      if let standardization {
        let (scale, offset) = (Float(standardization.deviation), Float(standardization.mean))
        graph = graph.appending(
          .binary(.init(.multiply)), constant: ("target.deviation", scale), named: "value")
        graph = graph.appending(
          .binary(.init(.add)), constant: ("target.mean", offset), named: "value")
      }
    }
    return Model.Head(
      name: name, sources: sources, graph: graph,
      description: declared.description(standardization, metrics))
  }
}

extension Graph {
  /// The graph with one more node, which reads the only output, and optionally a constant, and takes its place.
  fileprivate func appending(
    _ operator: Operator, constant: (name: Name, value: Float)? = nil, named name: Name
  ) -> Graph {
    let position = inputs.count + parameters.count
    var parameters = parameters
    var operands = [outputs[0].value]
    if let constant {
      parameters.append(Parameter(name: constant.name, shape: [1], values: [constant.value]))
      operands.append(ValueID(position))
    }
    // A new parameter takes the number of the first node; the nodes move up by one.
    func moved(_ value: ValueID) -> ValueID {
      constant != nil && value.index >= position ? ValueID(value.index + 1) : value
    }
    operands[0] = moved(operands[0])
    let moved = nodes.map { Node(name: $0.name, $0.operator, inputs: $0.inputs.map(moved)) }
    let appended = moved + [Node(name: name, `operator`, inputs: operands)]
    let output = ValueID(inputs.count + parameters.count + appended.count - 1)
    return Graph(
      inputs: inputs, parameters: parameters, nodes: appended,
      outputs: [GraphOutput(name: name, value: output)])
  }
}

extension Head {
  fileprivate func description(
    _ standardization: Standardization?, _ metrics: [Metric]
  ) -> HeadDescription {
    let (labels, unit): ([String], String) =
      switch task {
      case .classification(let labels), .binary(let labels): (labels, "")
      case .regression(let unit, _): ([], unit)
      }
    return HeadDescription(
      task: task.kind, labels: labels.map { Name($0) }, unit: Name(unit),
      targetMean: standardization?.mean ?? 0, targetDeviation: standardization?.deviation ?? 1,
      loss: Name(loss.name), lossWeight: weight, metrics: metrics)
  }
}
