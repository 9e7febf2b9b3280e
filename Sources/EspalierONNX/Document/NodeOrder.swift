internal import EspalierGraph

/// Puts nodes in an order in which each comes after those that make what it reads.
///
/// Walks from every node, in the order of the file, to the makers of its inputs first; nodes that stand in a valid order
/// keep it. What the bodies of control flow read is not seen, because nobody looks into them.
struct NodeOrder {
  private enum State {
    case waiting, open, placed
  }

  private let nodes: [ONNXNode]
  /// The node that makes a value; nil for values that are there from the beginning.
  private var makers: [Name: Int?]
  private var states: [State]
  private var order: [Int] = []

  /// Checks that every value is made once.
  ///
  /// - Parameters:
  ///   - nodes: in the order of the file.
  ///   - given: values that are there from the beginning.
  ///   - place: makes a place of the position of a node.
  init(
    _ nodes: [ONNXNode], given: some Sequence<Name>, place: (Int) -> ONNXNodePlace
  ) throws(ONNXError) {
    self.nodes = nodes
    states = Array(repeating: .waiting, count: nodes.count)
    order.reserveCapacity(nodes.count)
    makers = [:]
    for name in given { makers[name] = .some(nil) }
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard makers.updateValue(index, forKey: output) == nil else {
          throw .duplicateValue(output, .node(place(index)))
        }
      }
    }
  }

  /// Whether a value is given or made.
  func has(_ value: Name) -> Bool { makers[value] != nil }

  /// The nodes in their order.
  mutating func sorted(place: (Int) -> ONNXNodePlace) throws(ONNXError) -> [ONNXNode] {
    for index in nodes.indices where states[index] == .waiting {
      try walk(from: index, place)
    }
    return order.map { nodes[$0] }
  }

  /// Places a node after whatever it needs.
  private mutating func walk(
    from start: Int, _ place: (Int) -> ONNXNodePlace
  ) throws(ONNXError) {
    var path = [(node: start, nextInput: 0)]
    states[start] = .open
    while let (node, nextInput) = path.last {
      guard nextInput < nodes[node].inputs.count else {
        states[node] = .placed
        order.append(node)
        path.removeLast()
        continue
      }
      path[path.count - 1].nextInput += 1
      let input = nodes[node].inputs[nextInput]
      guard !input.isEmpty else { continue }
      guard let maker = makers[input] else { throw .unknownValue(input, .node(place(node))) }
      guard let maker, states[maker] != .placed else { continue }
      guard states[maker] == .waiting else {
        throw .cycle(path.drop { $0.node != maker }.map { place($0.node) })
      }
      states[maker] = .open
      path.append((maker, 0))
    }
  }
}

extension ONNXGraph {
  /// Checks that every value is made, once, before it is read; puts nodes in such an order.
  ///
  /// - Parameter isBody: whether values that nothing here makes are those of graphs around it.
  mutating func sort(isBody: Bool = false) throws(ONNXError) {
    func place(_ index: Int) -> ONNXNodePlace { nodes[index].place(index, function: nil) }
    let inputNames = inputs.map { $0.name }
    try expectDistinct(inputNames) { .duplicateValue($0, .input($0)) }
    try expectDistinct(initializers.map { $0.name }) { .duplicateValue($0, .tensor($0)) }
    try expectDistinct(outputs.map { $0.name }) { .duplicateInfo($0, .output($0)) }
    try expectDistinct(values.map { $0.name }) { .duplicateInfo($0, .value($0)) }
    let given = inputNames + initializers.map { $0.name }
    var order = try NodeOrder(
      nodes, given: isBody ? given + outerValues : given, place: place)
    let sorted = try order.sorted(place: place)
    for output in outputs where !order.has(output.name) {
      throw .unknownValue(output.name, .output(output.name))
    }
    nodes = sorted
  }

  /// The values that nodes or outputs of a body read and that are made outside of it.
  private var outerValues: Set<Name> {
    var outer = Set(nodes.flatMap { $0.inputs } + outputs.map { $0.name })
    for node in nodes { outer.subtract(node.outputs) }
    return outer
  }
}

extension ONNXFunction {
  /// Checks that every value is made, once, before it is read; puts nodes in such an order.
  mutating func sort() throws(ONNXError) {
    let function = key.description
    func place(_ index: Int) -> ONNXNodePlace { nodes[index].place(index, function: function) }
    try expectDistinct(inputs) { .duplicateValue($0, .function(function)) }
    var order = try NodeOrder(nodes, given: inputs, place: place)
    let sorted = try order.sorted(place: place)
    for output in outputs where !order.has(output) {
      throw .unknownValue(output, .function(function))
    }
    nodes = sorted
  }
}

extension ONNXNode {
  /// The place of the node, given its position.
  func place(_ index: Int, function: String?) -> ONNXNodePlace {
    ONNXNodePlace(function: function, index: index, name: name, operatorType: operatorType)
  }
}

/// Throws what `failure` makes of the first name that stands twice.
private func expectDistinct(
  _ names: [Name], _ failure: (Name) -> ONNXError
) throws(ONNXError) {
  var seen: Set<Name> = []
  for name in names where !seen.insert(name).inserted { throw failure(name) }
}
