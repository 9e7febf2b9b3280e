internal import EspalierGraph

/// Walks through the parts of a model that the chosen heads need.
struct ModelExport {
  private let model: Model
  /// The graphs of the trunk and of each head, the *parts* of the model.
  private let graphs: [Graph]
  /// The heads whose outputs are the document's.
  private let chosen: Set<Name>
  private let choosesAll: Bool
  private var exporter: Exporter
  private let worlds: [[[TensorType]]]
  /// For the trunk and each head the number of the exporter's value of each of its graph's.
  private var numbers: [[ExportValue?]]
  /// For the trunk and each head which of its values are needed.
  private var needed: [[Bool]]
  /// For the trunk the names of its features, and for each head those of its outputs, by the value that they are of.
  private var names: [[Int: Name]]
  private var outputs: [(name: Name, value: ExportValue)] = []
  private var problems: [UnexportableNodes.Problem] = []

  init(_ model: Model, heads: [Name]?, opset: Int) {
    self.model = model
    graphs = [model.trunk.graph] + model.heads.map(\.graph)
    chosen = heads.map { Set($0) } ?? Set(model.heads.map(\.name))
    choosesAll = chosen.count == model.heads.count
    let symbols = ExportSymbols(model)
    exporter = Exporter(opset: opset, symbols: symbols)
    worlds = symbols.worlds.compactMap { try? model.inferTypes($0) }
    numbers = graphs.map { Array(repeating: nil, count: $0.valueCount) }
    needed = graphs.map { Array(repeating: false, count: $0.valueCount) }
    names = graphs.map { _ in [:] }
  }

  mutating func run() throws {
    findNeeded()
    try expectRanks()
    addInputs()
    try nameOutputs()
    addGraph(0)
    for part in model.heads.indices where needed[part + 1].contains(true) {
      linkInputs(of: part + 1)
      addGraph(part + 1)
    }
    guard problems.isEmpty else { throw UnexportableNodes(problems: problems) }
    exporter.finish(outputs)
  }

  /// Refuses values of which the number of axes depends on open sizes.
  private func expectRanks() throws {
    var problems: [UnexportableNodes.Problem] = []
    for (part, graph) in graphs.enumerated() {
      for (index, node) in graph.nodes.enumerated() {
        let value = graph.value(ofNode: index).index
        let ranks = worlds.map { $0[part][value].shape.rank }
        guard needed[part][value], ranks.contains(where: { $0 != ranks[0] }) else { continue }
        problems.append(
          UnexportableNodes.Problem(
            head: part == 0 ? nil : model.heads[part - 1].name, node: node.name,
            kind: node.operator.kind.label,
            reason: "how many axes its result has depends on an open size", neededOpset: nil))
      }
    }
    guard problems.isEmpty else { throw UnexportableNodes(problems: problems) }
  }

  /// The inputs of the document: all, or those that the chosen heads need.
  private var inputs: [GraphInput] {
    let inputs = model.trunk.graph.inputs
    return inputs.indices.filter { choosesAll || needed[0][$0] }.map { inputs[$0] }
  }

  func document() throws -> ONNXModel {
    let inputs = inputs.map { input in
      ONNXValueInfo(
        input.name,
        .tensor(
          ONNXElementType(input.element),
          dimensions: input.dimensions.map {
            switch $0 {
            case .fixed(let size): .fixed(size)
            case .symbol(let name, _): .symbol(name)
            case .any: .unknown
            }
          }))
    }
    let names = Set(outputs.map(\.name))
    return ONNXModel(
      irVersion: ONNXModel.irVersion(opset: exporter.opset),
      opsets: [ONNXOpset(version: exporter.opset)], producerName: NodeNames.producer,
      graph: ONNXGraph(
        name: "espalier", nodes: exporter.nodes, inputs: inputs,
        outputs: outputs.map { name, value in
          exporter.info(name, value, order: exporter.plainOrder(value))
        },
        initializers: exporter.initializers,
        values: exporter.infos.filter { !names.contains($0.name) }),
      metadata: try notes())
  }

  /// What the heads mean, what inputs are made of, and where the trunk ends.
  private func notes() throws -> [ONNXNote] {
    var notes: [ONNXNote] = []
    for (input, columns) in zip(model.trunk.graph.inputs, model.trunk.columns)
    where !columns.isEmpty {
      notes.append(try ModelNotes.note(columns, of: input.name))
    }
    for head in model.heads where chosen.contains(head.name) {
      notes.append(try ModelNotes.note(head.description, of: head.name))
    }
    let graph = model.trunk.graph
    let features = graph.outputs.filter { needed[0][$0.value.index] }.compactMap { output in
      graph.node(computing: output.value) == nil
        ? nil : numbers[0][output.value.index].flatMap { exporter.values[$0].forms.first?.name }
    }
    if !features.isEmpty { notes.append(try ModelNotes.note(features: features)) }
    return notes.sorted { $0.key < $1.key }
  }

