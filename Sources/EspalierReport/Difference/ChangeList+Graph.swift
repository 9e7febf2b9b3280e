internal import EspalierGraph

extension ChangeList {
  /// Compares two graphs: parameters by name, inputs by place, nodes by what was added or removed between them.
  mutating func compare(_ a: Graph, _ b: Graph) {
    let before = changes.count
    compareInputs(a, b)
    compareParameters(a, b)
    compareNodes(a, b)
    compareOutputs(a, b)
    let isSame =
      a.inputs == b.inputs && a.nodes == b.nodes && a.outputs == b.outputs
      && a.parameters.map(\.name) == b.parameters.map(\.name)
    if !isSame && !changes[before...].contains(where: { $0.kind == .graph }) {
      add(.graph, "numbering of values", nil, nil)
    }
  }

  private mutating func compareInputs(_ a: Graph, _ b: Graph) {
    for index in 0..<max(a.inputs.count, b.inputs.count) {
      compare(
        .graph, "input \(index)", index < a.inputs.count ? words(a.inputs[index]) : nil,
        index < b.inputs.count ? words(b.inputs[index]) : nil)
    }
  }

  private func words(_ input: GraphInput) -> String {
    "\(input.name) \(input.dimensions.map(\.description).joined(separator: "x")) "
      + input.element.label
  }

  private mutating func compareParameters(_ a: Graph, _ b: Graph) {
    let second = Dictionary(
      b.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for parameter in a.parameters {
      let subject = "parameter \(parameter.name)"
      guard let other = second[parameter.name] else {
        add(.graph, subject, words(parameter), nil)
        continue
      }
      if parameter.type != other.type {
        add(.graph, subject, words(parameter), words(other))
      } else if let numbers = NumberDifference(parameter, other) {
        add(.weights, "\(parameter.name)", nil, nil, numbers: numbers)
      }
    }
    let known = Set(a.parameters.map { $0.name })
    for parameter in b.parameters where !known.contains(parameter.name) {
      add(.graph, "parameter \(parameter.name)", nil, words(parameter))
    }
  }

  private func words(_ parameter: Parameter) -> String {
    "\(parameter.type.shape) \(parameter.type.element.label)"
  }

  private mutating func compareNodes(_ a: Graph, _ b: Graph) {
    let (first, second) = (NodeWords.all(a), NodeWords.all(b))
    for pair in Alignment.pairs(first.map(\.identity), second.map(\.identity)) {
      switch pair {
      case .both(let i, let j): compare(first[i], second[j], number: i)
      case .onlyInA(let i): add(.graph, "node \(i) \(first[i].title)", first[i].text, nil)
      case .onlyInB(let j): add(.graph, "node \(j) \(second[j].title)", nil, second[j].text)
      }
    }
  }

  private mutating func compare(_ a: NodeWords, _ b: NodeWords, number: Int) {
    let subject = "node \(number) \(a.title)"
    let (first, second) = (a.identity, b.identity)
    compare(.graph, "\(subject): name", "\(first.name)", "\(second.name)")
    compare(.graph, "\(subject): operator", first.operatorName, second.operatorName)
    for key in Set(first.attributes.keys).union(second.attributes.keys).sorted() {
      compare(.graph, "\(subject): \(key)", first.attributes[key], second.attributes[key])
    }
    compare(
      .graph, "\(subject): inputs", a.inputs.joined(separator: ", "),
      b.inputs.joined(separator: ", "))
  }

  private mutating func compareOutputs(_ a: Graph, _ b: Graph) {
    let (first, second) = (ValueWords(a), ValueWords(b))
    for index in 0..<max(a.outputs.count, b.outputs.count) {
      compare(
        .graph, "output \(index)", index < a.outputs.count ? words(a.outputs[index], first) : nil,
        index < b.outputs.count ? words(b.outputs[index], second) : nil)
    }
  }

  private func words(_ output: GraphOutput, _ values: ValueWords) -> String {
    "\(output.name) = \(values[output.value])"
  }
}

/// Values of a graph by names that stay when nodes before them come or go.
private struct ValueWords {
  private let graph: Graph

  init(_ graph: Graph) {
    self.graph = graph
  }

  subscript(value: ValueID) -> String {
    if value.index < graph.inputs.count { return "input \(graph.inputs[value.index].name)" }
    guard let node = graph.node(computing: value) else {
      return "\(graph.parameters[value.index - graph.inputs.count].name)"
    }
    let name = graph.nodes[node].name
    return name.isEmpty ? "a \(graph.nodes[node].operator.name)" : "\(name)"
  }
}

/// What is compared of a node.
private struct NodeWords {
  /// What tells nodes apart when nodes come and go before them.
  struct Identity: Hashable {
    let name: Name
    let operatorName: String
    let attributes: [String: String]
  }

  let identity: Identity
  let inputs: [String]

  static func all(_ graph: Graph) -> [NodeWords] {
    let values = ValueWords(graph)
    return graph.nodes.map { node in
      let attributes = node.operator.attributes.filter { $0.key != .function }
      return NodeWords(
        identity: Identity(
          name: node.name, operatorName: node.operator.name,
          attributes: Dictionary(
            attributes.map { ($0.key.label, $0.value.words) },
            uniquingKeysWith: { first, _ in first })),
        inputs: node.inputs.map { values[$0] })
    }
  }

  /// The name, or the operator of a node that has none.
  var title: String { identity.name.isEmpty ? identity.operatorName : "\(identity.name)" }

  var text: String { "\(identity.operatorName) of \(inputs.joined(separator: ", "))" }
}

extension AttributeValue {
  fileprivate var words: String {
    switch self {
    case .integer(let value): "\(value)"
    case .integers(let values): values.map { "\($0)" }.joined(separator: "x")
    case .number(let value): "\(value)"
    case .numbers(let values): values.map { "\($0)" }.joined(separator: " ")
    }
  }
}
