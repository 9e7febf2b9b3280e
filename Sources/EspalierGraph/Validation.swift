/// The most that a model may hold, so that the work of checking it is bounded.
public enum GraphLimits {
  /// Inputs of a graph.
  public static let inputs = 1024
  /// Parameters of a graph.
  public static let parameters = 1 << 16
  /// Nodes of a graph.
  public static let nodes = 1 << 16
  /// Outputs of a graph.
  public static let outputs = 4096
  /// Inputs of a node.
  public static let nodeInputs = 4096
  /// Labels of a task, and columns of an input.
  public static let labels = 1 << 20
  /// Metrics of a head.
  public static let metrics = 4096
  /// Bytes of a name.
  public static let nameBytes = 1024
  /// One size of a declared shape.
  public static let dimension = 1 << 30
}

extension Graph {
  /// Checks names, counts, parameters, nodes and outputs; returns the types of the values for the inputs' types.
  func validate(
    head: Name?, inputTypes: () throws(GraphError) -> [TensorType]
  ) throws(GraphError) -> [TensorType] {
    try expect(inputs.count, atMost: GraphLimits.inputs, .input, head: head)
    try expect(parameters.count, atMost: GraphLimits.parameters, .parameter, head: head)
    try expect(nodes.count, atMost: GraphLimits.nodes, .node, head: head)
    try expect(outputs.count, atMost: GraphLimits.outputs, .output, head: head)
    if outputs.isEmpty { throw .noOutput(head: head) }
    try expectDistinct(inputs.map { $0.name }, .input, head: head)
    try expectDistinct(parameters.map { $0.name }, .parameter, head: head)
    try expectDistinct(outputs.map { $0.name }, .output, head: head)
    for input in inputs where !input.isValid(head: head) {
      throw .badInput(input.name, head: head)
    }
    for parameter in parameters {
      let sizes = parameter.type.shape.sizes
      guard sizes.count <= Shape.maximumRank, sizes.allSatisfy({ $0 > 0 }), parameter.isStoredWell,
        parameter.liesInStorage
      else { throw .badParameter(parameter.name, head: head) }
    }
    for node in nodes {
      try expectName(node.name, .node, head: head, mayBeEmpty: true)
      try expect(node.inputs.count, atMost: GraphLimits.nodeInputs, .input, head: head)
    }
    let types = try inferTypes(inputs: try inputTypes(), head: head)
    for output in outputs where !types.indices.contains(output.value.index) {
      throw .undefinedOutput(output.name, head: head)
    }
    return types
  }
}

extension GraphInput {
  func isValid(head: Name?) -> Bool {
    let sizes = dimensions.map {
      switch $0 {
      case .fixed(let size): size
      case .symbol(let name, let probe): name.isPrintable ? probe : 0
      case .any: head == nil ? 0 : 1
      }
    }
    return sizes.count <= Shape.maximumRank
      && sizes.allSatisfy { (1...GraphLimits.dimension).contains($0) }
      && TensorType(element, Shape(sizes)).checkedByteCount != nil
  }
}

extension Graph {
  /// The types of the inputs of a trunk.
  ///
  /// - Throws: `GraphError.badInput` for an input that may have any size.
  func inputTypes(_ sizes: SymbolSizes) throws(GraphError) -> [TensorType] {
    var types: [TensorType] = []
    for input in inputs {
      // Sizes that are bound may be too large to be multiplied, however small those are that the model is checked with.
      guard let type = input.type(sizes), type.checkedByteCount != nil else {
        throw .badInput(input.name, head: nil)
      }
      types.append(type)
    }
    return types
  }

  /// Refuses a symbol that one input checks with another size than the next.
  func expectOneProbeForEachSymbol() throws(GraphError) {
    let symbols = symbols
    let names = NameTable(symbols.map { $0.name })
    for input in inputs {
      for case .symbol(let name, let probe) in input.dimensions {
        guard let first = names.position(of: name), symbols[first].probe == probe else {
          throw .badInput(input.name, head: nil)
        }
      }
    }
  }
}

