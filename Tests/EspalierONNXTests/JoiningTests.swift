import EspalierFormat
import EspalierGraph
import EspalierONNX
import EspalierRuntime
import EspalierWriter
import Testing

/// Documents that begin in the same way become one model.
///
/// A test makes networks with `network`, changes what it is about, and says what is shared.
@Suite struct JoiningTests {
  /// A backbone of one layer on `x` and a head of one layer; `head` is the number of the head's outputs.
  private static func network(
    output: Name, head: Int, input: Name = "x", backbone: Float = 0.25, prefix: String = "",
    dimensions: [ONNXDimension] = [.symbol("batch"), .fixed(64)]
  ) -> ONNXModel {
    let names = ["w", "b", "v", "h", "s", "f"].map { Name(prefix + $0) }
    return ONNXModel(
      irVersion: 8, opsets: [ONNXOpset(version: 17)], producerName: "test", producerVersion: "1",
      graph: ONNXGraph(
        name: "network",
        nodes: [
          ONNXNode("MatMul", name: "product", inputs: [input, names[0]], outputs: [names[3]]),
          ONNXNode("Add", name: "sum", inputs: [names[3], names[1]], outputs: [names[4]]),
          ONNXNode("Relu", name: "bend", inputs: [names[4]], outputs: [names[5]]),
          ONNXNode("MatMul", name: "answer", inputs: [names[5], names[2]], outputs: [output]),
        ],
        inputs: [ONNXValueInfo(input, .tensor(.float32, dimensions: dimensions))],
        outputs: [ONNXValueInfo(output, .tensor(.float32, dimensions: nil))],
        initializers: [
          ONNXTensor(name: names[0], dimensions: [64, 128], floats: numbers(64 * 128, backbone)),
          ONNXTensor(name: names[1], dimensions: [128], floats: numbers(128, 1)),
          ONNXTensor(name: names[2], dimensions: [128, head], floats: numbers(128 * head, 2)),
        ]))
  }

  private static func numbers(_ count: Int, _ scale: Float) -> [Float] {
    (0..<count).map { scale * Float(($0 * 7919) % 257 - 128) / 128 }
  }

