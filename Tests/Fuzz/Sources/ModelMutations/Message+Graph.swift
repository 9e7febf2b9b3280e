import EspalierGraph
import FuzzSupport

/// Changes of graphs that leave every number of a value one that there is, so that most of them are refused for nothing
/// but what operators take, or load.
extension Message {
  /// The numbers of the fields, as schema/espalier.proto has them.
  private enum Field {
    static let (graphInput, graphParameter, graphNode, graphOutput) =
      (UInt64(2), UInt64(3), UInt64(4), UInt64(5))
    static let (nodeInput, outputValue) = (UInt64(2), UInt64(2))
    static let (name, element, sizes, columns) = (UInt64(1), UInt64(2), UInt64(3), UInt64(2))
  }

  /// Changes the graph of a trunk or head; nothing when there is none.
  ///
  /// - Parameter donor: a trunk or head, of any model, whose nodes may be taken.
  mutating func changeGraph(_ random: inout SplitMix, donor: Message) {
    guard let place = graphPlace, var graph = message(at: place) else { return }
    let donated = donor.graphPlace.flatMap { donor.message(at: $0) } ?? graph
    switch random.below(8) {
    case 0: graph.rewire(&random)
    case 1: graph.exposeAnyValue(&random)
    default:
      let takesOperands = type === MessageType.trunk && !random.oneIn(3)
      let added = graph.takeNode(of: donated, takesOperands: takesOperands, &random)
      if let columns = type.field(Field.columns), case .message(let empty) = columns.kind {
        for _ in 0..<added {
          elements.append(
            Element(field: columns, value: .message(Message(type: empty, elements: []))))
        }
      }
    }
    elements[place].value = .message(graph)
  }

  /// Declares an input of the graph as of a type.
  mutating func declare(_ input: Name, as type: TensorType) {
    guard let place = graphPlace, var graph = message(at: place) else { return }
    for position in graph.places(Field.graphInput) {
      guard var message = graph.message(at: position),
        message.elements.contains(where: {
          if case .bytes(input.utf8) = $0.value { return $0.field.number == Field.name }
          return false
        }),
        let element = message.type.field(Field.element),
        let sizes = message.type.field(Field.sizes), case .message(let size) = sizes.kind
      else { continue }
      message.elements.removeAll { $0.field.number != Field.name }
      message.elements.append(
        Element(field: element, value: .number(UInt64(type.element.rawValue))))
      for _ in 0..<type.shape.rank {
        message.elements.append(
          Element(field: sizes, value: .message(Message(type: size, elements: []))))
      }
      graph.elements[position].value = .message(message)
    }
    elements[place].value = .message(graph)
  }

  private var graphPlace: Int? {
    elements.firstIndex {
      if case .message(let message) = $0.value { return message.type.name == "espalier.Graph" }
      return false
    }
  }

  private func message(at place: Int) -> Message? {
    if case .message(let message) = elements[place].value { return message }
    return nil
  }

  /// The positions of the elements of a field.
  private func places(_ field: UInt64) -> [Int] {
    elements.indices.filter { elements[$0].field.number == field }
  }

  private var valueCount: Int {
    places(Field.graphInput).count + places(Field.graphParameter).count
      + places(Field.graphNode).count
  }

  /// Lets an operand of a node be any value before it.
  private mutating func rewire(_ random: inout SplitMix) {
    let nodes = places(Field.graphNode)
    guard let position = nodes.indices.randomElement(using: &random),
      var node = message(at: nodes[position]),
      let operand = node.places(Field.nodeInput).randomElement(using: &random)
    else { return }
    let before = valueCount - nodes.count + position
    node.elements[operand].value = .number(UInt64(random.below(before)))
    elements[nodes[position]].value = .message(node)
  }

  /// Lets an output be any value.
  private mutating func exposeAnyValue(_ random: inout SplitMix) {
    expose(UInt64(random.below(valueCount)), &random)
  }

