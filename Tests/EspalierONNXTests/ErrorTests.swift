import EspalierFormat
import EspalierGraph
@_spi(Testing) import EspalierONNX
import EspalierWriter
import Testing

/// One test for each case of `ONNXError`, in the order of the cases.
///
/// `overLimit` is in LimitTests, `badTensor` in TensorErrorTests, `badExternalData` in ExternalDataTests;
/// `recursiveFunctions`, `tooManyArguments` and `wrongAttributeKind` are in InliningTests.
@Suite struct ErrorTests {
  private var attributePlace: ONNXPlace { .attribute("a", nodePlace(0, "", "Op")) }

  @Test func handMadeDocumentsAreValid() throws {
    #expect(try ONNXModel(withGraph { _ in }).graph.nodes.isEmpty)
    #expect(try ONNXModel(withAttribute { $0.element(20, number: 2) }).graph.nodes.count == 1)
    #expect(try ONNXModel(withFunction { _ in }).functions.count == 1)
  }

  @Test func unreadable() {
    #expect(throws: ONNXError.unreadable(.fileProblem(.open, code: 2))) {
      try ONNXModel(contentsOf: "/nonexistent/model.onnx")
    }
    #expect(throws: ONNXError.unreadable(.fileProblem(.open, code: 21))) {
      try ONNXModel(contentsOf: "/")
    }
    #expect(throws: ONNXError.unreadable(.fileProblem(.open, code: 29))) {
      try ONNXModel(contentsOf: "/dev/zero")
    }
  }

  @Test func notWritten() {
    let path = "/nonexistent/model.onnx"
    #expect(throws: ONNXError.notWritten(.fileProblem(.create, path: path, code: 2))) {
      try Documents.small().write(to: path)
    }
  }

  @Test func notONNX() {
    expectError(.notONNX, utf8("a model"))
    expectError(.notONNX, [0x0A])
    #expect(throws: ONNXError.notONNX) { try ONNXTensor([0xFF]) }
  }

  @Test func outOfMemory() throws {
    var limits = ONNXLimits()
    limits.failingAllocation = 3
    expectError(.outOfMemory, try Documents.small().encoded(), limits: limits)
  }

  @Test func unsupportedIRVersion() throws {
    for version in [2, 15, -1] {
      try expectError(.unsupportedIRVersion(Int64(version))) { $0.irVersion = version }
    }
    expectError(.unsupportedIRVersion(nil), [])
    #expect(ONNXError.unsupportedIRVersion(15).description.contains("3 to 14"))
  }

  @Test func unsupportedOpset() throws {
    for version in [0, 5, 29] {
      try expectError(.unsupportedOpset(Int64(version), .model)) {
        $0.opsets = [ONNXOpset(version: version)]
      }
    }
    #expect(ONNXError.unsupportedOpset(5, .model).description.contains("6 to 28"))
    expectError(
      .unsupportedOpset(29, .function("f")),
      withFunction { $0.element(9) { $0.element(2, number: 29) } })
  }

  @Test func duplicateOpset() throws {
    try expectError(.duplicateOpset(domain: "", .model)) {
      $0.opsets = [ONNXOpset(version: 17), ONNXOpset("ai.onnx", version: 18)]
    }
    try expectError(.duplicateOpset(domain: "d", .model)) {
      $0.opsets += [ONNXOpset("d", version: 1), ONNXOpset("d", version: 2)]
    }
  }

  @Test func badOpset() throws {
    try expectError(.badOpset(domain: "d", -1, .model)) {
      $0.opsets += [ONNXOpset("d", version: -1)]
    }
  }

  @Test func noOpset() throws {
    try expectError(.noOpset(domain: "", .node(nodePlace(0, "product", "MatMul")))) {
      $0.opsets = []
    }
    try expectError(.noOpset(domain: "d", .node(nodePlace(1, "sum", "Add")))) {
      $0.graph.nodes[1].domain = "d"
    }
    expectError(
      .noOpset(domain: "", .node(nodePlace(0, "", "Op", function: "f"))),
      withFunction { $0.element(7) { $0.element(4, utf8("Op")) } })
  }

  @Test func noGraph() {
    expectError(.noGraph, wire { $0.element(1, number: 8) })
  }

  @Test func noOutputs() throws {
    try expectError(.noOutputs) { $0.graph.outputs = [] }
  }

  @Test func sparseInitializers() {
    expectError(
      .sparseInitializers(2),
      withGraph {
        $0.element(15, [])
        $0.element(15, [1])
      })
  }

  @Test(arguments: [[], [0x61, 0x00], [0x0A], [0xC0, 0x80], [0xFF], [0x7F]] as [[UInt8]])
  func badName(_ utf8: [UInt8]) throws {
    let name = Name(utf8: utf8)
    try expectError(.badName(.input(""))) { $0.graph.inputs[0].name = name }
    try expectError(.badName(.output(""))) { $0.graph.outputs[0].name = name }
    try expectError(.badName(.value(""))) { $0.graph.values = [ONNXValueInfo(name, .unknown)] }
    try expectError(.badName(.tensor(""))) { $0.graph.initializers[0].name = name }
    guard !utf8.isEmpty else { return }
    let place = ONNXPlace.node(nodePlace(0, "product", "MatMul"))
    try expectError(.badName(.node(nodePlace(0, "", "")))) { $0.graph.nodes[0].name = name }
    try expectError(.badName(place)) { $0.graph.nodes[0].inputs[0] = name }
    try expectError(.badName(place)) { $0.graph.nodes[0].outputs[0] = name }
    try expectError(.badName(.graph)) { $0.graph.name = name }
  }

  @Test func badNameOfAnOperatorOrAttribute() throws {
    try expectError(.badName(.node(nodePlace(1, "sum", "")))) {
      $0.graph.nodes[1].operatorType = ""
    }
    try expectError(.badName(.attribute("", nodePlace(0, "product", "MatMul")))) {
      $0.graph.nodes[0].attributes = [ONNXAttribute("", .int(1))]
    }
  }

  @Test func duplicateValue() throws {
    try expectError(.duplicateValue("s", .node(nodePlace(2, "", "Relu")))) {
      $0.graph.nodes[2].outputs = ["s", "y"]
    }
    try expectError(.duplicateValue("y", .node(nodePlace(2, "", "Relu")))) {
      $0.graph.nodes[2].outputs = ["y", "y"]
    }
    try expectError(.duplicateValue("x", .node(nodePlace(2, "", "Relu")))) {
      $0.graph.nodes[2].outputs = ["y", "x"]
    }
    try expectError(.duplicateValue("w", .node(nodePlace(2, "", "Relu")))) {
      $0.graph.nodes[2].outputs = ["y", "w"]
    }
    try expectError(.duplicateValue("x", .input("x"))) { $0.graph.inputs += $0.graph.inputs }
    try expectError(.duplicateValue("w", .tensor("w"))) {
      $0.graph.initializers += $0.graph.initializers
    }
    expectError(
      .duplicateValue("i", .function("f")),
      withFunction {
        $0.element(4, utf8("i"))
        $0.element(4, utf8("i"))
      })
  }

  @Test func duplicateInfo() throws {
    try expectError(.duplicateInfo("y", .output("y"))) { $0.graph.outputs += $0.graph.outputs }
    try expectError(.duplicateInfo("p", .value("p"))) {
      $0.graph.values = [ONNXValueInfo("p", .unknown), ONNXValueInfo("p", .unknown)]
    }
  }

  @Test func unknownValue() throws {
    try expectError(.unknownValue("q", .node(nodePlace(1, "sum", "Add")))) {
      $0.graph.nodes[1].inputs = ["p", "q"]
    }
    try expectError(.unknownValue("q", .output("q"))) { $0.graph.outputs[0].name = "q" }
    expectError(.unknownValue("o", .function("f")), withFunction { $0.element(5, utf8("o")) })
    expectError(
      .unknownValue("x", .node(nodePlace(0, "", "Op", function: "f"))),
      withFunction {
        $0.element(7) {
          $0.element(1, utf8("x"))
          $0.element(4, utf8("Op"))
        }
        $0.element(9) { $0.element(2, number: 17) }
      })
  }

  @Test func cycle() throws {
    try expectError(.cycle([nodePlace(1, "sum", "Add"), nodePlace(2, "", "Relu")])) {
      $0.graph.nodes[1].inputs = ["p", "y"]
    }
    try expectError(.cycle([nodePlace(2, "", "Relu")])) { $0.graph.nodes[2].inputs = ["y"] }
    let error = ONNXError.cycle((0..<20).map { nodePlace($0, "n", "Op") })
    #expect(error.description.hasSuffix("node 7 \"n\" (Op) -> 12 more -> node 0 \"n\" (Op)"))
  }

  @Test func badDimension() throws {
    for fields in [(-2, nil), (.min, nil), (3, "n")] as [(Int64, String?)] {
      let file = withGraph {
        $0.element(13) {
          $0.element(1, utf8("v"))
          $0.element(2) {
            $0.element(1) {
              $0.element(1, number: 1)
              $0.element(2) {
                $0.element(1) {
                  $0.element(1, number: fields.0)
                  if let symbol = fields.1 { $0.element(2, utf8(symbol)) }
                }
              }
            }
          }
        }
      }
      expectError(.badDimension(.value("v")), file)
    }
  }

  @Test func ambiguousType() {
    expectError(
      .ambiguousType(.value("v")),
      withGraph {
        $0.element(13) {
          $0.element(1, utf8("v"))
          $0.element(2) {
            $0.element(1) { $0.element(1, number: 1) }
            $0.element(4, [])
          }
        }
      })
  }

  @Test func unknownElementType() {
    expectError(
      .unknownElementType(29, .value("v")),
      withGraph {
        $0.element(13) {
          $0.element(1, utf8("v"))
          $0.element(2) { $0.element(1) { $0.element(1, number: 29) } }
        }
      })
  }

  @Test func duplicateAttribute() throws {
    try expectError(.duplicateAttribute(.attribute("a", nodePlace(0, "product", "MatMul")))) {
      $0.graph.nodes[0].attributes = [ONNXAttribute("a", .int(1)), ONNXAttribute("a", .int(1))]
    }
    let attribute = wire {
      $0.element(11) {
        $0.element(1, utf8("a"))
        $0.element(20, number: 2)
      }
    }
    expectError(
      .duplicateAttribute(.defaultValue("a", function: "f")),
      withFunction { $0.raw(attribute + attribute) })
  }

  @Test func unknownAttributeKind() {
    expectError(
      .unknownAttributeKind(0, attributePlace), withAttribute { $0.element(3, number: 1) })
    expectError(
      .unknownAttributeKind(15, attributePlace), withAttribute { $0.element(20, number: 15) })
    expectError(
      .unknownAttributeKind(-1, attributePlace), withAttribute { $0.element(20, number: -1) })
  }

  @Test func strayAttributeValue() {
    expectError(
      .strayAttributeValue(.int, attributePlace),
      withAttribute {
        $0.element(2, float: 1)
        $0.element(20, number: 2)
      })
    expectError(
      .strayAttributeValue(.ints, attributePlace),
      withAttribute {
        $0.element(3, number: 1)
        $0.element(8, number: 1)
        $0.element(20, number: 7)
      })
  }

  @Test func missingAttributeValue() {
    let kinds: [ONNXAttribute.Kind] = [.tensor, .graph, .sparseTensor, .type]
    for kind in kinds {
      expectError(
        .missingAttributeValue(kind, attributePlace),
        withAttribute { $0.element(20, number: Int64(kind.rawValue)) })
    }
  }

  /// A number or text that is zero or empty need not be written.
  @Test func missingNumbersAreZero() throws {
    let values: [ONNXAttribute.Kind: ONNXAttribute.Value] = [
      .float: .float(0), .int: .int(0), .string: .string(""), .floats: .floats([]),
      .ints: .ints([]), .strings: .strings([]), .tensors: .tensors([]), .graphs: .graphs([]),
      .sparseTensors: .sparseTensors([]), .types: .types([]),
    ]
    for (kind, value) in values {
      let model = try ONNXModel(withAttribute { $0.element(20, number: Int64(kind.rawValue)) })
      #expect(model.graph.nodes[0].attribute("a") == value)
    }
  }

  @Test func referenceOutsideFunction() throws {
    try expectError(.referenceOutsideFunction(.attribute("a", nodePlace(0, "product", "MatMul")))) {
      $0.graph.nodes[0].attributes = [ONNXAttribute("a", .reference("b", .int))]
    }
    expectError(
      .referenceOutsideFunction(.defaultValue("a", function: "f")),
      withFunction {
        $0.element(11) {
          $0.element(1, utf8("a"))
          $0.element(20, number: 2)
          $0.element(21, utf8("b"))
        }
      })
  }

  @Test func duplicateFunction() {
    let function = wire { $0.element(25) { $0.element(1, utf8("f")) } }
    expectError(.duplicateFunction("f"), withFunction { _ in } + function)
  }

  @Test func tooLargeToWrite() {
    // Four initializers share the memory that is never written to.
    let numbers = TensorStorage.filled(byteCount: 1 << 29) { _ in }
    var model = Documents.small()
    model.graph.initializers += (0..<4).map {
      ONNXTensor(name: Name("t\($0)"), .uint8, dimensions: [1 << 29], numbers: numbers)
    }
    #expect {
      try model.write(to: "/nonexistent/model.onnx")
    } throws: { error in
      guard case .tooLargeToWrite(let bytes, limit: 2_147_483_647) = error as? ONNXError else {
        return false
      }
      return bytes > 1 << 31
    }
  }
}
