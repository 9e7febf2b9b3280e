/// A tensor of a graph by its number: inputs first, then parameters, then the outputs of the nodes in order.
public struct ValueID: Sendable, Hashable {
  /// The number.
  public let index: Int

  /// Makes the identifier of the value of a number.
  public init(_ index: Int) {
    self.index = index
  }
}

/// A tensor that a graph reads from outside, with its declared type.
public struct GraphInput: Sendable, Equatable {
  /// The name, unique among the graph's inputs.
  public let name: Name
  /// The element type.
  public let element: ElementType
  /// The declared sizes.
  public let dimensions: [Dimension]

  /// Declares an input.
  public init(name: Name, element: ElementType = .float32, dimensions: [Dimension]) {
    self.name = name
    self.element = element
    self.dimensions = dimensions
  }

  /// The type once symbols are bound to sizes, or nil when a size may be any.
  public func type(_ sizes: SymbolSizes) -> TensorType? {
    var bound: [Int] = []
    for dimension in dimensions {
      switch dimension {
      case .fixed(let size): bound.append(size)
      case .symbol(let name, let probe): bound.append(sizes.size(of: name, probe: probe))
      case .any: return nil
      }
    }
    return TensorType(element, Shape(bound))
  }

  /// The element type and the sizes, such as `float32 batch x 3`.
  public var typeText: String {
    var text = element.label
    for (axis, dimension) in dimensions.enumerated() {
      text += (axis == 0 ? " " : " x ") + dimension.description
    }
    return text
  }

  /// Whether a type is what the input declares, when symbols have the sizes that they are checked with.
  func admits(_ type: TensorType) -> Bool {
    guard type.element == element, type.shape.rank == dimensions.count else { return false }
    for (size, dimension) in zip(type.shape.sizes, dimensions) {
      switch dimension {
      case .fixed(let declared): if size != declared { return false }
      case .symbol(_, let probe): if size != probe { return false }
      case .any: continue
      }
    }
    return true
  }
}

/// One computation: an operator applied to values that come before it.
public struct Node: Sendable, Equatable {
  /// A name for messages and drawings; need not be unique.
  public let name: Name
  /// What is computed.
  public let `operator`: Operator
  /// The operands.
  public let inputs: [ValueID]

  /// Makes a node.
  public init(name: Name, _ operator: Operator, inputs: [ValueID]) {
    self.name = name
    self.operator = `operator`
    self.inputs = inputs
  }
}

/// A value that a graph shows to the outside under a name.
public struct GraphOutput: Sendable, Equatable {
  /// The name, unique among the graph's outputs.
  public let name: Name
  /// The value.
  public let value: ValueID

  /// Makes an output.
  public init(name: Name, value: ValueID) {
    self.name = name
    self.value = value
  }
}

/// A directed acyclic computation in execution order.
public struct Graph: Sendable {
  /// What is read from outside.
  public let inputs: [GraphInput]
  /// The constants.
  public let parameters: [Parameter]
  /// The computations; each reads only inputs, parameters and earlier nodes.
  public let nodes: [Node]
  /// What is shown to the outside.
  public let outputs: [GraphOutput]

  /// Makes a graph; `Model` checks it.
  public init(
    inputs: [GraphInput], parameters: [Parameter], nodes: [Node], outputs: [GraphOutput]
  ) {
    self.inputs = inputs
    self.parameters = parameters
    self.nodes = nodes
    self.outputs = outputs
  }

  /// The number of values.
  public var valueCount: Int { inputs.count + parameters.count + nodes.count }

  /// The value of a parameter.
  public func value(ofParameter index: Int) -> ValueID { ValueID(inputs.count + index) }

  /// The value that a node computes.
  public func value(ofNode index: Int) -> ValueID {
    ValueID(inputs.count + parameters.count + index)
  }

  /// The node that computes a value, or nil for inputs and parameters.
  public func node(computing value: ValueID) -> Int? {
    let index = value.index - inputs.count - parameters.count
    return index >= 0 ? index : nil
  }

  /// The number of elements of all parameters.
  public var parameterCount: Int {
    parameters.reduce(0) { $0 + $1.elementCount }
  }

  /// The multiplications followed by an addition of every node, `Int.max` where that does not fit.
  ///
  /// - Parameter types: what `inferTypes` returned for this graph.
  public func multiplyAdds(types: [TensorType]) -> Int {
    var total = 0
    for (index, node) in nodes.enumerated() {
      let count = node.operator.multiplyAdds(
        inputs: node.inputs.map { types[$0.index] }, output: types[value(ofNode: index).index])
      let (sum, overflow) = total.addingReportingOverflow(count)
      total = overflow ? Int.max : sum
    }
    return total
  }
}
