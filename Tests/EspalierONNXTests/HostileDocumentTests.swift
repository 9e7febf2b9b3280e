import EspalierGraph
import EspalierONNX
import Testing

/// Documents that are hostile as a whole: they claim too much, multiply what little they have, or say what cannot be.
///
/// Cycles, duplicate names and missing values are in ErrorTests, tensors in TensorErrorTests, functions that call
/// themselves in InliningTests, files beside the document in ExternalDataTests.
@Suite struct HostileDocumentTests {
  @Test func constantsThatDouble() {
    var model = Documents.small()
    model.graph.initializers = [ONNXTensor(name: "c0", dimensions: [1], floats: [1])]
    model.graph.nodes = (0..<60).map { index in
      ONNXNode(
        "Concat", name: Name("double \(index)"),
        inputs: [Name("c\(index)"), Name("c\(index)")], outputs: [Name("c\(index + 1)")],
        attributes: [ONNXAttribute("axis", .int(0))])
    }
    model.graph.outputs = [ONNXValueInfo("c60", .unknown)]
    expect(
      model,
      """
      1 node cannot be converted:
        Concat (1): its result is a constant of 262144 float32, more memory than
          converting may take
          at double 17
          check the sizes that it is given
      42 more nodes depend on it and were not looked at
      """)
  }

  @Test func operationsThatMultiply() {
    var model = Documents.small()
    model.graph.initializers = [
      ONNXTensor(name: "w0", dimensions: [128, 128], floats: Array(repeating: 1, count: 1 << 14))
    ]
    model.graph.nodes = (0..<60).map { index in
      ONNXNode(
        "MatMul", name: Name("square \(index)"),
        inputs: [Name("w\(index)"), Name("w\(index)")], outputs: [Name("w\(index + 1)")])
    }
    model.graph.outputs = [ONNXValueInfo("w60", .unknown)]
    expect(
      model,
      """
      1 node cannot be converted:
        MatMul (1): its result is a constant that takes too long to compute while
          converting
          at square 1
          export the network so that it is computed of an input, or stored
      58 more nodes depend on it and were not looked at
      """)
  }

  @Test func sizesThatDouble() {
    var model = Documents.nodes()
    model.graph.nodes = (0..<60).map { index in
      ONNXNode(
        "Concat", name: Name("double \(index)"),
        inputs: index == 0 ? ["x", "x"] : [Name("c\(index)"), Name("c\(index)")],
        outputs: [Name("c\(index + 1)")], attributes: [ONNXAttribute("axis", .int(1))])
    }
    model.graph.outputs = [ONNXValueInfo("c60", .unknown)]
    expect(
      model,
      """
      1 node cannot be converted:
        Concat (1): the output has too many elements
          at double 28
      31 more nodes depend on it and were not looked at
      """)
  }

  /// Sums that double need not be computed.
  @Test func sumsThatDouble() throws {
    var model = Documents.nodes()
    model.graph.nodes = (0..<60).map { index in
      ONNXNode(
        "Add", inputs: index == 0 ? ["x", "x"] : [Name("c\(index)"), Name("c\(index)")],
        outputs: [Name("c\(index + 1)")])
    }
    model.graph.outputs = [ONNXValueInfo("c60", .unknown)]
    let imported = try ImportedModel(model, ImportOptions(limits: Hostile.limits))
    #expect(imported.model.heads[0].graph.nodes.count == 60)
  }

