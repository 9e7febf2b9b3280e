import EspalierGraph
import EspalierONNX
import EspalierWriter

/// Documents that tests read, write and break.
enum Documents {
  /// Two layers: `y = Relu(x · w + bias)`.
  static func small() -> ONNXModel {
    ONNXModel(
      irVersion: 8, opsets: [ONNXOpset(version: 17)], producerName: "test", producerVersion: "1",
      graph: ONNXGraph(
        name: "small",
        nodes: [
          ONNXNode("MatMul", name: "product", inputs: ["x", "w"], outputs: ["p"]),
          ONNXNode("Add", name: "sum", inputs: ["p", "bias"], outputs: ["s"]),
          ONNXNode("Relu", inputs: ["s"], outputs: ["y"]),
        ],
        inputs: [
          ONNXValueInfo("x", .tensor(.float32, dimensions: [.symbol("batch"), .fixed(3)]))
        ],
        outputs: [ONNXValueInfo("y", .tensor(.float32, dimensions: [.unknown, .fixed(2)]))],
        initializers: [
          ONNXTensor(name: "w", dimensions: [3, 2], floats: [1, 2, 3, 4, 5, 6]),
          ONNXTensor(name: "bias", dimensions: [2], floats: [-0.5, 0.25]),
        ]))
  }

  /// The small document with some nodes, which make `y` of `x`, instead of its own.
  static func nodes(_ nodes: ONNXNode...) -> ONNXModel {
    var model = small()
    model.graph.nodes = nodes
    return model
  }

  /// An attribute of every kind.
  static let attributes = [
    ONNXAttribute("float", .float(-0.0)),
    ONNXAttribute("int", .int(.min)),
    ONNXAttribute("string", .string(Name(utf8: [0, 0xFF, 0x41]))),
    ONNXAttribute("tensor", .tensor(ONNXTensor(dimensions: [], floats: [1.5]))),
    ONNXAttribute("graph", .graph([1, 2, 3])),
    ONNXAttribute("floats", .floats([0, .infinity, .leastNonzeroMagnitude])),
    ONNXAttribute("ints", .ints([0, -1, .max])),
    ONNXAttribute("strings", .strings(["", "a", "äöü"])),
    ONNXAttribute(
      "tensors",
      .tensors([
        ONNXTensor(dimensions: [0, 7], floats: []),
        ONNXTensor(name: "named", dimensions: [2, 1], strings: ["", "text"]),
      ])),
    ONNXAttribute("graphs", .graphs([[], [4]])),
    ONNXAttribute("sparse", .sparseTensor([5])),
    ONNXAttribute("sparses", .sparseTensors([[6], []])),
    ONNXAttribute("type", .type([7])),
    ONNXAttribute("types", .types([[8], [9]])),
    ONNXAttribute("no floats", .floats([])),
  ]

  /// Everything that a document can have.
  static func everything() -> ONNXModel {
    var model = small()
    model.opsets.append(ONNXOpset("local", version: 1))
    model.metadata = [ONNXNote("license", "any\nlines"), ONNXNote("", "")]
    model.graph.nodes.append(
      ONNXNode(
        "Everything", domain: "local", overload: "second", name: "all", inputs: ["", "y", ""],
        outputs: ["", "z"], attributes: attributes))
    model.graph.values = [
      ONNXValueInfo("p", .unknown),
      ONNXValueInfo("s", .tensor(.bfloat16, dimensions: nil)),
      ONNXValueInfo("gone", .tensor(.undefined, dimensions: [])),
      ONNXValueInfo("sequence", .sequence([1])),
      ONNXValueInfo("map", .map([2])),
      ONNXValueInfo("opaque", .opaque([])),
      ONNXValueInfo("sparse", .sparseTensor([3])),
      ONNXValueInfo("optional", .optional([4])),
    ]
    model.graph.initializers.append(
      ONNXTensor(name: "large", dimensions: [1025], floats: Array(repeating: 0.5, count: 1025)))
    model.functions = [
      ONNXFunction(
        "Scale", domain: "local", overload: "by two", inputs: ["in"], outputs: ["out"],
        attributes: ["factor"], defaults: attributes,
        nodes: [
          ONNXNode(
            "Constant", inputs: [], outputs: ["c"],
            attributes: [ONNXAttribute("value_float", .reference("factor", .float))]),
          ONNXNode("Mul", inputs: ["in", "c"], outputs: ["out"]),
        ],
        opsets: [ONNXOpset(version: 17)])
    ]
    return model
  }
}

extension Documents {
  /// Two calls of a function that calls another, without large tensors.
  static func calling() -> ONNXModel {
    let opsets = [ONNXOpset(version: 17), ONNXOpset("l", version: 1)]
    var model = nodes(
      ONNXNode("Block", domain: "l", name: "a", inputs: ["x"], outputs: ["h"]),
      ONNXNode(
        "Block", domain: "l", inputs: ["h"], outputs: ["y"],
        attributes: [ONNXAttribute("alpha", .float(2))]))
    model.opsets = opsets
    model.functions = [
      ONNXFunction(
        "Block", domain: "l", inputs: ["i"], outputs: ["o"],
        defaults: [ONNXAttribute("alpha", .float(1))],
        nodes: [
          ONNXNode("Twice", domain: "l", inputs: ["i"], outputs: ["m"]),
          ONNXNode(
            "Elu", inputs: ["m"], outputs: ["o"],
            attributes: [ONNXAttribute("alpha", .reference("alpha", .float))]),
        ],
        opsets: opsets),
      ONNXFunction(
        "Twice", domain: "l", inputs: ["i"], outputs: ["o"],
        nodes: [ONNXNode("Add", inputs: ["i", "i"], outputs: ["o"])], opsets: opsets),
    ]
    return model
  }
}

/// A message of fields that the caller writes in any order.
func wire(_ body: (inout ProtobufEncoder) -> Void) -> [UInt8] {
  var message = ProtobufEncoder()
  body(&message)
  return message.bytes
}

/// The bytes of text.
func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

extension ONNXTensor {
  /// The numbers as bytes.
  var bytes: [UInt8] { numbers.withUnsafeBytes { Array($0) } }
}
