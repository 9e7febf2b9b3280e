import EspalierFormat
import EspalierGraph
@_spi(Testing) import EspalierONNX
import EspalierWriter
import Testing

/// The least memory limit, up to 1 MiB, with which something succeeds.
func leastMemory(_ succeeds: (ONNXLimits) -> Bool) -> Int {
  var range = 0..<1 << 20
  while !range.isEmpty {
    let middle = (range.lowerBound + range.upperBound) / 2
    var limits = ONNXLimits()
    limits.memoryBytes = middle
    range = succeeds(limits) ? range.lowerBound..<middle : middle + 1..<range.upperBound
  }
  return range.lowerBound
}

/// One test for each case of `ONNXError`, in the order of the cases.
///
/// `badTensor` is in TensorErrorTests, `badExternalData` in ExternalDataTests; `recursiveFunctions`, `tooManyArguments`
/// and `wrongAttributeKind` are in InliningTests.
@Suite struct ErrorTests {
  /// The place of a node of the graph.
  private func node(
    _ index: Int, _ name: Name, _ operatorType: String, function: String? = nil
  ) -> ONNXNodePlace {
    ONNXNodePlace(function: function, index: index, name: name, operatorType: operatorType)
  }

  private func expect(
    _ error: ONNXError, _ bytes: [UInt8], limits: ONNXLimits = ONNXLimits(),
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: location) { try ONNXModel(bytes, limits: limits) }
    #expect(!error.description.isEmpty, sourceLocation: location)
  }

  /// Expects an error of the small document after a change.
  private func expect(
    _ error: ONNXError, limits: ONNXLimits = ONNXLimits(),
    at location: SourceLocation = #_sourceLocation, _ change: (inout ONNXModel) -> Void
  ) throws {
    var model = Documents.small()
    change(&model)
    expect(error, try model.encoded(), limits: limits, at: location)
  }

  /// A document whose graph passes its input on and has more fields.
  private func withGraph(_ fields: (inout ProtobufEncoder) -> Void) -> [UInt8] {
    wire {
      $0.element(1, number: 8)
      $0.element(7) {
        fields(&$0)
        $0.element(11) { $0.element(1, utf8("x")) }
        $0.element(12) { $0.element(1, utf8("x")) }
      }
      $0.element(8) { $0.element(2, number: 17) }
    }
  }

  /// A document with a node that has one attribute, made by hand.
  private func withAttribute(_ fields: (inout ProtobufEncoder) -> Void) -> [UInt8] {
    withGraph {
      $0.element(1) {
        $0.element(4, utf8("Op"))
        $0.element(5) {
          $0.element(1, utf8("a"))
          fields(&$0)
        }
      }
    }
  }

  /// A document with a function that has one field besides a name, made by hand.
  private func withFunction(_ fields: (inout ProtobufEncoder) -> Void) -> [UInt8] {
    withGraph { _ in }
      + wire {
        $0.element(25) {
          $0.element(1, utf8("f"))
          fields(&$0)
        }
      }
  }

  private var attributePlace: ONNXPlace { .attribute("a", node(0, "", "Op")) }

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
    #expect(throws: ONNXError.notWritten(.fileProblem(.create, code: 2))) {
      try Documents.small().write(to: "/nonexistent/model.onnx")
    }
  }

  @Test func notONNX() {
    expect(.notONNX, utf8("a model"))
    expect(.notONNX, [0x0A])
    #expect(throws: ONNXError.notONNX) { try ONNXTensor([0xFF]) }
  }

  @Test func outOfMemory() throws {
    var limits = ONNXLimits()
    limits.failingAllocation = 3
    expect(.outOfMemory, try Documents.small().encoded(), limits: limits)
  }

  @Test func overLimitMemory() throws {
    let file = try Documents.small().encoded()
    var limits = ONNXLimits()
    limits.memoryBytes = file.count - 1
    expect(
      .overLimit(.memory, found: file.count, limit: file.count - 1, .model), file, limits: limits)
    // Enough for the file, but not for what it becomes.
    limits.memoryBytes = 1000
    #expect {
      try ONNXModel(file, limits: limits)
    } throws: { error in
      guard case .overLimit(.memory, let found, _, .model) = error as? ONNXError else {
        return false
      }
      return found > 1000 - file.count
    }
    // One byte less than all takes, of which the last are numbers.
    let enough = leastMemory { limits in (try? ONNXModel(file, limits: limits)) != nil }
    limits.memoryBytes = enough - 1
    expect(
      .overLimit(.memory, found: enough, limit: enough - 1, .tensor("bias")), file, limits: limits)
  }

  /// An empty attribute takes two bytes of a file and hundreds of memory.
  @Test func overLimitMemoryOfAFileThatUnpacksToMuch() {
    let file = withGraph { graph in
      graph.element(1) { node in for _ in 0..<500_000 { node.element(5, []) } }
    }
    #expect {
      try ONNXModel(file)
    } throws: { error in
      guard case .overLimit(.memory, _, limit: 1 << 26, .model) = error as? ONNXError else {
        return false
      }
      return true
    }
  }

  @Test func overLimitNodes() throws {
    var limits = ONNXLimits()
    limits.nodes = 2
    try expect(.overLimit(.nodes, found: 3, limit: 2, .graph), limits: limits) { _ in }
    // Nodes of the graph and of functions count together.
    limits.nodes = 3
    try expect(.overLimit(.nodes, found: 4, limit: 3, .function("l.F")), limits: limits) {
      $0.functions = [
        ONNXFunction(
          "F", domain: "l", inputs: [], outputs: ["o"],
          nodes: [ONNXNode("Constant", inputs: [], outputs: ["o"])],
          opsets: [ONNXOpset(version: 17)])
      ]
    }
  }

  @Test func overLimitListCount() throws {
    var limits = ONNXLimits()
    limits.listCount = 3
    try expect(
      .overLimit(.listCount, found: 4, limit: 3, .node(node(0, "", "Sum"))), limits: limits
    ) {
      $0.graph.nodes = [ONNXNode("Sum", inputs: ["x", "x", "x", "x"], outputs: ["y"])]
    }
    try expect(.overLimit(.listCount, found: 4, limit: 3, .model), limits: limits) {
      $0.metadata = Array(repeating: ONNXNote("k", "v"), count: 4)
    }
  }

  @Test func overLimitNameBytes() throws {
    var limits = ONNXLimits()
    limits.nameBytes = 10
    let long = Name(utf8: Array(repeating: 0x61, count: 11))
    try expect(
      .overLimit(.nameBytes, found: 11, limit: 10, .node(node(0, "", ""))), limits: limits
    ) { $0.graph.nodes[0].name = long }
    try expect(.overLimit(.nameBytes, found: 11, limit: 10, .input("")), limits: limits) {
      $0.graph.inputs[0].name = long
    }
  }

  @Test func overLimitRank() throws {
    var limits = ONNXLimits()
    limits.rank = 1
    try expect(.overLimit(.rank, found: 2, limit: 1, .input("x")), limits: limits) { _ in }
    try expect(.overLimit(.rank, found: 65, limit: 64, .tensor("w"))) {
      $0.graph.initializers[0] = ONNXTensor(
        name: "w", dimensions: Array(repeating: 1, count: 65), floats: [1])
    }
  }

  @Test func unsupportedIRVersion() throws {
    for version in [2, 15, -1] {
      try expect(.unsupportedIRVersion(Int64(version))) { $0.irVersion = version }
    }
    expect(.unsupportedIRVersion(nil), [])
    #expect(ONNXError.unsupportedIRVersion(15).description.contains("3 to 14"))
  }

  @Test func unsupportedOpset() throws {
    for version in [0, 5, 29] {
      try expect(.unsupportedOpset(Int64(version), .model)) {
        $0.opsets = [ONNXOpset(version: version)]
      }
    }
    #expect(ONNXError.unsupportedOpset(5, .model).description.contains("6 to 28"))
    expect(
      .unsupportedOpset(29, .function("f")),
      withFunction { $0.element(9) { $0.element(2, number: 29) } })
  }

  @Test func duplicateOpset() throws {
    try expect(.duplicateOpset(domain: "", .model)) {
      $0.opsets = [ONNXOpset(version: 17), ONNXOpset("ai.onnx", version: 18)]
    }
    try expect(.duplicateOpset(domain: "d", .model)) {
      $0.opsets += [ONNXOpset("d", version: 1), ONNXOpset("d", version: 2)]
    }
  }

  @Test func badOpset() throws {
    try expect(.badOpset(domain: "d", -1, .model)) { $0.opsets += [ONNXOpset("d", version: -1)] }
  }

  @Test func noOpset() throws {
    try expect(.noOpset(domain: "", .node(node(0, "product", "MatMul")))) { $0.opsets = [] }
    try expect(.noOpset(domain: "d", .node(node(1, "sum", "Add")))) {
      $0.graph.nodes[1].domain = "d"
    }
    expect(
      .noOpset(domain: "", .node(node(0, "", "Op", function: "f"))),
      withFunction { $0.element(7) { $0.element(4, utf8("Op")) } })
  }

  @Test func noGraph() {
    expect(.noGraph, wire { $0.element(1, number: 8) })
  }

  @Test func noOutputs() throws {
    try expect(.noOutputs) { $0.graph.outputs = [] }
  }

  @Test func sparseInitializers() {
    expect(
      .sparseInitializers(2),
      withGraph {
        $0.element(15, [])
        $0.element(15, [1])
      })
  }

  @Test(arguments: [[], [0x61, 0x00], [0x0A], [0xC0, 0x80], [0xFF], [0x7F]] as [[UInt8]])
  func badName(_ utf8: [UInt8]) throws {
    let name = Name(utf8: utf8)
    try expect(.badName(.input(""))) { $0.graph.inputs[0].name = name }
    try expect(.badName(.output(""))) { $0.graph.outputs[0].name = name }
    try expect(.badName(.value(""))) { $0.graph.values = [ONNXValueInfo(name, .unknown)] }
    try expect(.badName(.tensor(""))) { $0.graph.initializers[0].name = name }
    guard !utf8.isEmpty else { return }
    let place = ONNXPlace.node(node(0, "product", "MatMul"))
    try expect(.badName(.node(node(0, "", "")))) { $0.graph.nodes[0].name = name }
    try expect(.badName(place)) { $0.graph.nodes[0].inputs[0] = name }
    try expect(.badName(place)) { $0.graph.nodes[0].outputs[0] = name }
    try expect(.badName(.graph)) { $0.graph.name = name }
  }

  @Test func badNameOfAnOperatorOrAttribute() throws {
    try expect(.badName(.node(node(1, "sum", "")))) { $0.graph.nodes[1].operatorType = "" }
    try expect(.badName(.attribute("", node(0, "product", "MatMul")))) {
      $0.graph.nodes[0].attributes = [ONNXAttribute("", .int(1))]
    }
  }

  @Test func duplicateValue() throws {
    try expect(.duplicateValue("s", .node(node(2, "", "Relu")))) {
      $0.graph.nodes[2].outputs = ["s", "y"]
    }
    try expect(.duplicateValue("y", .node(node(2, "", "Relu")))) {
      $0.graph.nodes[2].outputs = ["y", "y"]
    }
    try expect(.duplicateValue("x", .node(node(2, "", "Relu")))) {
      $0.graph.nodes[2].outputs = ["y", "x"]
    }
    try expect(.duplicateValue("w", .node(node(2, "", "Relu")))) {
      $0.graph.nodes[2].outputs = ["y", "w"]
    }
    try expect(.duplicateValue("x", .input("x"))) { $0.graph.inputs += $0.graph.inputs }
    try expect(.duplicateValue("w", .tensor("w"))) {
      $0.graph.initializers += $0.graph.initializers
    }
    expect(
      .duplicateValue("i", .function("f")),
      withFunction {
        $0.element(4, utf8("i"))
        $0.element(4, utf8("i"))
      })
  }

  @Test func duplicateInfo() throws {
    try expect(.duplicateInfo("y", .output("y"))) { $0.graph.outputs += $0.graph.outputs }
    try expect(.duplicateInfo("p", .value("p"))) {
      $0.graph.values = [ONNXValueInfo("p", .unknown), ONNXValueInfo("p", .unknown)]
    }
  }

  @Test func unknownValue() throws {
    try expect(.unknownValue("q", .node(node(1, "sum", "Add")))) {
      $0.graph.nodes[1].inputs = ["p", "q"]
    }
    try expect(.unknownValue("q", .output("q"))) { $0.graph.outputs[0].name = "q" }
    expect(.unknownValue("o", .function("f")), withFunction { $0.element(5, utf8("o")) })
    expect(
      .unknownValue("x", .node(node(0, "", "Op", function: "f"))),
      withFunction {
        $0.element(7) {
          $0.element(1, utf8("x"))
          $0.element(4, utf8("Op"))
        }
        $0.element(9) { $0.element(2, number: 17) }
      })
  }

  @Test func cycle() throws {
    try expect(.cycle([node(1, "sum", "Add"), node(2, "", "Relu")])) {
      $0.graph.nodes[1].inputs = ["p", "y"]
    }
    try expect(.cycle([node(2, "", "Relu")])) { $0.graph.nodes[2].inputs = ["y"] }
    let error = ONNXError.cycle((0..<20).map { node($0, "n", "Op") })
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
      expect(.badDimension(.value("v")), file)
    }
  }

  @Test func ambiguousType() {
    expect(
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
    expect(
      .unknownElementType(29, .value("v")),
      withGraph {
        $0.element(13) {
          $0.element(1, utf8("v"))
          $0.element(2) { $0.element(1) { $0.element(1, number: 29) } }
        }
      })
  }

  @Test func duplicateAttribute() throws {
    try expect(.duplicateAttribute(.attribute("a", node(0, "product", "MatMul")))) {
      $0.graph.nodes[0].attributes = [ONNXAttribute("a", .int(1)), ONNXAttribute("a", .int(1))]
    }
  }

  @Test func unknownAttributeKind() {
    expect(.unknownAttributeKind(0, attributePlace), withAttribute { $0.element(3, number: 1) })
    expect(.unknownAttributeKind(15, attributePlace), withAttribute { $0.element(20, number: 15) })
    expect(.unknownAttributeKind(-1, attributePlace), withAttribute { $0.element(20, number: -1) })
  }

  @Test func strayAttributeValue() {
    expect(
      .strayAttributeValue(.int, attributePlace),
      withAttribute {
        $0.element(2, float: 1)
        $0.element(20, number: 2)
      })
    expect(
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
      expect(
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
    try expect(.referenceOutsideFunction(.attribute("a", node(0, "product", "MatMul")))) {
      $0.graph.nodes[0].attributes = [ONNXAttribute("a", .reference("b", .int))]
    }
    expect(
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
    expect(.duplicateFunction("f"), withFunction { _ in } + function)
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
