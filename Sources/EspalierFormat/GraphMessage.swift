internal import CEspalierSchema
internal import EspalierGraph

/// A weights section that a graph needs.
struct WeightsReference {
  let name: Name
  let digest: Digest
}

extension MessageFields {
  /// The weights sections that a graph's parameters lie in.
  func weights(_ message: Espalier__Graph) throws(FormatError) -> [WeightsReference] {
    try list(message.weights, message.n_weights) { (weights) throws(FormatError) in
      WeightsReference(name: name(weights.name), digest: try digest(weights.sha256))
    }
  }

  /// A graph.
  ///
  /// - Parameters:
  ///   - storages: the decoded weights sections that it names, in order.
  ///   - head: the head whose graph it is, for errors; nil for the trunk.
  func graph(
    _ message: Espalier__Graph, storages: [TensorStorage], head: Name?
  ) throws(FormatError) -> Graph {
    var position = 0
    return Graph(
      inputs: try list(message.input, message.n_input) { (input) throws(FormatError) in
        try self.input(input)
      },
      parameters: try list(message.parameter, message.n_parameter) {
        (parameter) throws(FormatError) in
        try self.parameter(parameter, storages)
      },
      nodes: try list(message.node, message.n_node) { (node) throws(FormatError) in
        defer { position += 1 }
        return try self.node(node, position, head)
      },
      outputs: try list(message.output, message.n_output) { (output) throws(FormatError) in
        GraphOutput(name: name(output.name), value: ValueID(try integer(output.value)))
      })
  }

  private func input(_ message: Espalier__Input) throws(FormatError) -> GraphInput {
    GraphInput(
      name: name(message.name),
      element: try value(message.element.rawValue, .elementType),
      dimensions: try list(message.dimension, message.n_dimension) {
        (dimension) throws(FormatError) in
        let symbol = name(dimension.symbol)
        guard !symbol.isEmpty else { return .fixed(try integer(dimension.size)) }
        guard dimension.size == 0 else { throw .badMessage(section) }
        return .symbol(symbol)
      })
  }

  private func parameter(
    _ message: Espalier__Parameter, _ storages: [TensorStorage]
  ) throws(FormatError) -> Parameter {
    let weights = try integer(message.weights)
    guard storages.indices.contains(weights) else { throw .numberOutOfRange(section) }
    let sizes = try numbers(message.size, message.n_size) { (size) throws(FormatError) in
      try integer(size)
    }
    return Parameter(
      name: name(message.name),
      type: TensorType(try value(message.element.rawValue, .elementType), Shape(sizes)),
      storage: storages[weights], byteOffset: try integer(message.byte_offset))
  }

  private func node(
    _ message: Espalier__Node, _ position: Int, _ head: Name?
  ) throws(FormatError) -> Node {
    let name = self.name(message.name)
    let kind: OperatorKind = try value(message.operator_.rawValue, .operator)
    let attributes = try list(message.attribute, message.n_attribute) {
      (attribute) throws(FormatError) in
      try self.attribute(attribute)
    }
    let `operator`: Operator
    do throws(OperatorError) {
      `operator` = try Operator(kind, attributes: attributes)
    } catch {
      let place = NodePlace(head: head, index: position, name: name)
      throw .invalidModel(.invalidNode(error, place))
    }
    return Node(
      name: name, `operator`,
      inputs: try numbers(message.input, message.n_input) { (input) throws(FormatError) in
        ValueID(try integer(input))
      })
  }

  private func attribute(_ message: Espalier__Attribute) throws(FormatError) -> Attribute {
    let key: AttributeKey = try value(message.key.rawValue, .attributeKey)
    let hasInteger = message.integer != 0
    let hasIntegers = message.n_integers != 0
    let hasNumber = message.number.bitPattern != 0
    let type: AttributeType = try value(message.type.rawValue, .attributeType)
    switch type {
    case .integer where !hasIntegers && !hasNumber:
      return Attribute(key, .integer(try integer(message.integer)))
    case .integers where !hasInteger && !hasNumber:
      return Attribute(
        key,
        .integers(
          try numbers(message.integers, message.n_integers) { (number) throws(FormatError) in
            try integer(number)
          }))
    case .number where !hasInteger && !hasIntegers:
      return Attribute(key, .number(message.number))
    case .integer, .integers, .number:
      throw .badMessage(section)
    }
  }
}

/// Which field of an attribute holds its value; the raw value is its number in files.
package enum AttributeType: UInt32 {
  /// `Attribute.integer`.
  case integer = 1
  /// `Attribute.integers`.
  case integers = 2
  /// `Attribute.number`.
  case number = 3
}
