internal import EspalierGraph

/// An ONNX document, checked and in memory.
public struct ONNXModel: Sendable, Equatable {
  /// The versions of the file format that are read.
  public static let irVersions = 3...14
  /// The versions of ONNX's own operators that are read; the first is that of the oldest of ONNX's test models.
  public static let opsetVersions = 6...28

  /// The version of the file format.
  public var irVersion: Int
  /// The versions of the operators, each domain once.
  public var opsets: [ONNXOpset]
  /// The program that made it.
  public var producerName: String
  /// The version of that program.
  public var producerVersion: String
  /// What it computes.
  public var graph: ONNXGraph
  /// Bodies of what nodes of other domains than ONNX's do, each domain, name and overload once.
  public var functions: [ONNXFunction]
  /// Notes.
  public var metadata: [ONNXNote]

  /// Makes a document.
  public init(
    irVersion: Int, opsets: [ONNXOpset], producerName: String = "", producerVersion: String = "",
    graph: ONNXGraph, functions: [ONNXFunction] = [], metadata: [ONNXNote] = []
  ) {
    self.irVersion = irVersion
    self.opsets = opsets
    self.producerName = producerName
    self.producerVersion = producerVersion
    self.graph = graph
    self.functions = functions
    self.metadata = metadata
  }

  /// The version of a domain's operators, or nil when the document has none of it.
  ///
  /// - Parameter domain: empty for ONNX itself.
  public func opset(_ domain: String = "") -> Int? {
    opsets.first { $0.domain == domain }?.version
  }
}

/// The version of one domain's operators.
public struct ONNXOpset: Sendable, Equatable {
  /// The domain; empty for ONNX itself.
  public var domain: String
  /// The version.
  public var version: Int

  /// Makes a version of a domain's operators.
  public init(_ domain: String = "", version: Int) {
    self.domain = domain
    self.version = version
  }
}

/// A note on a document: any text under a key.
public struct ONNXNote: Sendable, Equatable {
  /// What it is a note of.
  public var key: String
  /// The note.
  public var value: String

  /// Makes a note.
  public init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}
