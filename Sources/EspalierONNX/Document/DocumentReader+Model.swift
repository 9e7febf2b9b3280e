internal import CONNXSchema
internal import CProtobufC
internal import EspalierGraph

extension DocumentReader {
  /// A document.
  mutating func model(_ message: Onnx__ModelProto) throws(ONNXError) -> ONNXModel {
    guard message.has_ir_version != 0, let version = Int(exactly: message.ir_version),
      ONNXModel.irVersions.contains(version)
    else {
      throw .unsupportedIRVersion(message.has_ir_version != 0 ? message.ir_version : nil)
    }
    guard let graph = message.graph?.pointee else { throw .noGraph }
    let opsets = try opsets(message.opset_import, message.n_opset_import, .model)
    return ONNXModel(
      irVersion: version, opsets: opsets,
      producerName: try name(message.producer_name, .model).description,
      producerVersion: try name(message.producer_version, .model).description,
      graph: try self.graph(graph, opsets: opsets),
      functions: try functions(message),
      metadata: try elements(message.metadata_props, message.n_metadata_props, .model).map {
        ONNXNote(text($0.pointee.key), text($0.pointee.value))
      })
  }

  /// The versions of operators, of which ONNX's own must be one that is supported.
  private func opsets(
    _ messages: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__OperatorSetIdProto>?>?,
    _ count: Int, _ place: ONNXPlace
  ) throws(ONNXError) -> [ONNXOpset] {
    var opsets: [ONNXOpset] = []
    var known: [String: Int] = [:]
    for message in try elements(messages, count, place) {
      let (domain, number) = (try domain(message.pointee.domain, place), message.pointee.version)
      guard let version = Int(exactly: number), version >= 0 else {
        throw .badOpset(domain: domain, number, place)
      }
      guard !domain.isEmpty || ONNXModel.opsetVersions.contains(version) else {
        throw .unsupportedOpset(number, place)
      }
      guard known[domain, default: version] == version else {
        throw .duplicateOpset(domain: domain, place)
      }
      if known.updateValue(version, forKey: domain) == nil {
        opsets.append(ONNXOpset(domain, version: version))
      }
    }
    return opsets
  }

  /// A graph: the document's, or the body of a node of control flow, which reads values of the graphs around it, too.
  mutating func graph(
    _ message: Onnx__GraphProto, opsets: [ONNXOpset], isBody: Bool = false
  ) throws(ONNXError) -> ONNXGraph {
    guard message.n_sparse_initializer == 0 else {
      throw .sparseInitializers(message.n_sparse_initializer)
    }
    guard message.n_output != 0 else { throw .noOutputs }
    var graph = ONNXGraph(
      name: try name(message.name, .graph),
      nodes: try nodes(message.node, message.n_node, function: nil, opsets: opsets),
      inputs: try infos(message.input, message.n_input) { .input($0) },
      outputs: try infos(message.output, message.n_output) { .output($0) },
      values: try infos(message.value_info, message.n_value_info) { .value($0) })
    graph.initializers = try tensors(message.initializer, message.n_initializer) { .tensor($0) }
    guard !graph.initializers.contains(where: \.name.isEmpty) else {
      throw .badName(.tensor(""))
    }
    try graph.sort(isBody: isBody)
    return graph
  }

  private mutating func functions(
    _ message: Onnx__ModelProto
  ) throws(ONNXError) -> [ONNXFunction] {
    var functions: [ONNXFunction] = []
    var seen: Set<ONNXFunction.Key> = []
    for message in try elements(message.functions, message.n_functions, .model) {
      let function = try function(message.pointee)
      guard seen.insert(function.key).inserted else {
        throw .duplicateFunction(function.key.description)
      }
      functions.append(function)
    }
    return functions
  }

