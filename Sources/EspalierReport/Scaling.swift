internal import EspalierGraph
internal import Foundation

/// The nodes of a graph that only put numbers on another scale, and the constants that they read.
///
/// An input is scaled by additions of and multiplications with a number, or a number for each column or channel, before
/// anything else reads it. A target is put back on its own scale at the end of a head by the deviation and the mean that
/// its description tells. Neither is trained, so reports neither call it a layer nor count its constants.
struct Scaling {
  /// The nodes that scale inputs.
  private(set) var inputNodes: Set<Int> = []
  /// The nodes that take back the standardisation of a target.
  private(set) var targetNodes: Set<Int> = []
  /// Positions in the graph's parameters.
  private(set) var parameters: Set<Int> = []

  private let graph: Graph
  /// For each value that is scaled, the first node that does so.
  private var scalers: [ValueID: Int] = [:]

  /// Finds the scaling of a trunk's inputs.
  init(ofInputs graph: Graph) {
    self.graph = graph
    for (index, node) in graph.nodes.enumerated() {
      guard let (value, constant) = operands(of: node), isInput(value), isOneForEachColumn(constant)
      else { continue }
      inputNodes.insert(index)
      parameters.insert(constant)
      if scalers[value] == nil { scalers[value] = index }
    }
    keepOwnParameters()
  }

  /// Finds what puts the answer of a head on the scale of its target.
  init(ofTarget head: Model.Head) {
    graph = head.graph
    let description = head.description
    var value = graph.outputs.first?.value
    for (function, number) in [
      (Operator.Binary.Function.add, description.targetMean),
      (.multiply, description.targetDeviation),
    ] where description.targetMean != 0 || description.targetDeviation != 1 {
      guard let index = value.flatMap(graph.node(computing:)),
        case .binary(let rule) = graph.nodes[index].operator, rule.function == function,
        let (operand, constant) = operands(of: graph.nodes[index]),
        let found = graph.parameters[constant].onlyNumber,
        abs(Double(found) - number) <= 0.01 * abs(number)
      else { continue }
      targetNodes.insert(index)
      parameters.insert(constant)
      value = operand
    }
    keepOwnParameters()
  }

  /// Leaves out the constants that other nodes read, too.
  private mutating func keepOwnParameters() {
    for (index, node) in graph.nodes.enumerated()
    where !inputNodes.contains(index) && !targetNodes.contains(index) {
      parameters.subtract(node.inputs.compactMap(parameter))
    }
  }

  /// The elements of the constants.
  var elementCount: Int { parameters.reduce(0) { $0 + graph.parameters[$1].elementCount } }

  /// What is done to an input, in order.
  func details(ofInput position: Int) -> [String] {
    var value = ValueID(position)
    var details: [String] = []
    while let index = scalers[value] {
      details += self.details(ofInputNode: index)
      value = graph.value(ofNode: index)
    }
    return details
  }

  /// What a node does to an input, such as `* 0.0625`; nothing where it has a number for each column.
  func details(ofInputNode index: Int) -> [String] {
    guard case .binary(let rule) = graph.nodes[index].operator,
      let (_, constant) = operands(of: graph.nodes[index]),
      let number = graph.parameters[constant].onlyNumber
    else { return [] }
    let text = String(format: "%.6g", Double(number))
    return switch rule.function {
    case .add: ["+ \(text)"]
    case .subtract: ["- \(text)"]
    case .multiply: ["* \(text)"]
    case .divide: ["/ \(text)"]
    default: []
    }
  }

  /// What an arithmetic node reads, and the position of the parameter that it reads beside it.
  private func operands(of node: Node) -> (value: ValueID, constant: Int)? {
    guard case .binary(let rule) = node.operator, node.inputs.count == 2 else { return nil }
    let (left, right) = (parameter(node.inputs[0]), parameter(node.inputs[1]))
    switch rule.function {
    case .add, .multiply:
      if left == nil, let right { return (node.inputs[0], right) }
      if right == nil, let left { return (node.inputs[1], left) }
    case .subtract, .divide:
      if left == nil, let right { return (node.inputs[0], right) }
    default: break
    }
    return nil
  }

  private func parameter(_ value: ValueID) -> Int? {
    let position = value.index - graph.inputs.count
    return graph.parameters.indices.contains(position) ? position : nil
  }

  private func isInput(_ value: ValueID) -> Bool {
    value.index < graph.inputs.count
      || graph.node(computing: value).map(inputNodes.contains) == true
  }

  /// Whether a constant has one number in all, or one for each place of the innermost axis.
  private func isOneForEachColumn(_ constant: Int) -> Bool {
    let shape = graph.parameters[constant].type.shape
    return shape.elementCount == (shape.sizes.last ?? 1)
  }
}

extension Parameter {
  /// The number of a parameter that has only one.
  fileprivate var onlyNumber: Float? {
    elementCount == 1 && type.element == .float32 ? values[0] : nil
  }
}
