public import EspalierGraph

extension Model {
  /// The model with its float32 parameters stored in another form, each number rounded to the nearest.
  ///
  /// Scales of a single number, such as those of a target's unit, stay as they are.
  ///
  /// - Precondition: `element` is float32, float16 or bfloat16.
  public func storing(_ element: ElementType) -> Model {
    let stored = heads.map { head in
      Head(
        name: head.name, sources: head.sources, graph: head.graph.storing(element),
        description: head.description)
    }
    do throws(GraphError) {
      return try Model(
        trunk: trunk.replacing(graph: trunk.graph.storing(element)), heads: stored)
    } catch {
      preconditionFailure("the form of parameters changes nothing else: \(error)")
    }
  }

  /// The first parameter that holds an infinite number, as rounding to float16 leaves beyond 65,504; nil for none.
  public var firstOverflow: Name? {
    for graph in [trunk.graph] + heads.map({ $0.graph }) {
      for parameter in graph.parameters where parameter.type.element == .float32 {
        if parameter.values.contains(where: { $0.isInfinite }) { return parameter.name }
      }
    }
    return nil
  }
}

extension Graph {
  fileprivate func storing(_ element: ElementType) -> Graph {
    Graph(
      inputs: inputs, parameters: parameters.map { $0.storing(element) }, nodes: nodes,
      outputs: outputs)
  }
}

extension Parameter {
  fileprivate func storing(_ element: ElementType) -> Parameter {
    guard type.element == .float32, elementCount > 1, stored != element else { return self }
    let storage =
      switch element {
      case .float32: TensorStorage(values)
      case .float16: TensorStorage(halves: values.map { $0.float16 })
      case .bfloat16: TensorStorage(halves: values.map { $0.bfloat16 })
      case .int8, .uint8, .int32, .int64, .bool, .float64:
        preconditionFailure("weights are not stored as \(element)")
      }
    return Parameter(name: name, type: type, stored: element, storage: storage)
  }
}
