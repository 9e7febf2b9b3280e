public import EspalierGraph

/// What nodes of a name of a document's own do.
public struct ONNXFunction: Sendable, Equatable {
  /// What its calls have as operator type.
  public var name: String
  /// What its calls have as domain.
  public var domain: String
  /// What its calls have as overload.
  public var overload: String
  /// The values that calls give, in their order.
  public var inputs: [Name]
  /// The values that calls get, in their order.
  public var outputs: [Name]
  /// The attributes that calls may give and that have no default.
  public var attributes: [String]
  /// The attributes that calls may give, and what they are when they do not.
  public var defaults: [ONNXAttribute]
  /// What it computes; no node reads a value before it is made.
  public var nodes: [ONNXNode]
  /// The versions of the operators in it, each domain once.
  public var opsets: [ONNXOpset]

  /// Makes a function.
  public init(
    _ name: String, domain: String, overload: String = "", inputs: [Name], outputs: [Name],
    attributes: [String] = [], defaults: [ONNXAttribute] = [], nodes: [ONNXNode],
    opsets: [ONNXOpset]
  ) {
    self.name = name
    self.domain = domain
    self.overload = overload
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
    self.defaults = defaults
    self.nodes = nodes
    self.opsets = opsets
  }
}

extension ONNXFunction {
  /// What a node has to have to be a call of a function.
  struct Key: Hashable, CustomStringConvertible {
    let domain: String
    let name: String
    let overload: String

    var description: String {
      let title = domain.isEmpty ? name : "\(domain).\(name)"
      return overload.isEmpty ? title : "\(title):\(overload)"
    }
  }

  var key: Key { Key(domain: domain, name: name, overload: overload) }
}

extension ONNXNode {
  /// The function that the node calls, if there is such a one.
  var key: ONNXFunction.Key {
    ONNXFunction.Key(domain: domain, name: operatorType, overload: overload)
  }
}
