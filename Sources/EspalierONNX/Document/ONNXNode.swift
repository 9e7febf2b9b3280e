public import EspalierGraph

/// One operation of a graph or function, or the call of a function.
public struct ONNXNode: Sendable, Equatable {
  /// Its name; empty, or not its alone, in some files.
  public var name: Name
  /// What it does, such as `Conv`.
  public var operatorType: String
  /// Where `operatorType` is defined; empty for ONNX itself.
  public var domain: String
  /// Which of several functions of one name it calls; otherwise empty.
  public var overload: String
  /// The values it reads; an empty name leaves an optional one out.
  public var inputs: [Name]
  /// The values it makes; an empty name is of one that nobody needs.
  public var outputs: [Name]
  /// Its attributes, each name once.
  public var attributes: [ONNXAttribute]

  /// Makes a node.
  public init(
    _ operatorType: String, domain: String = "", overload: String = "", name: Name = "",
    inputs: [Name], outputs: [Name], attributes: [ONNXAttribute] = []
  ) {
    self.name = name
    self.operatorType = operatorType
    self.domain = domain
    self.overload = overload
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }

  /// The value of an attribute, or nil when the node does not have it.
  public func attribute(_ name: String) -> ONNXAttribute.Value? {
    attributes.first { $0.name == name }?.value
  }
}

/// A named constant of a node.
public struct ONNXAttribute: Sendable, Equatable {
  /// What an attribute holds, as ONNX numbers it (`AttributeProto.AttributeType`).
  public enum Kind: UInt32, Sendable, CaseIterable {
    /// One number.
    case float = 1
    /// One integer.
    case int = 2
    /// One text.
    case string = 3
    /// One tensor.
    case tensor = 4
    /// One graph.
    case graph = 5
    /// Numbers.
    case floats = 6
    /// Integers.
    case ints = 7
    /// Texts.
    case strings = 8
    /// Tensors.
    case tensors = 9
    /// Graphs.
    case graphs = 10
    /// One sparse tensor.
    case sparseTensor = 11
    /// Sparse tensors.
    case sparseTensors = 12
    /// One type.
    case type = 13
    /// Types.
    case types = 14
  }

  /// The value of an attribute.
  ///
  /// Graphs, sparse tensors and types are the bytes of their messages, which nobody has looked into.
  public enum Value: Sendable, Equatable {
    /// One number.
    case float(Float)
    /// One integer.
    case int(Int64)
    /// One text, or bytes that need not be text.
    case string(Name)
    /// One tensor.
    case tensor(ONNXTensor)
    /// The body of a node of control flow.
    case graph([UInt8])
    /// Numbers.
    case floats([Float])
    /// Integers.
    case ints([Int64])
    /// Texts.
    case strings([Name])
    /// Tensors.
    case tensors([ONNXTensor])
    /// Bodies of a node of control flow.
    case graphs([[UInt8]])
    /// A sparse tensor.
    case sparseTensor([UInt8])
    /// Sparse tensors.
    case sparseTensors([[UInt8]])
    /// A type.
    case type([UInt8])
    /// Types.
    case types([[UInt8]])
    /// In a function: whatever the caller gives for this attribute of the function.
    case reference(String, Kind)

    /// What it holds.
    public var kind: Kind {
      switch self {
      case .float: .float
      case .int: .int
      case .string: .string
      case .tensor: .tensor
      case .graph: .graph
      case .floats: .floats
      case .ints: .ints
      case .strings: .strings
      case .tensors: .tensors
      case .graphs: .graphs
      case .sparseTensor: .sparseTensor
      case .sparseTensors: .sparseTensors
      case .type: .type
      case .types: .types
      case .reference(_, let kind): kind
      }
    }
  }

  /// Its name, such as `axis`.
  public var name: String
  /// What it holds.
  public var value: Value

  /// Makes an attribute.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

extension ONNXAttribute.Kind: CustomStringConvertible {
  /// ONNX's name of the kind.
  public var description: String {
    switch self {
    case .float: "FLOAT"
    case .int: "INT"
    case .string: "STRING"
    case .tensor: "TENSOR"
    case .graph: "GRAPH"
    case .floats: "FLOATS"
    case .ints: "INTS"
    case .strings: "STRINGS"
    case .tensors: "TENSORS"
    case .graphs: "GRAPHS"
    case .sparseTensor: "SPARSE_TENSOR"
    case .sparseTensors: "SPARSE_TENSORS"
    case .type: "TYPE_PROTO"
    case .types: "TYPE_PROTOS"
    }
  }
}
