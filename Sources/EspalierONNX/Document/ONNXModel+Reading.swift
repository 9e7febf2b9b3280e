internal import CONNXSchema
internal import EspalierFormat
internal import EspalierGraph
internal import EspalierWriter

extension ONNXModel {
  /// Reads a document, and the files beside it that it says its numbers lie in.
  ///
  /// Those files must be in the document's folder or in one inside it; paths that lead elsewhere, and symbolic links
  /// anywhere on the way, are refused. Nodes are put in an order in which they can run.
  ///
  /// - Parameters:
  ///   - path: the document.
  ///   - limits: the most that is done for it.
  /// - Throws: `ONNXError` for whatever is not a valid document of a supported version.
  public init(contentsOf path: String, limits: ONNXLimits = .init()) throws(ONNXError) {
    var files: [String] = []
    try self.init(contentsOf: path, limits: limits, noting: &files)
  }

  /// Reads a document, and notes the paths of the files beside it that its numbers lie in.
  package init(
    contentsOf path: String, limits: ONNXLimits = .init(), noting files: inout [String]
  ) throws(ONNXError) {
    var reader = DocumentReader(limits: limits, folder: EspalierWriter.folder(of: path))
    let message = try reader.unpackFile(path)
    self = try message.read { (message) throws(ONNXError) in try reader.model(message) }
    files += reader.externalFiles.map(\.description)
  }

  /// Reads a document from memory, which must hold all of its numbers.
  ///
  /// - Parameters:
  ///   - bytes: the document.
  ///   - limits: the most that is done for it.
  /// - Throws: `ONNXError` for whatever is not a valid document of a supported version.
  public init(_ bytes: [UInt8], limits: ONNXLimits = .init()) throws(ONNXError) {
    var reader = DocumentReader(limits: limits, folder: nil)
    let message = try reader.unpack(bytes, by: onnx_unpack_model)
    self = try message.read { (message) throws(ONNXError) in try reader.model(message) }
  }
}

extension ONNXGraph {
  /// Reads the body of a node of control flow from the bytes of its attribute.
  ///
  /// - Parameters:
  ///   - body: the bytes.
  ///   - opsets: the versions of operators of the document.
  ///   - limits: the most that is done for it.
  /// - Throws: `ONNXError` for whatever is not a valid graph.
  init(body: [UInt8], opsets: [ONNXOpset], limits: ONNXLimits) throws(ONNXError) {
    var reader = DocumentReader(limits: limits, folder: nil)
    let message = try reader.unpack(body, by: onnx_unpack_graph)
    self = try message.read { (message) throws(ONNXError) in
      try reader.graph(message, opsets: opsets, isBody: true)
    }
  }
}

extension ONNXTensor {
  /// Reads a tensor that is a document of its own (`TensorProto`).
  ///
  /// - Parameters:
  ///   - bytes: the document.
  ///   - limits: the most that is done for it.
  /// - Throws: `ONNXError` for whatever is not a valid tensor.
  public init(_ bytes: [UInt8], limits: ONNXLimits = .init()) throws(ONNXError) {
    var reader = DocumentReader(limits: limits, folder: nil)
    let message = try reader.unpack(bytes, by: onnx_unpack_tensor)
    self = try message.read { (message) throws(ONNXError) in
      try reader.tensor(message, .tensor(try reader.name(message.name, .tensor(""))))
    }
  }
}

extension DocumentReader {
  /// Unpacks a message in memory.
  fileprivate mutating func unpack<Message>(
    _ bytes: [UInt8], by unpack: Unpack<Message>
  ) throws(ONNXError) -> Unpacked<Message> {
    try take(bytes: bytes.count, .model)
    return try bytes.span.withUnsafeBytes { (bytes) throws(ONNXError) in
      try self.unpack(bytes, by: unpack)
    }
  }

  /// Unpacks a file, whose bytes are let go of when it is done.
  fileprivate mutating func unpackFile(
    _ path: String
  ) throws(ONNXError) -> Unpacked<Onnx__ModelProto> {
    let source: FileSource
    do throws(FormatError) {
      source = try FileSource(path: path, maps: false)
    } catch {
      throw .unreadable(error)
    }
    try take(bytes: source.byteCount, .model)
    let bytes: TensorStorage
    do throws(FormatError) {
      bytes = try .filled(byteCount: source.byteCount) { (buffer) throws(FormatError) in
        try source.read(at: 0, into: buffer)
      }
    } catch {
      throw .unreadable(error)
    }
    return try bytes.withUnsafeBytes { (bytes) throws(ONNXError) in
      try unpack(bytes, by: onnx_unpack_model)
    }
  }
}
