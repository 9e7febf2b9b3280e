public import EspalierGraph

/// Which node of a document something is wrong with.
public struct ONNXNodePlace: Sendable, Equatable {
  /// The function that it is in, or nil for the graph.
  public let function: String?
  /// Its position in the file, from 0.
  public let index: Int
  /// Its name, which may be empty.
  public let name: Name
  /// What it does.
  public let operatorType: String

  /// Makes a place.
  public init(function: String?, index: Int, name: Name, operatorType: String) {
    self.function = function
    self.index = index
    self.name = name
    self.operatorType = operatorType
  }
}

/// Where in a document something is wrong.
public enum ONNXPlace: Sendable, Equatable {
  /// The document as a whole.
  case model
  /// The graph.
  case graph
  /// A function.
  case function(String)
  /// An input of the graph.
  case input(Name)
  /// An output of the graph.
  case output(Name)
  /// What is said of a value of the graph.
  case value(Name)
  /// A tensor that is an initializer, or a document of its own.
  case tensor(Name)
  /// A node.
  case node(ONNXNodePlace)
  /// An attribute of a node.
  case attribute(String, ONNXNodePlace)
  /// The default of an attribute of a function.
  case defaultValue(String, function: String)
}

extension ONNXNodePlace: CustomStringConvertible {
  /// The place in words.
  public var description: String {
    let title = name.isEmpty ? "node \(index)" : "node \(index) \"\(name)\""
    let scope = function.map { " of function \($0)" } ?? ""
    return operatorType.isEmpty ? title + scope : "\(title) (\(operatorType))\(scope)"
  }
}

extension ONNXPlace: CustomStringConvertible {
  /// The place in words.
  public var description: String {
    switch self {
    case .model: "the model"
    case .graph: "the graph"
    case .function(let name): "function \(name)"
    case .input(let name): "input \"\(name)\""
    case .output(let name): "output \"\(name)\""
    case .value(let name): "value \"\(name)\""
    case .tensor(let name): name.isEmpty ? "the tensor" : "tensor \"\(name)\""
    case .node(let node): "\(node)"
    case .attribute(let name, let node): "attribute \(name) of \(node)"
    case .defaultValue(let name, let function): "attribute \(name) of function \(function)"
    }
  }
}