extension Model.Trunk {
  /// Checks the graph and the columns; returns the types of the graph's values when symbols have the sizes that they are
  /// checked with.
  func validate() throws(GraphError) -> [TensorType] {
    let types = try graph.validate(head: nil) { () throws(GraphError) in
      try graph.inputTypes(.probes)
    }
    try graph.expectOneProbeForEachSymbol()
    try validateRanges()
    guard columns.count == graph.inputs.count else {
      throw .tooMany(.column, count: columns.count, limit: graph.inputs.count, head: nil)
    }
    for (input, columns) in zip(graph.inputs, columns) where !columns.isEmpty {
      try expectDistinct(columns.map { $0.name }, .column, head: nil)
      guard input.element == .float32,
        columns.count == input.type(SymbolSizes(batch: 1))?.shape.elementCount
      else { throw .badInput(input.name, head: nil) }
      for column in columns { try column.validate() }
    }
    return types
  }
}

extension Model.Head {
  /// Checks the description against the types of the outputs.
  func validateDescription(outputTypes: [TensorType]) throws(GraphError) {
    try expect(description.labels.count, atMost: GraphLimits.labels, .label, head: name)
    try expect(description.metrics.count, atMost: GraphLimits.metrics, .metric, head: name)
    if !description.labels.isEmpty {
      try expectDistinct(description.labels, .label, head: name)
      let columns = outputTypes[0].shape.last
      let expected = description.task == .binary ? 2 : columns
      guard description.labels.count == expected else {
        throw .badTask(
          .labelCount(found: description.labels.count, expected: expected), head: name)
      }
    }
    try expectName(description.unit, .text, head: name, mayBeEmpty: true)
    try expectName(description.loss, .text, head: name, mayBeEmpty: true)
    for metric in description.metrics {
      try expectName(metric.name, .metric, head: name)
      try expectName(metric.split, .metric, head: name, mayBeEmpty: true)
    }
    let numbers =
      [description.threshold, description.targetMean, description.lossWeight]
      + description.metrics.map { $0.value }
    guard numbers.allSatisfy({ $0.isFinite }), description.targetDeviation.isPositiveAndFinite,
      description.temperature.isPositiveAndFinite
    else { throw .badTask(.notFinite, head: name) }
    let levels = description.quantiles
    guard levels.isEmpty || levels.count == outputTypes[0].shape.last,
      levels.allSatisfy({ $0 > 0 && $0 < 1 }),
      zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw .badTask(.badQuantiles, head: name) }
  }
}

extension Column {
  func validate() throws(GraphError) {
    guard mean.isFinite, deviation.isPositiveAndFinite,
      range?.lowerBound.isFinite ?? true, range?.upperBound.isFinite ?? true
    else { throw .badColumn(name) }
    try expect(categories.count, atMost: GraphLimits.labels, .category, head: nil)
    try expectDistinct(categories, .category, head: nil)
  }
}

extension Double {
  fileprivate var isPositiveAndFinite: Bool { isFinite && self > 0 }
}

func expect(
  _ count: Int, atMost limit: Int, _ part: GraphPart, head: Name?
) throws(GraphError) {
  guard count <= limit else {
    throw .tooMany(part, count: count, limit: limit, head: head)
  }
}

func expectName(
  _ name: Name, _ part: GraphPart, head: Name?, mayBeEmpty: Bool = false
) throws(GraphError) {
  guard name.utf8.count <= GraphLimits.nameBytes, mayBeEmpty || !name.isEmpty, name.isPrintable
  else { throw .badName(part, head: head) }
}

func expectDistinct(_ names: [Name], _ part: GraphPart, head: Name?) throws(GraphError) {
  for name in names { try expectName(name, part, head: head) }
  let sorted = names.sorted()
  for (name, next) in zip(sorted, sorted.dropFirst()) where name == next {
    throw .duplicateName(part, name, head: head)
  }
}
