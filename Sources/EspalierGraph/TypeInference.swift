extension Graph {
  /// The type of every value, by the operators' shape rules.
  ///
  /// - Parameters:
  ///   - inputTypes: the types of the inputs, in order.
  ///   - head: the head whose graph this is, for messages; nil for the trunk.
  /// - Throws: `GraphError.undefinedValue` or `GraphError.invalidNode` for the first node that does not fit.
  public func inferTypes(
    inputs inputTypes: [TensorType], head: Name? = nil
  ) throws(GraphError) -> [TensorType] {
    var types = inputTypes
    types.reserveCapacity(valueCount)
    for parameter in parameters { types.append(parameter.type) }
    for (index, node) in nodes.enumerated() {
      var operands: [TensorType] = []
      for input in node.inputs {
        guard types.indices.contains(input.index) else {
          throw .undefinedValue(input.index, NodePlace(head: head, index: index, name: node.name))
        }
        operands.append(types[input.index])
      }
      do {
        types.append(try node.operator.outputType(of: operands))
      } catch {
        throw .invalidNode(error, NodePlace(head: head, index: index, name: node.name))
      }
    }
    return types
  }
}
