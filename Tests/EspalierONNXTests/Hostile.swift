import EspalierGraph
import EspalierONNX

/// Documents around one node, called `hostile`, that wants what it cannot have.
///
/// To add one: a row in the table of HostileMessageTests when its message is worth reading, otherwise an operator or
/// attribute in HostileOperatorTests, which tries all of them with all absurd values.
enum Hostile {
  /// Little enough that nothing which a test asks for takes noticeable time.
  static var limits: ONNXLimits {
    var limits = ONNXLimits()
    limits.foldedBytes = 1 << 20
    limits.foldedOperations = 1 << 22
    return limits
  }

  /// A node that reads `a`, `b`, … and makes `y`; the operator has its domain before it where that is not ONNX's.
  static func node(
    _ type: String, inputs count: Int, outputs: [Name] = ["y"], _ attributes: [ONNXAttribute] = []
  ) -> ONNXNode {
    let parts = type.split(separator: ".").map(String.init)
    return ONNXNode(
      parts[parts.count - 1], domain: parts.dropLast().joined(separator: "."), name: "hostile",
      inputs: Array(names.prefix(count)), outputs: outputs, attributes: attributes)
  }

  /// A document of a node and of what it reads: `a`, `b`, … in the order of the values.
  static func document(_ node: ONNXNode, _ values: [Value], opset: Int = 20) -> ONNXModel {
    var model = Documents.small()
    model.opsets = [ONNXOpset(version: opset)]
    if !node.domain.isEmpty { model.opsets.append(ONNXOpset(node.domain, version: 1)) }
    model.graph = ONNXGraph(
      name: "hostile", nodes: [node],
      inputs: [ONNXValueInfo("unread", .tensor(.float32, dimensions: [.fixed(1)]))],
      outputs: [ONNXValueInfo("y", .unknown)])
    for (name, value) in zip(names, values) {
      switch value {
      case .input(let element, let sizes):
        let dimensions = sizes.map { $0 < 0 ? ONNXDimension.unknown : .fixed($0) }
        model.graph.inputs.append(ONNXValueInfo(name, .tensor(element, dimensions: dimensions)))
      case .constant(var tensor):
        tensor.name = name
        model.graph.initializers.append(tensor)
      }
    }
    return model
  }

  /// What a node reads.
  enum Value {
    /// An input of the document; negative sizes are open.
    case input(ONNXElementType, [Int])
    /// An initializer.
    case constant(ONNXTensor)

    /// A list of integers.
    static func integers(_ numbers: Int64...) -> Value {
      .constant(ONNXTensor(dimensions: [numbers.count], integers: numbers))
    }

    /// One number.
    static func scalar(_ number: Float) -> Value {
      .constant(ONNXTensor(dimensions: [], floats: [number]))
    }
  }

  static let names: [Name] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]

  /// Why a document is refused, after it has been written and read; nil when it is not.
  static func failure(_ document: ONNXModel) -> (any Error)? {
    do {
      return importFailure(try ONNXModel(document.encoded(), limits: limits))
    } catch {
      return error
    }
  }

  /// Why a document is refused that need not be read; nil when it is not.
  static func importFailure(_ document: ONNXModel) -> (any Error)? {
    do {
      _ = try ImportedModel(document, ImportOptions(limits: limits))
      return nil
    } catch {
      return error
    }
  }
}