  private mutating func function(
    _ message: Onnx__FunctionProto
  ) throws(ONNXError) -> ONNXFunction {
    let name = try requiredName(message.name, .function("")).description
    var function = ONNXFunction(
      name, domain: try domain(message.domain, .function(name)),
      overload: try self.name(message.overload, .function(name)).description,
      inputs: [], outputs: [], nodes: [], opsets: [])
    let title = function.key.description
    let place = ONNXPlace.function(title)
    function.inputs = try names(message.input, message.n_input, place)
    function.outputs = try names(message.output, message.n_output, place)
    function.attributes = try names(message.attribute, message.n_attribute, place)
      .map { $0.description }
    function.defaults = try defaults(message, function: title)
    function.opsets = try opsets(message.opset_import, message.n_opset_import, place)
    function.nodes = try nodes(
      message.node, message.n_node, function: title, opsets: function.opsets)
    try function.sort()
    return function
  }

  private mutating func defaults(
    _ message: Onnx__FunctionProto, function: String
  ) throws(ONNXError) -> [ONNXAttribute] {
    var defaults: [ONNXAttribute] = []
    var seen: Set<String> = []
    let messages = try elements(
      message.attribute_proto, message.n_attribute_proto, .function(function))
    for message in messages {
      let attribute = try attribute(message.pointee) { .defaultValue($0, function: function) }
      let place = ONNXPlace.defaultValue(attribute.name, function: function)
      guard seen.insert(attribute.name).inserted else { throw .duplicateAttribute(place) }
      if case .reference = attribute.value { throw .referenceOutsideFunction(place) }
      defaults.append(attribute)
    }
    return defaults
  }

  /// What is known of values; `place` makes a place of a name.
  private func infos(
    _ messages: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__ValueInfoProto>?>?, _ count: Int,
    _ place: (Name) -> ONNXPlace
  ) throws(ONNXError) -> [ONNXValueInfo] {
    try elements(messages, count, .graph).map { (message) throws(ONNXError) in
      let name = try requiredName(message.pointee.name, place(""))
      guard let type = message.pointee.type else { return ONNXValueInfo(name, .unknown) }
      return ONNXValueInfo(name, try self.type(type.pointee, place(name)))
    }
  }

  private func type(
    _ message: Onnx__TypeProto, _ place: ONNXPlace
  ) throws(ONNXError) -> ONNXType {
    var types: [ONNXType] = []
    if let tensor = message.tensor_type?.pointee {
      guard let element = ONNXElementType(rawValue: tensor.elem_type) else {
        throw .unknownElementType(tensor.elem_type, place)
      }
      types.append(.tensor(element, dimensions: try dimensions(tensor, place)))
    }
    if message.has_sequence_type != 0 { types.append(.sequence(bytes(message.sequence_type))) }
    if message.has_map_type != 0 { types.append(.map(bytes(message.map_type))) }
    if message.has_opaque_type != 0 { types.append(.opaque(bytes(message.opaque_type))) }
    if message.has_sparse_tensor_type != 0 {
      types.append(.sparseTensor(bytes(message.sparse_tensor_type)))
    }
    if message.has_optional_type != 0 { types.append(.optional(bytes(message.optional_type))) }
    guard types.count <= 1 else { throw .ambiguousType(place) }
    return types.first ?? .unknown
  }

  private func dimensions(
    _ message: Onnx__TypeProto__Tensor, _ place: ONNXPlace
  ) throws(ONNXError) -> [ONNXDimension]? {
    guard let shape = message.shape?.pointee else { return nil }
    try expectRank(shape.n_dim, place)
    return try elements(shape.dim, shape.n_dim, place).map { (element) throws(ONNXError) in
      let dimension = element.pointee
      let symbol = try name(dimension.dim_param, place)
      guard dimension.has_dim_value != 0 else {
        return symbol.isEmpty ? .unknown : .symbol(symbol)
      }
      guard symbol.isEmpty else { throw .badDimension(place) }
      // Several exporters write a size that they do not know as -1.
      if dimension.dim_value == -1 { return .unknown }
      guard let size = Int(exactly: dimension.dim_value), size >= 0 else {
        throw .badDimension(place)
      }
      return .fixed(size)
    }
  }

  func expectRank(_ rank: Int, _ place: ONNXPlace) throws(ONNXError) {
    guard rank <= limits.rank else {
      throw .overLimit(.rank, found: rank, limit: limits.rank, place)
    }
  }
}