  /// One model of several, every head of which was found to answer as the document that it is of.
  private static func joined(
    _ models: ONNXModel..., at location: SourceLocation = #_sourceLocation
  ) throws -> JoinedModel {
    let documents = zip(["nets/a.onnx", "b.onnx", "c.onnx"], models).map {
      NamedDocument(name: $0, model: $1)
    }
    let joined = try JoinedModel(documents)
    for (index, document) in documents.enumerated() {
      let plain = try joined.originals.plain(index, of: document)
      let comparison = try ModelComparison(joined.model, plain)
      #expect(
        comparison.differences.map(\.head) == plain.heads.map(\.name),
        sourceLocation: location)
      for difference in comparison.differences {
        #expect(difference.count > 0, "\(difference)", sourceLocation: location)
        #expect(difference.relative < 1e-5, "\(difference)", sourceLocation: location)
      }
    }
    return joined
  }

  @Test func oneBackboneIsStoredOnce() throws {
    let joined = try Self.joined(
      Self.network(output: "one", head: 1), Self.network(output: "two", head: 2, prefix: "other."),
      Self.network(output: "three", head: 3))
    #expect(joined.model.heads.map(\.name) == ["one", "two", "three"])
    #expect(joined.model.trunk.graph.parameterCount == 64 * 128 + 128)
    #expect(joined.model.heads.map(\.graph.parameterCount) == [128, 256, 384])
    #expect(joined.parts.map(\.sharedParameters) == [8320, 8320, 8320])
    #expect(joined.parts.map(\.parameters) == [8448, 8576, 8704])
    #expect(joined.parts.map { $0.nodes - $0.sharedNodes } == [1, 1, 1])
    #expect(joined.parts[0].firstDifference == nil)
    let difference = try #require(joined.parts[1].firstDifference)
    #expect(difference.node == "answer")
    #expect(difference.reason == .weights("other.v", largestDifference: nil))
  }

  @Test func theFileIsNotLargerThanThatOfOneNetwork() throws {
    let models = (1...3).map { Self.network(output: Name("head \($0)"), head: $0) }
    var whole = models[0]
    for (index, model) in models.enumerated().dropFirst() {
      var answer = model.graph.nodes[3]
      answer.inputs[1] = Name("v\(index)")
      var weights = model.graph.initializers[2]
      weights.name = answer.inputs[1]
      whole.graph.nodes.append(answer)
      whole.graph.initializers.append(weights)
      whole.graph.outputs += model.graph.outputs
    }
    let joined = try ModelWriter(Self.joined(models[0], models[1], models[2]).model).encode()
    let single = try ModelWriter(ImportedModel(whole).model).encode()
    #expect(Double(joined.count) <= 1.02 * Double(single.count))
  }

  @Test func weightsThatDifferALittleAreNotShared() throws {
    let joined = try Self.joined(
      Self.network(output: "one", head: 1),
      Self.network(output: "two", head: 1, backbone: 0.250_000_03))
    #expect(joined.parts.map(\.sharedNodes) == [0, 0])
    #expect(joined.model.trunk.graph.nodes.isEmpty)
    let difference = try #require(joined.parts[1].firstDifference)
    #expect(difference.node == "product")
    guard case .weights("w", let largest?) = difference.reason else {
      Issue.record("\(difference)")
      return
    }
    #expect(largest > 0 && largest < 1e-7)
  }

  @Test func anotherOperatorIsNamed() throws {
    var other = Self.network(output: "two", head: 1)
    other.graph.nodes[2] = ONNXNode("Tanh", name: "bend", inputs: ["s"], outputs: ["f"])
    let joined = try Self.joined(Self.network(output: "one", head: 1), other)
    let difference = try #require(joined.parts[1].firstDifference)
    #expect(difference.node == "bend")
    #expect(difference.reason == .operator(found: "tanh", before: "relu"))
  }

  @Test func outputsOfOneNameGetTheirFilesName() throws {
    let joined = try Self.joined(
      Self.network(output: "class", head: 1), Self.network(output: "class", head: 2),
      Self.network(output: "box", head: 3))
    #expect(joined.model.heads.map(\.name) == ["a.class", "b.class", "box"])
    #expect(joined.parts.map(\.renamedHeads.count) == [1, 1, 0])
    #expect(joined.parts[1].renamedHeads.map(\.model) == ["b.class"])
  }

  @Test func equalNetworksAreOne() throws {
    let joined = try Self.joined(
      Self.network(output: "one", head: 1), Self.network(output: "two", head: 1))
    #expect(joined.parts[1].firstDifference == nil)
    #expect(joined.parts.map { $0.nodes - $0.sharedNodes } == [0, 0])
    #expect(joined.model.heads.allSatisfy { $0.graph.nodes.isEmpty })
  }

  @Test func onlyInputsOfOneTypeAreOne() throws {
    let joined = try Self.joined(
      Self.network(output: "one", head: 1),
      Self.network(
        output: "two", head: 2, input: "image", dimensions: [.symbol("n"), .fixed(64)]))
    #expect(joined.model.trunk.graph.inputs.map(\.name) == ["x"])
    #expect(joined.parts[1].joinedInput?.document == "image")
    #expect(joined.parts[1].joinedInput?.model == "x")
    #expect(joined.parts[0].joinedInput == nil)
    #expect(joined.parts.map(\.sharedParameters) == [8320, 8320])
  }

  @Test func inputsOfOtherNamesAndTypesStayApart() throws {
    let joined = try Self.joined(
      Self.network(output: "one", head: 1),
      Self.network(output: "two", head: 2, input: "image", dimensions: [.fixed(5), .fixed(64)]))
    #expect(joined.model.trunk.graph.inputs.map(\.name) == ["x", "image"])
    #expect(joined.parts.map(\.sharedNodes) == [0, 0])
  }

  @Test func oneNameForInputsOfTwoTypesIsRefused() {
    let failure = #expect(throws: DocumentFailure.self) {
      try Self.joined(
        Self.network(output: "one", head: 1),
        Self.network(output: "two", head: 2, dimensions: [.fixed(5), .fixed(64)]))
    }
    #expect(failure?.document == "b.onnx")
    #expect(
      failure?.cause as? ImportError
        == .otherInput("x", found: "float32 5x64", known: "float32 batchx64"))
    #expect(
      failure?.description == "b.onnx: input x is float32 5x64, but float32 batchx64 in a model "
        + "before it; give both the same sizes with --input-shape, or rename one")
  }

  @Test func namesOfNoDocumentAreRefused() {
    let documents = [
      NamedDocument(name: "a.onnx", model: Self.network(output: "one", head: 1)),
      NamedDocument(name: "b.onnx", model: Self.network(output: "two", head: 1)),
    ]
    #expect(throws: ImportError.unknownOutput("three", known: ["one", "two"])) {
      try JoinedModel(documents, ImportOptions(heads: ["three"]))
    }
    #expect(throws: ImportError.unknownInput("y", known: ["x"])) {
      try JoinedModel(documents, ImportOptions(shapes: ["y": [1, 64]]))
    }
    #expect(throws: ImportError.unknownValue("nowhere")) {
      try JoinedModel(documents, ImportOptions(trunkAt: ["nowhere"]))
    }
  }

  @Test func whatIsComputedTwiceInOneDocumentIsComputedOnce() throws {
    var model = Self.network(output: "one", head: 1)
    model.graph.nodes += [
      ONNXNode("MatMul", inputs: ["x", "copy"], outputs: ["h2"]),
      ONNXNode("Add", inputs: ["h2", "b"], outputs: ["s2"]),
      ONNXNode("Relu", inputs: ["s2"], outputs: ["two"]),
    ]
    model.graph.initializers.append(
      ONNXTensor(
        name: "copy", dimensions: [64, 128],
        floats: Self.numbers(64 * 128, 0.25)))
    model.graph.outputs.append(ONNXValueInfo("two", .tensor(.float32, dimensions: nil)))
    let imported = try ImportedModel(model)
    #expect(imported.model.trunk.graph.parameterCount == 8320)
    #expect(imported.plain.trunk.graph.nodes.isEmpty)
    for difference in try ModelComparison(imported.model, imported.plain).differences {
      #expect(difference.relative < 1e-5, "\(difference)")
    }
  }
}
