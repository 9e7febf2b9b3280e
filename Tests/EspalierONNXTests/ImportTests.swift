import EspalierGraph
import EspalierONNX
import EspalierRuntime
import Testing

/// What a model keeps of a document, and what it makes of open sizes.
@Suite struct ImportTests {
  private static let image: [ONNXDimension] = [
    .symbol("N"), .fixed(1), .symbol("H"), .symbol("W"),
  ]

  private static func document(
    _ dimensions: [ONNXDimension], outputs: [Name], _ nodes: ONNXNode...
  ) -> ONNXModel {
    var model = Documents.nodes()
    model.graph.nodes = nodes
    model.graph.inputs = [ONNXValueInfo("x", .tensor(.float32, dimensions: dimensions))]
    model.graph.outputs = outputs.map { ONNXValueInfo($0, .unknown) }
    return model
  }

  /// A sixteenth of a height is not taken for the batch because both grow alike.
  @Test(arguments: [2, 4, 8, 16, 32])
  func sharesOfOpenSizesAreNoOtherSizes(share: Int) throws {
    let pool = ONNXNode(
      "MaxPool", inputs: ["x"], outputs: ["p"],
      attributes: ["kernel_shape", "strides"].map {
        ONNXAttribute($0, .ints([Int64(share), Int64(share)]))
      })
    let document = Self.document(
      Self.image, outputs: ["a", "b"], pool,
      ONNXNode("Relu", inputs: ["p"], outputs: ["a"]),
      ONNXNode("Neg", inputs: ["p"], outputs: ["b"]))
    let imported = try ImportedModel(document)
    let sizes = SymbolSizes(
      batch: 5, [(symbol: Name("H"), size: share * 2), (symbol: Name("W"), size: share * 3)])
    for model in [imported.model, imported.plain] {
      let plan = try Plan(model, sizes: sizes)
      #expect(plan.outputs.map(\.shape) == Array(repeating: [5, 1, 2, 3], count: 2))
    }
  }

  /// Heads are declared as the outputs are, and go out again in that order.
  @Test func headsKeepTheOrderOfTheOutputs() throws {
    let names: [Name] = ["speed", "box", "class"]
    let document = Self.document(
      [.symbol("N"), .fixed(2)], outputs: names,
      ONNXNode("Relu", inputs: ["x"], outputs: ["speed"]),
      ONNXNode("Neg", inputs: ["x"], outputs: ["class"]),
      ONNXNode("Abs", inputs: ["x"], outputs: ["box"]))
    let model = try ImportedModel(document).model
    #expect(model.heads.map(\.name) == names)
    #expect(try ONNXModel(exporting: model).graph.outputs.map(\.name) == names)
  }

  /// Elements that no tensor has are in nobody's way until a node reads them.
  @Test func initializersThatNobodyReadsMayBeOfAnyType() throws {
    let relu = ONNXNode("Relu", inputs: ["x"], outputs: ["y"])
    var document = Self.document([.symbol("N"), .fixed(2)], outputs: ["y"], relu)
    document.graph.initializers = [
      ONNXTensor(name: "c", .complex64, dimensions: [1], [1, 2] as [Float])
    ]
    #expect(try ImportedModel(document).model.heads.map(\.name) == ["y"])
    document.graph.nodes.append(ONNXNode("Abs", inputs: ["c"], outputs: ["z"]))
    document.graph.outputs.append(ONNXValueInfo("z", .unknown))
    expectRefusal(document, "elements of type COMPLEX64 are not supported")
  }

  /// A multiplication that a product could take in stays outside when the trunk ends between them.
  @Test func theTrunkEndsWhereItIsTold() throws {
    var document = Documents.nodes(
      ONNXNode("MatMul", inputs: ["x", "w"], outputs: ["m"]),
      ONNXNode("Mul", inputs: ["m", "bias"], outputs: ["c"]),
      ONNXNode("Relu", inputs: ["c"], outputs: ["y"]))
    let fused = try ImportedModel(document)
    #expect(fused.model.heads[0].graph.nodes.count == 2)
    let model = try ImportedModel(document, ImportOptions(trunkAt: ["m"])).model
    #expect(model.trunk.graph.nodes.count == 1)
    #expect(model.heads[0].graph.nodes.count == 2)
    document = try ONNXModel(exporting: model)
    #expect(try ImportedModel(document).model.trunk.graph.nodes.count == 1)
  }

  /// Weights of half precision that only lie in another order stay in two bytes.
  @Test(arguments: [ONNXElementType.float16, .bfloat16])
  func movedWeightsStaySmall(element: ONNXElementType) throws {
    var document = Self.document(
      [.fixed(1), .fixed(3), .fixed(8), .fixed(8)], outputs: ["y"],
      ONNXNode("Cast", inputs: ["w"], outputs: ["wide"], attributes: [.init("to", .int(1))]),
      ONNXNode("Conv", inputs: ["x", "wide"], outputs: ["y"]))
    let halves = (0..<4 * 3 * 3 * 3).map { index in
      let number = Float(index % 13 - 6) / 8
      return element == .float16
        ? Float16(number).bitPattern : UInt16(number.bitPattern >> 16)
    }
    document.graph.initializers = [
      ONNXTensor(
        name: "w", element, dimensions: [4, 3, 3, 3],
        numbers: halves.withUnsafeBytes { bytes in
          TensorStorage.filled(byteCount: bytes.count) { $0.copyMemory(from: bytes) }
        })
    ]
    let imported = try ImportedModel(document)
    let parameter = try #require(imported.model.heads[0].graph.parameters.first)
    #expect(parameter.type == TensorType(.float32, [3, 3, 3, 4]))
    #expect(parameter.stored == (element == .float16 ? .float16 : .bfloat16))
    for difference in try ModelComparison(imported.model, imported.plain).differences {
      #expect(difference.relative < 1e-6, "\(difference)")
    }
  }

  @Test func moreInputsThanModelsHaveAreRefusedAtOnce() throws {
    var document = Documents.small()
    document.graph.inputs += (0..<20_000).map {
      ONNXValueInfo(Name("input \($0)"), .tensor(.float32, dimensions: [.symbol(Name("s\($0)"))]))
    }
    #expect(throws: GraphError.tooMany(.input, count: 20_001, limit: 1024, head: nil)) {
      try ImportedModel(document)
    }
  }

  /// The same numbers in another shape are another answer.
  @Test func shapesAreCompared() throws {
    let transposed = try ImportedModel(
      Self.document(
        [.fixed(2), .fixed(3)], outputs: ["y"],
        ONNXNode("Transpose", inputs: ["x"], outputs: ["y"]))
    ).model
    let kept = try ImportedModel(
      Self.document(
        [.fixed(2), .fixed(3)], outputs: ["y"],
        ONNXNode("Identity", inputs: ["x"], outputs: ["y"]))
    ).model
    let zeros = [
      GivenInput(
        name: "x", element: .float32, shape: [2, 3],
        storage: TensorStorage([Float](repeating: 0, count: 6)))
    ]
    #expect(try ModelComparison(kept, kept, inputs: zeros).differences[0].absolute == 0)
    #expect(
      try ModelComparison(kept, transposed, inputs: zeros).differences[0].absolute == .infinity)
  }
}
