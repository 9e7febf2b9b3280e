internal import EspalierGraph

/// An output of a document, which becomes a head.
struct DraftOutput {
  let name: Name
  let value: DraftValue
  /// What its columns are called.
  let labels: ColumnLabels?
}

extension Draft {
  /// The model of a draft: what two or more outputs share, and what the given values depend on, is its trunk; the rest
  /// belongs to the one head that needs it.
  func model(outputs: [DraftOutput], trunkAt cuts: [DraftValue]) throws(GraphError) -> Model {
    // In the order of names, as files have heads, so that features are in one order whatever the document's is.
    let declared = outputs.map(\.name)
    let outputs = outputs.sorted { $0.name < $1.name }
    let owners = owners(outputs: outputs, cuts: cuts)
    var features = FeatureList(self, outputs: outputs)
    var parameters = ParameterNames(self)
    var heads: [Model.Head] = []
    let owned = Dictionary(grouping: nodes) { owners[$0.output] }
    for (index, output) in outputs.enumerated() {
      heads.append(head(output, nodes: owned[.head(index)] ?? [], &features, &parameters))
    }
    if features.values.isEmpty, let input = inputs.first { _ = features.name(of: input.value) }
    var builder = GraphAssembly(self)
    let read = Set(nodes.flatMap(\.inputs) + outputs.map(\.value))
    for input in inputs
    where read.contains(input.value) || !type(input.value).shape.sizes.contains(0) {
      builder.addInput(
        GraphInput(name: input.name, element: input.element, dimensions: input.dimensions),
        value: input.value)
    }
    let trunk = builder.graph(
      nodes: owned[.trunk] ?? [],
      outputs: features.values.map { (features.name(of: $0), $0) }, &parameters)
    let places = Dictionary(zip(declared, 0...)) { first, _ in first }
    heads.sort { (places[$0.name] ?? 0) < (places[$1.name] ?? 0) }
    return try Model(
      trunk: Model.Trunk(graph: trunk, columns: trunk.inputs.map { _ in [] }), heads: heads)
  }

  /// Refuses inputs and constants of no elements, which models do not have, where an output depends on them.
  func expectElements(outputs: [DraftValue]) throws {
    let read = Set(nodes.flatMap(\.inputs) + outputs)
    for input in inputs where read.contains(input.value) {
      guard !isEmpty(input.value) else {
        throw ImportError.unsupportedInput(input.name, "has no elements")
      }
    }
    let found = nodes.filter { $0.inputs.contains { constant($0)?.count == 0 } }
    guard !found.isEmpty else { return }
    let kinds = Dictionary(grouping: found) { $0.operator.kind.label }
    throw UnconvertibleNodes(
      groups: kinds.sorted { $0.key < $1.key }.map { kind, nodes in
        UnconvertibleNodes.Group(
          operatorType: kind, reason: "it reads a constant that has no elements", remedy: "",
          nodes: nodes.map { "\($0.name)" })
      }, skipped: 0)
  }

  private enum Owner: Hashable {
    case nobody
    case head(Int)
    case trunk
  }

  /// Whose each value is.
  private func owners(outputs: [DraftOutput], cuts: [DraftValue]) -> [Owner] {
    var owners = [Owner](repeating: .nobody, count: values.count)
    func add(_ owner: Owner, to value: DraftValue) {
      switch owners[value] {
      case .nobody: owners[value] = owner
      case owner: break
      default: owners[value] = .trunk
      }
    }
    for (index, output) in outputs.enumerated() { add(.head(index), to: output.value) }
    for value in cuts { owners[value] = .trunk }
    for node in nodes.reversed() {
      for input in node.inputs { add(owners[node.output], to: input) }
    }
    for input in inputs { owners[input.value] = .trunk }
    // Without inputs all that is computed is the trunk's, which then has something to give.
    if inputs.isEmpty { for node in nodes { owners[node.output] = .trunk } }
    // Constants that are outputs come from the trunk.
    for output in outputs where !values[output.value].known.isEmpty {
      owners[output.value] = .trunk
    }
    return owners
  }

  private func head(
    _ output: DraftOutput, nodes: [Node], _ features: inout FeatureList,
    _ parameters: inout ParameterNames
  ) -> Model.Head {
    let made = Set(nodes.map(\.output))
    var builder = GraphAssembly(self)
    var sources: [HeadSource] = []
    let ordered = builder.inOrderOfNeed(nodes, [output.value])
    let read = ordered.flatMap(\.inputs) + [output.value]
    for value in read
    where !made.contains(value) && (values[value].known.isEmpty || value == output.value) {
      guard !builder.has(value) else { continue }
      let name = features.name(of: value)
      sources.append(.feature(name))
      builder.addInput(
        GraphInput(name: name, element: type(value).element, dimensions: dimensions(of: value)),
        value: value)
    }
    let graph = builder.graph(
      nodes: nodes, outputs: [(output.name, output.value)], &parameters)
    return Model.Head(
      name: output.name, sources: sources, graph: graph,
      description: description(output, nodes.last { $0.output == output.value }))
  }

  /// What an output means, as far as its labels and its last operator tell.
  private func description(_ output: DraftOutput, _ node: Node?) -> HeadDescription {
    guard let labels = output.labels, labels.names.count > 1 else {
      return HeadDescription(task: task(node))
    }
    if labels.areOpposite, type(output.value).shape.sizes.last == 1 {
      return HeadDescription(task: .binary, labels: labels.names, threshold: 0)
    }
    return HeadDescription(
      task: labels.areProbabilities ? .classification : .regression, labels: labels.names)
  }

