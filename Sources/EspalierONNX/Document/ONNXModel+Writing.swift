internal import EspalierGraph
internal import EspalierWriter

extension ONNXModel {
  /// The most bytes that a protobuf message can have.
  static let messageBytes = Int(Int32.max)

  /// Writes the document, in one step replacing what was there.
  ///
  /// The same document makes the same bytes, and reading them makes the same document. All numbers are in the file.
  ///
  /// - Throws: `ONNXError.tooLargeToWrite` for more bytes than an ONNX file can have, `ONNXError.notWritten`.
  public func write(to path: String) throws(ONNXError) {
    let pieces = try pieces
    do throws(WriterError) {
      try replaceFile(path) { (file) throws(WriterError) in
        for piece in pieces {
          switch piece {
          case .bytes(let bytes): try file.write(bytes)
          case .numbers(let numbers):
            try numbers.withUnsafeBytes { (bytes) throws(WriterError) in try file.write(bytes) }
          }
        }
      }
    } catch {
      throw .notWritten(error)
    }
  }

  /// The bytes that `write` writes.
  ///
  /// - Throws: `ONNXError.tooLargeToWrite` for more bytes than an ONNX file can have.
  public func encoded() throws(ONNXError) -> [UInt8] { try pieces.joined() }

  private var pieces: [MessageEncoder.Piece] {
    get throws(ONNXError) {
      var message = MessageEncoder()
      encode(into: &message)
      guard message.byteCount <= Self.messageBytes else {
        throw .tooLargeToWrite(bytes: message.byteCount, limit: Self.messageBytes)
      }
      return message.finished
    }
  }

  private func encode(into message: inout MessageEncoder) {
    message.number(1, Int64(irVersion))
    message.text(2, producerName)
    message.text(3, producerVersion)
    message.message(7) { graph.encode(into: &$0) }
    message.messages(8, opsets) { $0.encode(into: &$1) }
    message.messages(14, metadata) { note, message in
      message.text(1, note.key)
      message.text(2, note.value)
    }
    message.messages(25, functions) { $0.encode(into: &$1) }
  }
}

extension ONNXTensor {
  /// The tensor as a document of its own (`TensorProto`).
  public func encoded() -> [UInt8] {
    var message = MessageEncoder()
    encode(into: &message)
    return message.finished.joined()
  }
}

extension [MessageEncoder.Piece] {
  fileprivate func joined() -> [UInt8] {
    var bytes: [UInt8] = []
    for piece in self {
      switch piece {
      case .bytes(let more): bytes.append(contentsOf: more)
      case .numbers(let numbers): numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }
}

extension ONNXOpset {
  fileprivate func encode(into message: inout MessageEncoder) {
    message.text(1, domain)
    message.number(2, Int64(version))
  }
}

extension ONNXGraph {
  fileprivate func encode(into message: inout MessageEncoder) {
    message.messages(1, nodes) { $0.encode(into: &$1) }
    message.text(2, name)
    message.messages(5, initializers) { $0.encode(into: &$1) }
    message.messages(11, inputs) { $0.encode(into: &$1) }
    message.messages(12, outputs) { $0.encode(into: &$1) }
    message.messages(13, values) { $0.encode(into: &$1) }
  }
}

extension ONNXFunction {
  fileprivate func encode(into message: inout MessageEncoder) {
    message.text(1, name)
    message.texts(4, inputs)
    message.texts(5, outputs)
    message.texts(6, attributes.map { Name($0) })
    message.messages(7, nodes) { $0.encode(into: &$1) }
    message.messages(9, opsets) { $0.encode(into: &$1) }
    message.text(10, domain)
    message.messages(11, defaults) { $0.encode(into: &$1) }
    message.text(13, overload)
  }
}

extension ONNXNode {
  fileprivate func encode(into message: inout MessageEncoder) {
    message.texts(1, inputs)
    message.texts(2, outputs)
    message.text(3, name)
    message.text(4, operatorType)
    message.messages(5, attributes) { $0.encode(into: &$1) }
    message.text(7, domain)
    message.text(8, overload)
  }
}

extension ONNXAttribute {
  /// The value in its field; the kind, whose number is between those of the fields.
  fileprivate func encode(into message: inout MessageEncoder) {
    message.text(1, name)
    switch value {
    case .float(let number): message.numbers(2, [number])
    case .int(let number): message.number(3, number)
    case .string(let text): message.bytes(4, text.utf8)
    case .tensor(let tensor): message.message(5) { tensor.encode(into: &$0) }
    case .graph(let graph): message.bytes(6, graph)
    case .floats(let numbers): message.numbers(7, numbers)
    case .ints(let numbers): message.numbers(8, numbers)
    case .strings(let texts): message.texts(9, texts)
    case .tensors(let tensors): message.messages(10, tensors) { $0.encode(into: &$1) }
    case .graphs(let graphs): for graph in graphs { message.bytes(11, graph) }
    case .type(let type): message.bytes(14, type)
    case .types(let types): for type in types { message.bytes(15, type) }
    case .sparseTensor, .sparseTensors, .reference: break
    }
    message.number(20, Int64(value.kind.rawValue))
    switch value {
    case .reference(let name, _): message.text(21, name)
    case .sparseTensor(let tensor): message.bytes(22, tensor)
    case .sparseTensors(let tensors): for tensor in tensors { message.bytes(23, tensor) }
    case .float, .int, .string, .tensor, .graph, .floats, .ints, .strings, .tensors, .graphs,
      .type, .types:
      break
    }
  }
}

extension ONNXValueInfo {
  fileprivate func encode(into message: inout MessageEncoder) {
    message.text(1, name)
    if type != .unknown { message.message(2) { type.encode(into: &$0) } }
  }
}

extension ONNXType {
  fileprivate func encode(into message: inout MessageEncoder) {
    switch self {
    case .unknown: break
    case .tensor(let element, let dimensions):
      message.message(1) { tensor in
        tensor.number(1, Int64(element.rawValue))
        guard let dimensions else { return }
        tensor.message(2) { $0.messages(1, dimensions) { $0.encode(into: &$1) } }
      }
    case .sequence(let type): message.bytes(4, type)
    case .map(let type): message.bytes(5, type)
    case .opaque(let type): message.bytes(7, type)
    case .sparseTensor(let type): message.bytes(8, type)
    case .optional(let type): message.bytes(9, type)
    }
  }
}

extension ONNXDimension {
  fileprivate func encode(into message: inout MessageEncoder) {
    switch self {
    case .fixed(let size): message.number(1, Int64(size))
    case .symbol(let name): message.text(2, name)
    case .unknown: break
    }
  }
}

extension ONNXTensor {
  fileprivate func encode(into message: inout MessageEncoder) {
    message.numbers(1, dimensions.map { Int64($0) })
    message.number(2, Int64(element.rawValue))
    message.texts(6, strings)
    message.text(8, name)
    message.bytes(9, numbers)
  }
}