  private mutating func expose(_ value: UInt64, _ random: inout SplitMix) {
    guard let place = places(Field.graphOutput).randomElement(using: &random),
      var output = message(at: place), let field = output.type.field(Field.outputValue)
    else { return }
    output.elements.removeAll { $0.field.number == Field.outputValue }
    output.elements.append(Element(field: field, value: .number(value)))
    elements[place].value = .message(output)
  }

  /// Adds a node of another graph and lets an output be its value.
  ///
  /// - Parameter takesOperands: whether inputs and parameters that the node reads become inputs, most of the time;
  ///   otherwise it reads values that there are.
  /// - Returns: the inputs added.
  private mutating func takeNode(
    of donor: Message, takesOperands: Bool, _ random: inout SplitMix
  ) -> Int {
    guard let taken = donor.places(Field.graphNode).randomElement(using: &random),
      var node = donor.message(at: taken)
    else { return 0 }
    var added = 0
    for place in node.places(Field.nodeInput) {
      guard case .number(let operand) = node.elements[place].value else { continue }
      var value = UInt64(
        max(0, valueCount - 1 - random.below(random.oneIn(2) ? 3 : valueCount)))
      if takesOperands, !random.oneIn(3), let input = donor.input(like: operand, self) {
        value = UInt64(places(Field.graphInput).count)
        // Operands that were set before are values of this graph, too.
        node.renumber(Field.nodeInput, from: value, before: place)
        insertInput(input)
        added += 1
      }
      node.elements[place].value = .number(value)
    }
    let place = (places(Field.graphNode).last ?? elements.count - 1) + 1
    elements.insert(
      Element(field: donor.elements[taken].field, value: .message(node)), at: place)
    expose(UInt64(valueCount - 1), &random)
    return added
  }

  /// An input of the type of an input or parameter of this graph, with a name that another graph has not.
  private func input(like value: UInt64, _ graph: Message) -> Message? {
    let inputs = places(Field.graphInput)
    let operands = inputs + places(Field.graphParameter)
    guard value < operands.count, var operand = message(at: operands[Int(value)]),
      let type = graph.type.field(Field.graphInput), case .message(let inputType) = type.kind,
      let name = inputType.field(Field.name), let dimensions = inputType.field(Field.sizes),
      case .message(let dimension) = dimensions.kind, let size = dimension.fields.first
    else { return nil }
    if value >= inputs.count {
      let elements: [Element] = operand.elements.compactMap { element in
        switch element.field.number {
        case Field.sizes:
          let sizes = Message(
            type: dimension, elements: [Element(field: size, value: element.value)])
          return Element(field: dimensions, value: .message(sizes))
        case Field.name, Field.element:
          return inputType.field(element.field.number).map {
            Element(field: $0, value: element.value)
          }
        default: return nil
        }
      }
      operand = Message(type: inputType, elements: elements)
    }
    let number = UInt8(truncatingIfNeeded: graph.valueCount % 64)
    operand.elements.removeAll { $0.field.number == Field.name }
    operand.elements.append(Element(field: name, value: .bytes([UInt8(ascii: "0") + number])))
    return operand
  }

  /// Adds an input behind the others, and counts the values after it anew.
  private mutating func insertInput(_ input: Message) {
    guard let field = type.field(Field.graphInput) else { return }
    let count = UInt64(places(Field.graphInput).count)
    for place in places(Field.graphNode) + places(Field.graphOutput) {
      guard var reader = message(at: place) else { continue }
      reader.renumber(Field.nodeInput, from: count)
      elements[place].value = .message(reader)
    }
    elements.insert(Element(field: field, value: .message(input)), at: 0)
    let inputs = places(Field.graphInput)
    elements.insert(elements.remove(at: 0), at: inputs[inputs.count - 1])
  }

  /// Adds one to the numbers of values from one on, of a node's operands or of an output.
  private mutating func renumber(_ field: UInt64, from first: UInt64, before end: Int? = nil) {
    for place in places(field) where place < end ?? elements.count {
      if case .number(let value) = elements[place].value, value >= first {
        elements[place].value = .number(value &+ 1)
      }
    }
  }
}
