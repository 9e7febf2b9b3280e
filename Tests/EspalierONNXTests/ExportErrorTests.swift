import EspalierGraph
import EspalierONNX
import OperatorExamples
import Testing

/// One test for each reason for which a model cannot go out.
@Suite struct ExportErrorTests {
  @Test func unknownHead() throws {
    let model = try ExportModels.everyTask()
    let error = ExportError.unknownHead("sped", known: ["class", "is good", "speed", "sum"])
    #expect(throws: error) { try ONNXModel(exporting: model, heads: ["speed", "sped"]) }
    #expect(
      error.description == "there is no head sped; the heads are class, \"is good\", speed, sum")
  }

  @Test func veryManyHeadsAreNotAllListed() {
    let heads = (0..<30).map { Name("h\($0)") }
    let shown = heads.prefix(20).map(\.description).joined(separator: ", ")
    #expect(
      ExportError.unknownHead("sped", known: heads).description
        == "there is no head sped; the heads are \(shown) and 10 more")
    #expect(
      ExportError.otherOutputs(missing: heads, unknown: ["x"]).description
        == "the document is not of this model: there is no output for \(shown) and 10 more; "
        + "there is no head for x")
  }

  @Test(arguments: [17, 29, 0, -1])
  func unsupportedOpset(_ opset: Int) throws {
    let model = try ExportModels.everyTask()
    let error = ExportError.unsupportedOpset(opset)
    #expect(throws: error) { try ONNXModel(exporting: model, opset: opset) }
    #expect(error.description == "opset \(opset) is not written; 18 to 28 are")
  }

  // MARK: what an opset lacks

  struct Newer: Sendable, CustomStringConvertible {
    let description: String
    let opset: Int
    let `operator`: Operator
    let sizes: [Shape]
  }

  static let newer = [
    Newer(
      description: "cumulative products", opset: 26,
      operator: .cumulativeSum(.init(.product, axis: 1)), sizes: [[2, 3]]),
    Newer(
      description: "averages with dilation", opset: 19,
      operator: .pooling(.init(.average, window: .init(kernel: [2], dilation: [2]))),
      sizes: [[1, 5, 2]]),
    Newer(
      description: "symmetric half pixels", opset: 19,
      operator: .resize(
        .init(
          axes: [1], to: .sizes([6]), .linear(antialiased: false, excludesOutside: false),
          .halfPixelSymmetric)),
      sizes: [[1, 4, 2]]),
    Newer(
      description: "samples of images of other than two axes", opset: 20,
      operator: .gridSample(.init(.linear)), sizes: [[2, 2, 2, 2, 1], [2, 1, 1, 1, 3]]),
    Newer(
      description: "pads that wrap around", opset: 19,
      operator: .pad(.init(.wrap, before: [0, 1], after: [0, 1])), sizes: [[1, 3]]),
  ]

  @Test(arguments: newer)
  func olderOpsetIsRefused(_ test: Newer) throws {
    let model = try model(test.operator, test.sizes.map { OperatorExample.Operand($0) })
    let failure = try #require(
      #expect(throws: UnexportableNodes.self) {
        try ONNXModel(exporting: model, opset: test.opset - 1)
      })
    #expect(failure.problems.map(\.reason) == ["\(test.description) need opset \(test.opset)"])
    #expect(failure.problems.map(\.neededOpset) == [test.opset])
    #expect(failure.neededOpset == test.opset)
    #expect(try ONNXModel(exporting: model, opset: test.opset).opset() == test.opset)
  }

  @Test func modelsGoOutInTheOpsetThatTheyNeed() throws {
    let newest = try #require(Self.newer.first { $0.opset > ONNXModel.usualOpset })
    let model = try model(newest.operator, newest.sizes.map { OperatorExample.Operand($0) })
    #expect(try ONNXModel(exporting: model).opset() == newest.opset)
    #expect(try ONNXModel(exporting: ExportModels.everyTask()).opset() == ONNXModel.usualOpset)
  }

  // MARK: what no opset has

  @Test func scalesAlongSeveralAxes() throws {
    try expectInexpressible(
      "scales that differ along more than one axis are not in ONNX", .quantize(.init(.uint8)),
      [[2, 3, 4], [3, 4]])
  }

  @Test func scalesAndZeroPointsAlongDifferentAxes() throws {
    let zeros = OperatorExample.Operand([4], .uint8, in: 0...9)
    try expectInexpressible(
      "scales and zero points that differ along different axes are not in ONNX",
      .quantize(.init(.uint8)), [[2, 3, 4], [3, 1], zeros])
  }

  @Test func cellsOfAnLSTM() throws {
    try expectInexpressible(
      "ONNX gives the cells of an LSTM after the last step only",
      .recurrent(.init(.lstm, keepsCell: true)), [[3, 2, 4], [4, 8], [2, 8]])
  }

  @Test func axesWhoseNumberDependsOnASize() throws {
    var trunk = Layers(
      inputs: [GraphInput(name: "x", element: .int64, dimensions: [.batch])])
    let table = trunk.parameter("table", [5, 6, 7, 8])
    let found = trunk.add(.gatherND(.init(batchAxes: 0)), [table, .input(0)])
    let head = Layers(inputs: [GraphInput(name: "f", dimensions: [.any, .any])])
    let model = try model(trunk, found, head, .input(0))
    let failure = #expect(throws: UnexportableNodes.self) { try ONNXModel(exporting: model) }
    #expect(
      failure?.problems.map(\.reason) == [
        "how many axes its result has depends on an open size"
      ])
  }

  @Test func everythingIsListedAtOnce() throws {
    var trunk = Layers(inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(3)])])
    let product = trunk.add(.cumulativeSum(.init(.product, axis: 1)), [.input(0)])
    let wrapped = trunk.add(.pad(.init(.wrap, before: [0, 1], after: [0, 0])), [product])
    var head = Layers(inputs: [GraphInput(name: "f", dimensions: [.batch, .fixed(4)])])
    let answer = head.add(.cumulativeSum(.init(.product, axis: 1)), [.input(0)])
    let model = try model(trunk, wrapped, head, answer)
    let failure = #expect(throws: UnexportableNodes.self) {
      try ONNXModel(exporting: model, opset: 18)
    }
    #expect(
      failure?.description == """
        3 nodes cannot go out to ONNX:
          trunk, node node 0 (cumulative_sum): cumulative products need opset 26
          trunk, node node 1 (pad): pads that wrap around need opset 19
          head y, node node 0 (cumulative_sum): cumulative products need opset 26
        opset 26 has words for all of them
        """)
    #expect(failure?.neededOpset == 26)
  }

  @Test func veryManyNodesAreNotAllListed() throws {
    var trunk = Layers(inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(3)])])
    var value = Layers.Operand.input(0)
    for _ in 0..<60 { value = trunk.add(.cumulativeSum(.init(.product, axis: 1)), [value]) }
    let head = Layers(inputs: [GraphInput(name: "f", dimensions: [.batch, .fixed(3)])])
    let model = try model(trunk, value, head, .input(0))
    let failure = try #require(
      #expect(throws: UnexportableNodes.self) { try ONNXModel(exporting: model, opset: 18) })
    #expect(failure.problems.count == 60)
    let lines = failure.description.split(separator: "\n")
    #expect(lines.count == 53)
    #expect(lines[0] == "60 nodes cannot go out to ONNX:")
    #expect(lines[50].hasPrefix("  trunk, node node 49 (cumulative_sum)"))
    #expect(lines[51] == "  and 10 more")
    #expect(lines[52] == "opset 26 has words for all of them")
  }

  private func expectInexpressible(
    _ reason: String, _ operator: Operator, _ inputs: [OperatorExample.Operand],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let model = try model(`operator`, inputs)
    let failure = #expect(throws: UnexportableNodes.self, sourceLocation: location) {
      try ONNXModel(exporting: model)
    }
    #expect(failure?.problems.map(\.reason) == [reason], sourceLocation: location)
    #expect(failure?.problems.first?.head == nil, sourceLocation: location)
    #expect(failure?.problems.first?.node == "node", sourceLocation: location)
    #expect(failure?.neededOpset == nil, sourceLocation: location)
  }

  /// A model of a trunk with one feature, and of one head that reads it.
  private func model(
    _ trunk: Layers, _ feature: Layers.Operand, _ head: Layers, _ answer: Layers.Operand
  ) throws -> Model {
    try Model(
      trunk: Model.Trunk(graph: trunk.graph(outputs: [("f", feature)]), columns: [[]]),
      heads: [
        Model.Head(
          name: "y", sources: [.feature("f")], graph: head.graph(outputs: [("y", answer)]),
          description: HeadDescription(task: .regression))
      ])
  }

  private func model(_ operator: Operator, _ inputs: [OperatorExample.Operand]) throws -> Model {
    let example = OperatorExample("", `operator`, inputs, domain: 1...2)
    return try example.model(operands: example.operands(seed: 1))
  }
}