  // MARK: what is needed

  private mutating func findNeeded() {
    for (index, head) in model.heads.enumerated() where chosen.contains(head.name) {
      for output in head.graph.outputs { needed[index + 1][output.value.index] = true }
    }
    for index in model.heads.indices.reversed() {
      markInputs(of: index + 1)
      for (input, source) in model.sources[index].enumerated() where needed[index + 1][input] {
        needed[source.graph][source.value.index] = true
      }
    }
    markInputs(of: 0)
  }

  private mutating func markInputs(of part: Int) {
    let graph = graphs[part]
    for index in graph.nodes.indices.reversed()
    where needed[part][graph.value(ofNode: index).index] {
      for input in graph.nodes[index].inputs { needed[part][input.index] = true }
    }
  }

  // MARK: values

  private mutating func addValue(_ part: Int, _ index: Int) -> ExportValue {
    exporter.values.append(Exporter.Value(types: worlds.map { $0[part][index] }))
    numbers[part][index] = exporter.values.count - 1
    return exporter.values.count - 1
  }

  private mutating func addInputs() {
    for (index, input) in model.trunk.graph.inputs.enumerated() {
      let value = addValue(0, index)
      exporter.values[value].name = input.name
      exporter.values[value].forms = [.init(order: exporter.plainOrder(value), name: input.name)]
    }
    for input in inputs { exporter.names.take(input.name) }
  }

  /// A head reads what other parts made.
  private mutating func linkInputs(of part: Int) {
    for (input, source) in model.sources[part - 1].enumerated() where needed[part][input] {
      numbers[part][input] = numbers[source.graph][source.value.index]
    }
  }

  /// Names of outputs go first, so that no other value has them, then those of features.
  private mutating func nameOutputs() throws {
    for (index, head) in model.heads.enumerated() where chosen.contains(head.name) {
      for (output, name) in head.documentOutputs.enumerated() {
        let place = OutputPlace(part: index + 1, output: output)
        guard places[name] == nil else {
          throw ExportError.takenName(name, head: head.name, by: .output)
        }
        guard exporter.names.take(name) || isInput(place, named: name) else {
          throw ExportError.takenName(name, head: head.name, by: .input)
        }
        places[name] = place
        let value = head.graph.outputs[output].value.index
        names[index + 1][value] = names[index + 1][value] ?? name
      }
    }
    for output in model.trunk.graph.outputs where needed[0][output.value.index] {
      let value = output.value.index
      guard names[0][value] == nil, model.trunk.graph.node(computing: output.value) != nil
      else { continue }
      let isOutput = isOutput(value, named: output.name)
      if isOutput { outputFeatures.insert(value) }
      names[0][value] = isOutput ? output.name : exporter.names.unique(output.name)
    }
  }

  /// Whether a value of the trunk is an output of the document with a name.
  private func isOutput(_ value: Int, named wanted: Name) -> Bool {
    places[wanted].map { trunkValue($0) == value } ?? false
  }

  /// Whether an output of a head is the input of this name as it is.
  private func isInput(_ place: OutputPlace, named name: Name) -> Bool {
    guard let value = trunkValue(place) else { return false }
    let inputs = model.trunk.graph.inputs
    return value < inputs.count && inputs[value].name == name
  }

  /// The trunk's value that an output of a head is, or nil when the head computes it.
  private func trunkValue(_ place: OutputPlace) -> Int? {
    let sources = model.sources[place.part - 1]
    let value = graphs[place.part].outputs[place.output].value.index
    guard value < sources.count, sources[value].graph == 0 else { return nil }
    return sources[value].value.index
  }

  private struct OutputPlace {
    let part: Int
    let output: Int
  }

  /// The document's outputs by their names.
  private var places: [Name: OutputPlace] = [:]
  /// The features that are outputs under the same name.
  private var outputFeatures: Set<Int> = []

  // MARK: nodes

  /// A node and the head that it belongs to, or nil for the trunk.
  private struct Maker {
    let head: Name?
    let node: Node
  }

  private var makers: [ExportValue: Maker] = [:]

  private mutating func addGraph(_ part: Int) {
    let graph = graphs[part]
    for (index, parameter) in graph.parameters.enumerated() {
      let number = graph.value(ofParameter: index).index
      guard needed[part][number] else { continue }
      let value = addValue(part, number)
      exporter.values[value].parameter = parameter
      if part == 0, isOutput(number, named: parameter.name) {
        exporter.values[value].name = parameter.name
        exporter.values[value].isOutput = true
      }
    }
    for (index, node) in graph.nodes.enumerated() {
      let number = graph.value(ofNode: index).index
      guard needed[part][number] else { continue }
      let value = addValue(part, number)
      name(value, part, number, node)
      add(node, part, to: value)
    }
    guard part > 0, chosen.contains(model.heads[part - 1].name) else { return }
    for (name, output) in zip(model.heads[part - 1].documentOutputs, graph.outputs) {
      guard let value = numbers[part][output.value.index] else { continue }
      outputs.append((name, value))
      settle(value)
    }
  }