  /// What an answer looks like, told from the last operator.
  private func task(_ node: Node?) -> TaskKind {
    guard let node else { return .regression }
    if case .softmax(let rule) = node.operator, rule.function == .softmax { return .classification }
    if case .unary(let rule) = node.operator, rule.function == .sigmoid, rank(node.output) == 2,
      type(node.output).shape.last == 1
    {
      return .binary
    }
    return .regression
  }

  /// The declared sizes of what a head reads: numbers, the inputs' symbols, or any.
  private func dimensions(of value: DraftValue) -> [Dimension] {
    let sizes = self.sizes(value)
    return sizes[0].indices.map { axis in
      let along = sizes.map { $0[axis] }
      if along.allSatisfy({ $0 == along[0] }) { return .fixed(along[0]) }
      for input in inputs {
        for (place, dimension) in input.dimensions.enumerated() {
          guard case .symbol = dimension else { continue }
          if self.sizes(input.value).map({ $0[place] }) == along { return dimension }
        }
      }
      return .any
    }
  }
}

/// The values of the trunk that heads read, in the order in which they are first read, and their names.
///
/// A feature has the name of an output only if it is that output, since a document has no other use for the name.
private struct FeatureList {
  private let draft: Draft
  private let outputs: [Name: DraftValue]
  private(set) var values: [DraftValue] = []
  private var names: [DraftValue: Name] = [:]
  private var pool: NamePool

  init(_ draft: Draft, outputs: [DraftOutput]) {
    self.draft = draft
    self.outputs = Dictionary(
      outputs.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    pool = NamePool(taken: Set(self.outputs.keys))
  }

  mutating func name(of value: DraftValue) -> Name {
    if let name = names[value] { return name }
    let wanted = draft.values[value].name
    let isOutput = outputs[wanted] == value
    let name = isOutput ? wanted : pool.unique(wanted.isEmpty ? "feature" : wanted)
    names[value] = name
    values.append(value)
    return name
  }
}

/// The names of constants, each the same and its alone in all graphs, as they are in a document.
private struct ParameterNames {
  private let draft: Draft
  private var names: [DraftValue: Name] = [:]
  private var pool = NamePool()

  init(_ draft: Draft) {
    self.draft = draft
  }

  mutating func name(of value: DraftValue) -> Name {
    if let name = names[value] { return name }
    let wanted = draft.values[value].name
    let name = pool.unique(wanted.isEmpty ? "constant" : wanted)
    names[value] = name
    return name
  }
}

/// Puts one graph of a model together out of a draft's nodes.
private struct GraphAssembly {
  private let draft: Draft
  private var inputs: [GraphInput] = []
  private var inputNumbers: [DraftValue: Int] = [:]

  init(_ draft: Draft) {
    self.draft = draft
  }

  mutating func addInput(_ input: GraphInput, value: DraftValue) {
    inputNumbers[value] = inputs.count
    inputs.append(input)
  }

  func has(_ value: DraftValue) -> Bool { inputNumbers[value] != nil }

  /// The graph of nodes, in the order in which the outputs call for them.
  func graph(
    nodes: [Draft.Node], outputs: [(name: Name, value: DraftValue)],
    _ names: inout ParameterNames
  ) -> Graph {
    let ordered = inOrderOfNeed(nodes, outputs.map(\.value))
    var parameters: [Parameter] = []
    var parameterNumbers: [DraftValue: Int] = [:]
    for value in ordered.flatMap(\.inputs) + outputs.map(\.value) {
      guard let constant = draft.constant(value), parameterNumbers[value] == nil, !has(value)
      else { continue }
      parameterNumbers[value] = parameters.count
      parameters.append(constant.parameter(named: names.name(of: value)))
    }
    var nodeNumbers: [DraftValue: Int] = [:]
    for (index, node) in ordered.enumerated() { nodeNumbers[node.output] = index }
    func number(_ value: DraftValue) -> ValueID {
      if let input = inputNumbers[value] { return ValueID(input) }
      if let parameter = parameterNumbers[value] { return ValueID(inputs.count + parameter) }
      return ValueID(inputs.count + parameters.count + (nodeNumbers[value] ?? 0))
    }
    return Graph(
      inputs: inputs, parameters: parameters,
      nodes: ordered.map { Node(name: $0.name, $0.operator, inputs: $0.inputs.map(number)) },
      outputs: outputs.map { GraphOutput(name: $0.name, value: number($0.value)) })
  }

  /// Nodes in an order that follows from the graph alone: each after what it reads, first what is read first.
  func inOrderOfNeed(_ nodes: [Draft.Node], _ outputs: [DraftValue]) -> [Draft.Node] {
    let makers = Dictionary(
      nodes.map { ($0.output, $0) }, uniquingKeysWith: { first, _ in first })
    var done: Set<DraftValue> = []
    var order: [Draft.Node] = []
    for output in outputs {
      // Values to be made; those that were opened are made once what they read is.
      var stack: [(value: DraftValue, isOpen: Bool)] = [(output, false)]
      while let (value, isOpen) = stack.popLast() {
        guard let node = makers[value], !done.contains(value) else { continue }
        if isOpen {
          done.insert(value)
          order.append(node)
        } else {
          stack.append((value, true))
          for input in node.inputs.reversed() { stack.append((input, false)) }
        }
      }
    }
    return order
  }
}
