import EspalierGraph

extension LoweredGraph {
  /// Takes what chosen heads need from the trunk and from heads; what they do not is left out, in the trunk too.
  ///
  /// - Parameters:
  ///   - heads: the heads, in the order in which their outputs are wanted; nil for all.
  ///   - sizes: what symbols are bound to.
  ///   - part: whether all of it is computed.
  /// - Throws: `RuntimeError.unknownHead` or `.doesNotFit`.
  init(
    _ model: Model, heads: [Name]?, sizes: SymbolSizes, part: Plan.Part
  ) throws(RuntimeError) {
    let wanted = try model.positions(ofHeads: heads)
    let types: [[TensorType]]
    do {
      types = try model.inferTypes(sizes)
    } catch {
      throw .doesNotFit(error)
    }
    let numbering = ValueNumbering(model, wanted: wanted, part: part)
    var builder = Builder(model: model, types: types, numbering: numbering)
    if part == .heads { builder.addFeatures() } else { builder.add(0) }
    if part != .trunk {
      for graph in numbering.graphs.indices.dropFirst() { builder.add(graph) }
    }
    self.init(
      values: builder.values, nodes: builder.nodes, inputs: builder.inputs,
      heads: wanted.map { model.heads[$0].name },
      outputs: part == .trunk ? builder.features : builder.outputs(wanted))
  }

  private struct Builder {
    let model: Model
    let types: [[TensorType]]
    let numbering: ValueNumbering
    var values: [Value] = []
    var nodes: [Node] = []
    var inputs: [Input] = []
    /// For every needed value of the model its number here.
    var numbers: [Int]

    init(model: Model, types: [[TensorType]], numbering: ValueNumbering) {
      self.model = model
      self.types = types
      self.numbering = numbering
      numbers = numbering.isNeeded.map { _ in -1 }
    }

    /// Adds what is needed of a graph.
    mutating func add(_ index: Int) {
      let graph = numbering.graphs[index]
      if index == 0 {
        for (position, input) in graph.inputs.enumerated() {
          if add(ValueID(position), of: index, input.name, .input) {
            inputs.append(Input(name: input.name, value: values.count - 1))
          }
        }
      }
      for (position, parameter) in graph.parameters.enumerated() {
        let value = graph.value(ofParameter: position)
        guard add(value, of: index, parameter.name, .parameter(graph: index, index: position))
        else { continue }
        values[values.count - 1].isStoredSmaller = parameter.stored != parameter.type.element
      }
      for (position, node) in graph.nodes.enumerated() {
        let value = graph.value(ofNode: position)
        guard add(value, of: index, node.name, .node) else { continue }
        nodes.append(
          Node(
            name: node.name, operator: node.operator,
            inputs: node.inputs.map { number(of: $0, of: index) }, output: values.count - 1))
      }
    }

    /// Adds the features that are needed as inputs; several may be of one value.
    mutating func addFeatures() {
      for feature in numbering.graphs[0].outputs {
        if number(of: feature.value, of: 0) < 0 {
          guard add(feature.value, of: 0, feature.name, .input) else { continue }
        }
        inputs.append(Input(name: feature.name, value: number(of: feature.value, of: 0)))
      }
    }

    /// The features that heads need, as outputs of the trunk.
    var features: [Output] {
      numbering.graphs[0].outputs.enumerated().filter { numbering.isFeatureNeeded[$0.offset] }
        .map { _, feature in
          Output(
            head: Model.Trunk.reservedName, name: feature.name,
            value: number(of: feature.value, of: 0))
        }
    }

    /// Adds a value when it is needed, and says whether it is.
    private mutating func add(
      _ value: ValueID, of graph: Int, _ name: Name, _ origin: Value.Origin
    ) -> Bool {
      let place = numbering.place(of: value, of: graph)
      guard numbering.isNeeded[place] else { return false }
      numbers[place] = values.count
      values.append(Value(name: name, type: types[graph][value.index], origin: origin))
      return true
    }

    func number(of value: ValueID, of graph: Int) -> Int {
      numbers[numbering.place(of: value, of: graph)]
    }

    func outputs(_ wanted: [Int]) -> [Output] {
      wanted.flatMap { head in
        model.heads[head].graph.outputs.map { output in
          Output(
            head: model.heads[head].name, name: output.name,
            value: number(of: output.value, of: head + 1))
        }
      }
    }
  }
}

extension Model {
  /// The positions of heads, each once, in the order given.
  fileprivate func positions(ofHeads names: [Name]?) throws(RuntimeError) -> [Int] {
    guard let names else { return Array(heads.indices) }
    var positions: [Int] = []
    var isWanted = heads.map { _ in false }
    for name in names {
      guard let index = position(ofHead: name) else { throw .unknownHead(name) }
      if !isWanted[index] { positions.append(index) }
      isWanted[index] = true
    }
    return positions
  }
}

/// Numbers the values of the trunk and of the heads in one row; a head's input is the value that it stands for.
private struct ValueNumbering {
  /// The trunk's graph, then the heads' in the model's order.
  let graphs: [Graph]
  /// Whether a wanted head's outputs depend on a value; of the trunk's no more than its features when heads run alone.
  private(set) var isNeeded: [Bool]
  /// For every output of the trunk whether wanted heads depend on it.
  private(set) var isFeatureNeeded: [Bool] = []
  /// The number of each graph's first value.
  private let bases: [Int]
  /// For every value the one that it is another name for.
  private let origins: [Int]

  init(_ model: Model, wanted: [Int], part: Plan.Part) {
    graphs = [model.trunk.graph] + model.heads.map { $0.graph }
    var bases = [0]
    for graph in graphs { bases.append(bases[bases.count - 1] + graph.valueCount) }
    self.bases = bases
    var origins = Array(0..<bases[bases.count - 1])
    for (index, sources) in model.sources.enumerated() {
      for (input, source) in sources.enumerated() {
        // Heads only read graphs before their own, whose origins are known.
        origins[bases[index + 1] + input] = origins[bases[source.graph] + source.value.index]
      }
    }
    self.origins = origins
    isNeeded = origins.map { _ in false }
    for head in wanted {
      for output in graphs[head + 1].outputs { mark(output.value, of: head + 1) }
    }
    for graph in graphs.indices.dropFirst().reversed() { markInputs(of: graph) }
    isFeatureNeeded = graphs[0].outputs.map { isNeeded[place(of: $0.value, of: 0)] }
    if part != .heads { markInputs(of: 0) }
  }

  /// Marks what needed nodes of a graph read.
  private mutating func markInputs(of graph: Int) {
    for node in graphs[graph].nodes.indices.reversed()
    where isNeeded[bases[graph] + graphs[graph].value(ofNode: node).index] {
      for input in graphs[graph].nodes[node].inputs { mark(input, of: graph) }
    }
  }

  private mutating func mark(_ value: ValueID, of graph: Int) {
    isNeeded[place(of: value, of: graph)] = true
  }

  /// The number of a value.
  func place(of value: ValueID, of graph: Int) -> Int { origins[bases[graph] + value.index] }
}
