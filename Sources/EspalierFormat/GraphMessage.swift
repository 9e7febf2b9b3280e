internal import CEspalierSchema
package import EspalierGraph

/// A weights section that a graph needs.
package struct WeightsReference {
  /// The name of the section.
  package let name: Name
  /// The digest of its decoded payload.
  package let digest: Digest

  /// Refers to a section.
  package init(name: Name, digest: Digest) {
    self.name = name
    self.digest = digest
  }
}

extension MessageFields {
  /// The weights sections that a graph's parameters lie in.
  func weights(_ message: Espalier__Graph) throws(FormatError) -> [WeightsReference] {
    try list(message.weights, message.n_weights) { (weights) throws(FormatError) in
      WeightsReference(name: try name(weights.name, .text), digest: try digest(weights.sha256))
    }
  }

  /// For each weights section that a graph names whether a parameter lies in it.
  func weightsUse(_ message: Espalier__Graph) -> [Bool] {
    var isUsed = [Bool](repeating: false, count: message.n_weights)
    for parameter in UnsafeBufferPointer(start: message.parameter, count: message.n_parameter) {
      let section = parameter.map { Int(clamping: $0.pointee.weights) }
      if let section, section < isUsed.count { isUsed[section] = true }
    }
    return isUsed
  }

  /// A graph.
  ///
  /// - Parameters:
  ///   - storages: the decoded weights sections that it names, in order; nil for those without parameters.
  ///   - budget: what is left for the bytes of parameters.
  func graph(
    _ message: Espalier__Graph, storages: [TensorStorage?], _ budget: inout ByteBudget
  ) throws(FormatError) -> Graph {
    var position = 0
    return Graph(
      inputs: try list(message.input, message.n_input) { (input) throws(FormatError) in
        try self.input(input)
      },
      parameters: try list(message.parameter, message.n_parameter) {
        (message) throws(FormatError) in
        let parameter = try self.parameter(message, storages)
        try budget.take(parameter.liesInStorage ? parameter.storedByteCount : 0)
        return parameter
      },
      nodes: try list(message.node, message.n_node) { (node) throws(FormatError) in
        defer { position += 1 }
        return try self.node(node, position)
      },
      outputs: try list(message.output, message.n_output) { (output) throws(FormatError) in
        GraphOutput(name: try name(output.name, .output), value: ValueID(try integer(output.value)))
      })
  }

  private func input(_ message: Espalier__Input) throws(FormatError) -> GraphInput {
    GraphInput(
      name: try name(message.name, .input),
      element: try value(message.element.rawValue, .elementType),
      dimensions: try list(message.dimension, message.n_dimension) {
        (dimension) throws(FormatError) in
        let symbol = try name(dimension.symbol, .input)
        let size = try integer(dimension.size)
        guard symbol.isEmpty else {
          guard size != Dimension.usualProbe else { throw .badMessage(section) }
          return .symbol(symbol, probe: size == 0 ? Dimension.usualProbe : size)
        }
        return size == 0 ? .any : .fixed(size)
      })
  }

  private func parameter(
    _ message: Espalier__Parameter, _ storages: [TensorStorage?]
  ) throws(FormatError) -> Parameter {
    let name = try name(message.name, .parameter)
    let weights = try integer(message.weights)
    guard storages.indices.contains(weights), let storage = storages[weights] else {
      throw .numberOutOfRange(section)
    }
    let sizes = try scalars(message.size, message.n_size) { (size) throws(FormatError) in
      try integer(size)
    }
    let element: ElementType = try value(message.element.rawValue, .elementType)
    var stored = element
    if message.stored.rawValue != 0 {
      stored = try value(message.stored.rawValue, .elementType)
      guard stored != element else { throw .badMessage(section) }
    }
    return Parameter(
      name: name, type: TensorType(element, Shape(sizes)), stored: stored,
      storage: storage, byteOffset: try integer(message.byte_offset))
  }

  private func node(
    _ message: Espalier__Node, _ position: Int
  ) throws(FormatError) -> Node {
    let name = try self.name(message.name, .node)
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
      inputs: try scalars(message.input, message.n_input) { (input) throws(FormatError) in
        ValueID(try integer(input))
      })
  }

  private func attribute(_ message: Espalier__Attribute) throws(FormatError) -> Attribute {
    let key: AttributeKey = try value(message.key.rawValue, .attributeKey)
    let hasInteger = message.integer != 0
    let hasIntegers = message.n_integers != 0
    let hasNumber = message.number.bitPattern != 0
    let hasNumbers = message.n_numbers != 0
    let type: AttributeType = try value(message.type.rawValue, .attributeType)
    switch type {
    case .integer where !hasIntegers && !hasNumber && !hasNumbers:
      return Attribute(key, .integer(try integer(message.integer)))
    case .integers where !hasInteger && !hasNumber && !hasNumbers:
      return Attribute(
        key,
        .integers(
          try scalars(message.integers, message.n_integers) { (number) throws(FormatError) in
            try integer(number)
          }))
    case .number where !hasInteger && !hasIntegers && !hasNumbers:
      return Attribute(key, .number(message.number))
    case .numbers where !hasInteger && !hasIntegers && !hasNumber:
      return Attribute(
        key,
        .numbers(
          try scalars(message.numbers, message.n_numbers) { (number) throws(FormatError) in number
          }))
    case .integer, .integers, .number, .numbers:
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
  /// `Attribute.numbers`.
  case numbers = 4
}
