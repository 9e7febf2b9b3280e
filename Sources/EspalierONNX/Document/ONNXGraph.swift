public import EspalierGraph

/// The computation of an ONNX document: nodes that make every value once, in an order in which they can run.
public struct ONNXGraph: Sendable, Equatable {
  /// Its name; often empty or meaningless.
  public var name: Name
  /// What it computes; no node reads a value before it is made.
  public var nodes: [ONNXNode]
  /// The values that come from outside, in files of IR version 3 with the initializers.
  public var inputs: [ONNXValueInfo]
  /// The values that it is there for.
  public var outputs: [ONNXValueInfo]
  /// Constants; one that has the name of an input is its default.
  public var initializers: [ONNXTensor]
  /// What is known of other values; may name some that do not exist.
  public var values: [ONNXValueInfo]

  /// Makes a graph.
  public init(
    name: Name = "", nodes: [ONNXNode], inputs: [ONNXValueInfo], outputs: [ONNXValueInfo],
    initializers: [ONNXTensor] = [], values: [ONNXValueInfo] = []
  ) {
    self.name = name
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
    self.initializers = initializers
    self.values = values
  }

  /// The inputs that a caller has to give: those without an initializer.
  public var requiredInputs: [ONNXValueInfo] {
    let defaults = Set(initializers.map { $0.name })
    return inputs.filter { !defaults.contains($0.name) }
  }
}

/// What is known of a value.
public struct ONNXValueInfo: Sendable, Equatable {
  /// The value.
  public var name: Name
  /// Its type.
  public var type: ONNXType

  /// Makes what is known of a value.
  public init(_ name: Name, _ type: ONNXType) {
    self.name = name
    self.type = type
  }
}

/// The type of a value.
///
/// Other types than tensors are the bytes of their messages, which nobody has looked into.
public enum ONNXType: Sendable, Equatable {
  /// Not known.
  case unknown
  /// A tensor; `dimensions` is nil when not even the rank is known.
  case tensor(ONNXElementType, dimensions: [ONNXDimension]?)
  /// A sequence.
  case sequence([UInt8])
  /// A map.
  case map([UInt8])
  /// Something of another domain.
  case opaque([UInt8])
  /// A sparse tensor.
  case sparseTensor([UInt8])
  /// Something that may be missing.
  case optional([UInt8])
}

/// One size of a tensor.
public enum ONNXDimension: Sendable, Equatable {
  /// A size.
  case fixed(Int)
  /// A size that is the same wherever the symbol stands, such as `batch`.
  case symbol(Name)
  /// Any size.
  case unknown
}
