internal import CONNXSchema
internal import CProtobufC
internal import EspalierGraph

extension DocumentReader {
  /// The nodes of the graph or of a function, each of a domain of which a version is given.
  mutating func nodes(
    _ messages: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__NodeProto>?>?, _ count: Int,
    function: String?, opsets: [ONNXOpset]
  ) throws(ONNXError) -> [ONNXNode] {
    let scope = function.map { ONNXPlace.function($0) } ?? .graph
    try take(nodes: count, scope)
    let domains = Set(opsets.map { $0.domain })
    var nodes: [ONNXNode] = []
    nodes.reserveCapacity(count)
    for message in try elements(messages, count, scope) {
      let index = nodes.count
      func place(_ name: Name, _ operatorType: String) -> ONNXNodePlace {
        ONNXNodePlace(function: function, index: index, name: name, operatorType: operatorType)
      }
      let name = try name(message.pointee.name, .node(place("", "")))
      let operatorType = try requiredName(message.pointee.op_type, .node(place(name, "")))
      let place = place(name, operatorType.description)
      let node = try node(message.pointee, place)
      guard domains.contains(node.domain) else {
        throw .noOpset(domain: node.domain, .node(place))
      }
      nodes.append(node)
    }
    return nodes
  }

  private mutating func node(
    _ message: Onnx__NodeProto, _ place: ONNXNodePlace
  ) throws(ONNXError) -> ONNXNode {
    var node = ONNXNode(
      place.operatorType, domain: try domain(message.domain, .node(place)),
      overload: try name(message.overload, .node(place)).description, name: place.name,
      inputs: try names(message.input, message.n_input, .node(place)),
      outputs: try names(message.output, message.n_output, .node(place)))
    var seen: Set<String> = []
    for message in try elements(message.attribute, message.n_attribute, .node(place)) {
      let attribute = try attribute(message.pointee) { .attribute($0, place) }
      guard seen.insert(attribute.name).inserted else {
        throw .duplicateAttribute(.attribute(attribute.name, place))
      }
      if case .reference = attribute.value, place.function == nil {
        throw .referenceOutsideFunction(.attribute(attribute.name, place))
      }
      node.attributes.append(attribute)
    }
    return node
  }

  /// An attribute; `place` makes a place of its name.
  mutating func attribute(
    _ message: Onnx__AttributeProto, _ place: (String) -> ONNXPlace
  ) throws(ONNXError) -> ONNXAttribute {
    let name = try requiredName(message.name, place("")).description
    let place = place(name)
    guard let kind = ONNXAttribute.Kind(rawValue: message.type.rawValue) else {
      throw .unknownAttributeKind(
        Int64(Int32(bitPattern: message.type.rawValue)), place)
    }
    let reference = try self.name(message.ref_attr_name, place).description
    let present = message.presentKinds
    guard present.isEmpty || (reference.isEmpty && present == [kind]) else {
      throw .strayAttributeValue(kind, place)
    }
    guard reference.isEmpty else { return ONNXAttribute(name, .reference(reference, kind)) }
    return ONNXAttribute(name, try value(message, kind, place))
  }

  /// The value of a kind; a number or text that is not there is zero or empty, as protobuf has it.
  private mutating func value(
    _ message: Onnx__AttributeProto, _ kind: ONNXAttribute.Kind, _ place: ONNXPlace
  ) throws(ONNXError) -> ONNXAttribute.Value {
    switch kind {
    case .float: return .float(message.f)
    case .int: return .int(message.i)
    case .string: return .string(Name(utf8: bytes(message.s)))
    case .tensor:
      guard let tensor = message.t?.pointee else { throw .missingAttributeValue(kind, place) }
      return .tensor(try self.tensor(tensor, place))
    case .graph:
      guard message.has_g != 0 else { throw .missingAttributeValue(kind, place) }
      return .graph(bytes(message.g))
    case .floats: return .floats(numbers(message.floats, message.n_floats))
    case .ints: return .ints(numbers(message.ints, message.n_ints))
    case .strings:
      return .strings(
        numbers(message.strings, message.n_strings).map { Name(utf8: bytes($0)) })
    case .tensors:
      return .tensors(try tensors(message.tensors, message.n_tensors) { _ in place })
    case .graphs: return .graphs(numbers(message.graphs, message.n_graphs).map(bytes))
    case .sparseTensor:
      guard message.has_sparse_tensor != 0 else { throw .missingAttributeValue(kind, place) }
      return .sparseTensor(bytes(message.sparse_tensor))
    case .sparseTensors:
      return .sparseTensors(
        numbers(message.sparse_tensors, message.n_sparse_tensors).map(bytes))
    case .type:
      guard message.has_tp != 0 else { throw .missingAttributeValue(kind, place) }
      return .type(bytes(message.tp))
    case .types: return .types(numbers(message.type_protos, message.n_type_protos).map(bytes))
    }
  }

  private func numbers<Number>(
    _ start: UnsafeMutablePointer<Number>?, _ count: Int
  ) -> [Number] {
    Array(UnsafeBufferPointer(start: start, count: count))
  }
}

extension Onnx__AttributeProto {
  /// The kinds of which the attribute has a value.
  fileprivate var presentKinds: [ONNXAttribute.Kind] {
    var kinds: [ONNXAttribute.Kind] = []
    if has_f != 0 { kinds.append(.float) }
    if has_i != 0 { kinds.append(.int) }
    if has_s != 0 { kinds.append(.string) }
    if t != nil { kinds.append(.tensor) }
    if has_g != 0 { kinds.append(.graph) }
    if n_floats != 0 { kinds.append(.floats) }
    if n_ints != 0 { kinds.append(.ints) }
    if n_strings != 0 { kinds.append(.strings) }
    if n_tensors != 0 { kinds.append(.tensors) }
    if n_graphs != 0 { kinds.append(.graphs) }
    if has_sparse_tensor != 0 { kinds.append(.sparseTensor) }
    if n_sparse_tensors != 0 { kinds.append(.sparseTensors) }
    if has_tp != 0 { kinds.append(.type) }
    if n_type_protos != 0 { kinds.append(.types) }
    return kinds
  }
}
