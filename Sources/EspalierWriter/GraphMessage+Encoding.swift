package import EspalierFormat
package import EspalierGraph

extension ProtobufEncoder {
  /// A `Graph` message.
  ///
  /// - Parameters:
  ///   - weights: the sections that the parameters lie in.
  ///   - places: where each parameter lies.
  package mutating func graph(
    _ graph: Graph, weights: [WeightsReference], places: [ParameterPlace]
  ) {
    for section in weights {
      element(1) {
        $0.name(1, section.name)
        $0.element(2, section.digest.bytes)
      }
    }
    for input in graph.inputs { element(2) { $0.input(input) } }
    for (parameter, place) in zip(graph.parameters, places) {
      element(3) {
        $0.name(1, parameter.name)
        $0.number(2, parameter.type.element.rawValue)
        $0.packed(3, parameter.type.shape.sizes.map { UInt64($0) })
        $0.number(4, place.section)
        $0.number(5, place.offset)
        if parameter.stored != parameter.type.element { $0.number(6, parameter.stored.rawValue) }
      }
    }
    for node in graph.nodes { element(4) { $0.node(node) } }
    for output in graph.outputs {
      element(5) {
        $0.name(1, output.name)
        $0.number(2, output.value.index)
      }
    }
  }

  private mutating func input(_ input: GraphInput) {
    name(1, input.name)
    number(2, input.element.rawValue)
    for dimension in input.dimensions {
      element(3) {
        switch dimension {
        case .fixed(let size): $0.number(1, size)
        case .symbol(let name, let probe):
          if probe != Dimension.usualProbe { $0.number(1, probe) }
          $0.name(2, name)
        case .any: break
        }
      }
    }
  }

  private mutating func node(_ node: Node) {
    number(1, node.operator.kind.rawValue)
    packed(2, node.inputs.map { UInt64($0.index) })
    for attribute in node.operator.attributes {
      element(3) {
        $0.number(1, attribute.key.rawValue)
        switch attribute.value {
        case .integer(let value):
          $0.number(2, AttributeType.integer.rawValue)
          $0.signed(3, value)
        case .integers(let values):
          $0.number(2, AttributeType.integers.rawValue)
          $0.packedSigned(4, values)
        case .number(let value):
          $0.number(2, AttributeType.number.rawValue)
          $0.float(5, value)
        case .numbers(let values):
          $0.number(2, AttributeType.numbers.rawValue)
          $0.packedFloats(6, values)
        }
      }
    }
    name(4, node.name)
  }
}