  private mutating func name(_ value: ExportValue, _ part: Int, _ number: Int, _ node: Node) {
    if let name = names[part][number] {
      exporter.values[value].name = name
      exporter.values[value].isOutput = part > 0 || outputFeatures.contains(number)
    } else {
      let wanted = node.name.isEmpty ? Name(node.operator.kind.label) : node.name
      exporter.values[value].name = exporter.names.unique(Name("\(wanted)_result"))
    }
  }

  private mutating func add(_ node: Node, _ part: Int, to value: ExportValue) {
    let maker = Maker(head: part == 0 ? nil : model.heads[part - 1].name, node: node)
    makers[value] = maker
    exporter.nodeName = node.name
    let inputs = node.inputs.compactMap { numbers[part][$0.index] }
    if exporter.addPart(node.operator, inputs, to: value) { return }
    for input in inputs { settle(input) }
    do {
      try exporter.add(node.operator, inputs, to: value)
    } catch {
      report(error, maker, value)
    }
  }

  /// Makes a value whole that ONNX has in parts.
  private mutating func settle(_ value: ExportValue) {
    do {
      try exporter.settle(value)
    } catch {
      if let maker = makers[value] { report(error, maker, value) }
    }
  }

  private mutating func report(_ problem: ExportProblem, _ maker: Maker, _ value: ExportValue) {
    problems.append(
      UnexportableNodes.Problem(
        head: maker.head, node: maker.node.name, kind: maker.node.operator.kind.label,
        reason: problem.reason, neededOpset: problem.neededOpset))
    // Something to go on with, so that all problems are found.
    exporter.define(value, "Identity", [])
  }
}

extension Exporter {
  /// Gives every output its name.
  mutating func finish(_ outputs: [(name: Name, value: ExportValue)]) {
    for (name, value) in outputs {
      let found = plain(value)
      guard found != name else { continue }
      nodeName = name
      add("Identity", [found], to: [name])
    }
  }

  /// Adds the nodes that compute an operator.
  mutating func add(
    _ operator: Operator, _ inputs: [ExportValue], to output: ExportValue
  ) throws(ExportProblem) {
    switch `operator` {
    case .dense: addDense(inputs, to: output)
    case .convolution(let rule): addConvolution(rule, inputs, to: output)
    case .transposedConvolution(let rule): addTransposedConvolution(rule, inputs, to: output)
    case .pooling(let rule): try addPooling(rule, inputs, to: output)
    case .unary(let rule): addUnary(rule, inputs[0], to: output)
    case .binary(let rule): addBinary(rule, inputs, to: output)
    case .select: addBroadcast("Where", inputs, to: output)
    case .cast(let rule): addCast(rule, inputs[0], to: output)
    case .softmax(let rule): addSoftmax(rule, inputs[0], to: output)
    case .reshape(let rule): addReshape(rule, inputs, to: output)
    case .transpose(let rule): addTranspose(rule, inputs[0], to: output)
    case .slice(let rule): addSlice(rule, inputs[0], to: output)
    case .expand(let rule): addExpand(rule, inputs, to: output)
    case .concatenate(let rule): addConcatenate(rule, inputs, to: output)
    case .pad(let rule): try addPad(rule, inputs, to: output)
    case .range(let rule): addRange(rule, inputs[0], to: output)
    case .matrixProduct(let rule): addMatrixProduct(rule, inputs, to: output)
    case .gather(let rule): addGather("Gather", axis: rule.axis, inputs, to: output)
    case .gatherElements(let rule): addGather("GatherElements", axis: rule.axis, inputs, to: output)
    case .gatherND(let rule): addGatherND(rule, inputs, to: output)
    case .scatterElements(let rule): addScatterElements(rule, inputs, to: output)
    case .scatterND(let rule): addScatterND(rule, inputs, to: output)
    case .oneHot(let rule): addOneHot(rule, inputs[0], to: output)
    case .quantize(let rule): try addQuantize(rule, inputs, to: output)
    case .dequantize: try addDequantize(inputs, to: output)
    case .reduction(let rule): addReduction(rule, inputs[0], to: output)
    case .argReduction(let rule): addArgReduction(rule, inputs[0], to: output)
    case .cumulativeSum(let rule): try addCumulativeSum(rule, inputs[0], to: output)
    case .topK(let rule): addTopK(rule, inputs[0], to: output)
    case .normalization(let rule): addNormalization(rule, inputs[0], to: output)
    case .localResponseNormalization(let rule):
      addLocalResponseNormalization(rule, inputs[0], to: output)
    case .resize(let rule): try addResize(rule, inputs[0], to: output)
    case .gridSample(let rule): try addGridSample(rule, inputs, to: output)
    case .recurrent(let rule): addRecurrent(rule, inputs, to: output)
    }
  }
}