  /// What follows from sizes is computed by nodes in the end, however long the way to it is.
  @Test func aLongWayFromASize() throws {
    var model = Documents.nodes(
      ONNXNode("Shape", inputs: ["x"], outputs: ["shape"]),
      ONNXNode("Gather", inputs: ["shape", "zero"], outputs: ["rows"]),
      ONNXNode("Range", inputs: ["zero", "rows", "one"], outputs: ["s0"]))
    model.graph.initializers = [
      ONNXTensor(name: "zero", dimensions: [], integers: [0]),
      ONNXTensor(name: "one", dimensions: [], integers: [1]),
    ]
    let count = 4000
    model.graph.nodes += (0..<count).map { index in
      ONNXNode("Add", inputs: [Name("s\(index)"), "s0"], outputs: [Name("s\(index + 1)")])
    }
    model.graph.outputs = [ONNXValueInfo(Name("s\(count)"), .unknown)]
    let imported = try ImportedModel(model)
    #expect(
      imported.model.trunk.graph.nodes.count + imported.model.heads[0].graph.nodes.count > count)
  }

  @Test(arguments: [
    Array(repeating: 1, count: 9), [1 << 31], [1 << 29, 1 << 29, 1 << 29],
  ])
  func inputsThatClaimTooMuch(_ sizes: [Int]) {
    var model = Documents.nodes(ONNXNode("Relu", inputs: ["x"], outputs: ["y"]))
    model.graph.inputs = [
      ONNXValueInfo("x", .tensor(.float32, dimensions: sizes.map { .fixed($0) }))
    ]
    let shape = sizes.map { "\($0)" }.joined(separator: "x")
    expect(
      model,
      "input x is too large with the shape \(shape); 8 axes of 1073741824 are the most, and all "
        + "elements must be countable")
  }

  @Test func symbolsThatMultiply() {
    var model = Documents.nodes(ONNXNode("Relu", inputs: ["x7"], outputs: ["y"]))
    model.graph.inputs = (0..<300).map { input in
      ONNXValueInfo(
        Name("x\(input)"),
        .tensor(
          .float32, dimensions: (0..<8).map { .symbol(Name("s\(input)_\($0)")) }))
    }
    let text = Hostile.failure(model).map { "\($0)" }
    #expect(text?.hasPrefix("input x1 is too large with the shape s1_0xs1_1xs1_2x") == true)
  }

  /// Countable as it is, but not as the float32 that it is computed with.
  @Test func halvesThatAreTooMany() {
    var model = Documents.nodes(ONNXNode("Relu", inputs: ["x"], outputs: ["y"]))
    let sizes = [2, 134_217_727, 3, 134_217_727, 4, 7]
    model.graph.inputs[0].type = .tensor(.float16, dimensions: sizes.map { .fixed($0) })
    let text = Hostile.failure(model).map { "\($0)" }
    #expect(text?.hasPrefix("input x is too large with the shape 2x134217727x3") == true)
  }

  /// An input with a default is a constant, whatever it says of itself.
  @Test func initializersThatShadowInputs() throws {
    var model = Documents.small()
    model.graph.inputs.append(
      ONNXValueInfo("w", .tensor(.string, dimensions: [.fixed(1 << 40), .symbol("n")])))
    let imported = try ImportedModel(model)
    #expect(imported.model.trunk.graph.inputs.map(\.name) == ["x"])
  }

  @Test func thingsOfNoElements() {
    var model = Documents.nodes(ONNXNode("Relu", inputs: ["x"], outputs: ["y"]))
    model.graph.inputs[0].type = .tensor(.float32, dimensions: [.fixed(0), .fixed(3)])
    expect(model, "input x has no elements")
    model = Documents.nodes()
    model.graph.initializers[0] = ONNXTensor(name: "y", dimensions: [0], floats: [])
    expect(model, "output y cannot be made: it has no elements")
  }

  @Test func inputsThatAreNoTensors() {
    var model = Documents.small()
    model.graph.inputs[0].type = .sequence([])
    expect(model, "input x is not a tensor; models read nothing else")
    model.graph.inputs[0].type = .tensor(.string, dimensions: [.fixed(3)])
    expect(model, "input x has elements of type STRING, which models do not have")
    model.graph.inputs[0].type = .tensor(.float32, dimensions: nil)
    expect(model, "input x has no shape; give one with --input-shape x=1,3,224,224")
  }

  @Test func outputsThatModelsDoNotHave() {
    var model = Documents.nodes(
      ONNXNode(
        "Cast", name: "wide", inputs: ["x"], outputs: ["y"],
        attributes: [ONNXAttribute("to", .int(12))]))
    expect(model, "output y has elements of type UINT32, which models do not have")
    model.graph.nodes = [
      node("Shape", "x", "shape"), node("Gather", "shape", "zero", "n"),
      node("Range", "zero", "n", "two", "y"),
    ]
    model.graph.initializers += [("zero", 0), ("two", 2)].map { name, number in
      ONNXTensor(name: name, .int64, dimensions: [], [number] as [Int64])
    }
    expect(
      model,
      "output y cannot be made: its numbers depend on a size that is not fixed; "
        + "give the sizes of the inputs with --input-shape")
    let long = Name(String(repeating: "ä", count: 600))
    model.graph.nodes = [ONNXNode("Relu", inputs: ["x"], outputs: [long])]
    model.graph.outputs = [ONNXValueInfo(long, .unknown)]
    expect(
      model,
      "output \(String(repeating: "ä", count: 20)) has a name of 1200 bytes; 1024 are the most")
  }

  /// The head of an output that is an input as it is keeps its name on the way out and back.
  @Test func outputsThatAreInputs() throws {
    var model = Documents.nodes(ONNXNode("Relu", inputs: ["x"], outputs: ["y"]))
    model.graph.outputs.append(ONNXValueInfo("x", .unknown))
    let imported = try ImportedModel(model).model
    let again = try ImportedModel(try ONNXModel(exporting: imported)).model
    #expect(imported.heads.map(\.name) == ["y", "x"])
    #expect(again.heads.map(\.name) == ["y", "x"])
  }

  /// What a size decides that is not fixed cannot be decided for one of its values.
  @Test(arguments: [
    (
      Hostile.node(
        "Conv", inputs: 2,
        [
          ONNXAttribute("auto_pad", .string("SAME_LOWER")),
          ONNXAttribute("strides", .ints([2, 2])),
        ]),
      "how it pads depends on sizes that are not fixed"
    ),
    (
      Hostile.node(
        "ConvTranspose", inputs: 2, [ONNXAttribute("output_shape", .ints([9, 9]))]),
      "how it pads depends on sizes that are not fixed"
    ),
    (
      ONNXNode("CenterCropPad", name: "hostile", inputs: ["a", "d"], outputs: ["y"]),
      "what it cuts off depends on sizes that are not fixed"
    ),
  ])
  func sizesThatAreNotFixed(_ node: ONNXNode, _ reason: String) throws {
    let document = Hostile.document(
      node,
      [
        .input(.float32, [1, 1, -1, -1]), .input(.float32, [1, 1, 3, 3]),
        .integers(0, 0, 0, 0, 0, 0, -1, -1), .integers(1, 1, 4, 4),
      ])
    let problem = try #require(Hostile.failure(document) as? UnconvertibleNodes)
    #expect(problem.groups.map(\.reason) == [reason])
    #expect(problem.groups[0].remedy == "give the sizes of the inputs with --input-shape")
  }

  /// An input that is left out is not the result, left out as well, of a node that failed.
  @Test func problemsThatDoNotSpread() throws {
    var model = Documents.nodes(
      ONNXNode("Fancy", name: "fancy", inputs: ["x"], outputs: ["", "z"]),
      ONNXNode("Clip", name: "clip", inputs: ["x", "", "w"], outputs: ["y"]))
    model.graph.outputs.append(ONNXValueInfo("z", .unknown))
    let problem = try #require(Hostile.failure(model) as? UnconvertibleNodes)
    #expect(problem.groups.map(\.nodes) == [["fancy"]] && problem.skipped == 0)
  }

  /// Names that a converter could have thought of itself.
  @Test(arguments: ["convinteger input", "qlinear input"])
  func namesThatCollide(_ name: Name) throws {
    var document = Hostile.document(
      Hostile.node("ConvInteger", inputs: 2),
      [.input(.uint8, [1, 1, 4, 4]), .input(.uint8, [1, 1, 2, 2])])
    document.graph.nodes.insert(ONNXNode("Relu", inputs: ["unread"], outputs: [name]), at: 0)
    document.graph.nodes.append(ONNXNode("Neg", inputs: [name], outputs: ["z"]))
    document.graph.outputs.append(ONNXValueInfo("z", .unknown))
    let model = try ImportedModel(document).model
    let types = try model.inferTypes(SymbolSizes(batch: 1))
    let place = try #require(model.heads.firstIndex { $0.name == "z" })
    let head = model.heads[place].graph
    #expect(types[place + 1][head.outputs[0].value.index] == TensorType(.float32, [1]))
  }

  @Test func manyProblemsAtOnce() {
    var model = Documents.small()
    model.opsets.append(ONNXOpset("custom", version: 1))
    model.graph.nodes += (0..<5).map { index in
      ONNXNode(
        "Fancy", domain: "custom", name: Name("fancy \(index)"), inputs: ["y"],
        outputs: [Name("f\(index)")])
    }
    model.graph.nodes.append(
      ONNXNode(
        "Flatten", name: "flat", inputs: ["y"], outputs: ["z"],
        attributes: [ONNXAttribute("axis", .int(7))]))
    model.graph.nodes.append(ONNXNode("Relu", inputs: ["f0"], outputs: ["g"]))
    expect(
      model,
      """
      6 nodes cannot be converted:
        custom.Fancy (5): the operator is not one of ONNX's, and only one runtime or
          library has it
          at fancy 0, fancy 1, fancy 2 and 2 more
          export the network with ONNX's operators alone, or convert the file from
            before it was optimised
        Flatten (1): axis 7 is none of the 2 that there are
          at flat
      1 more node depends on them and was not looked at
      """)
  }

  @Test(arguments: [
    ("espalier.trunk", "[\"nowhere\"]"), ("espalier.trunk", "{"),
    ("espalier.head.y", String(repeating: "[", count: 100_000)),
    ("espalier.head.y", "{\"task\": \"world domination\"}"),
    ("espalier.head.y", "{\"task\": \"classification\", \"labels\": [\"one\"]}"),
    ("espalier.input.x", "[{\"name\": \"c\", \"deviation\": 0}]"),
  ])
  func notesThatLie(_ key: String, _ value: String) {
    var model = Documents.small()
    model.metadata = [ONNXNote(key, value)]
    let text = Hostile.failure(model).map { "\($0)" }
    #expect(text?.contains(key.prefix(8)) == true, "\(text ?? "no error")")
    #expect((text?.utf8.count ?? 0) < 300)
  }

  private func expect(
    _ document: ONNXModel, _ text: String, at location: SourceLocation = #_sourceLocation
  ) {
    let error = Hostile.failure(document)
    #expect(error.map { "\($0)" } == text, sourceLocation: location)
  }
}
