import EspalierGraph
import EspalierONNX
import Testing

/// Models that are small as files and take more to run than a proof may.
@Suite struct HostileProofTests {
  @Test func inputsThatAreLargerThanMemory() throws {
    let imported = try ImportedModel(
      Hostile.document(Hostile.node("Relu", inputs: 1), [.input(.float32, [1 << 30, 1 << 29])]))
    #expect(throws: ProofError.memory(needed: 1 << 62, limit: 1 << 34)) {
      try ModelComparison(imported.model, imported.plain)
    }
  }

  @Test func productsThatTakeHours() throws {
    let matrix = Hostile.Value.input(.float32, [1 << 14, 1 << 14])
    let imported = try ImportedModel(
      Hostile.document(Hostile.node("MatMul", inputs: 2), [matrix, matrix]))
    var limits = ONNXLimits()
    limits.checkedOperations = 1 << 40
    #expect {
      try ModelComparison(imported.model, imported.plain, limits: limits)
    } throws: { error in
      guard case .operations(let needed, limit: 1 << 40) = error as? ProofError else {
        return false
      }
      return needed > 1 << 42 && "\(error)".contains("\(needed) operations, but 1099511627776")
    }
  }

  /// What nobody reads is not made.
  @Test func giantsThatNobodyReads() throws {
    var document = Documents.small()
    document.graph.inputs.append(
      ONNXValueInfo("giant", .tensor(.float32, dimensions: [.fixed(1 << 30), .fixed(1 << 29)])))
    let imported = try ImportedModel(document)
    #expect(imported.model.trunk.graph.inputs.count == 2)
    let comparison = try ModelComparison(imported.model, imported.plain)
    #expect(comparison.differences.map(\.head) == ["y"])
  }

  @Test func limitsOfConstants() throws {
    let document = Hostile.document(
      Hostile.node("ConstantOfShape", inputs: 1), [.integers(1 << 10)])
    var options = ImportOptions()
    options.limits.foldedBytes = 1 << 13
    options.limits.foldedOperations = 1 << 13
    _ = try ImportedModel(document, options)
    var less = options
    less.limits.foldedBytes = 1 << 11
    #expect(throws: UnconvertibleNodes.self) { try ImportedModel(document, less) }
    less = options
    less.limits.foldedOperations = 1 << 9
    #expect(throws: UnconvertibleNodes.self) { try ImportedModel(document, less) }
  }

  /// What a document has itself may be computed with, however much it is.
  @Test func constantsOfTheDocumentCountForMore() throws {
    var document = Documents.small()
    document.graph.initializers[0] = ONNXTensor(
      name: "w", dimensions: [3, 1 << 12], floats: Array(repeating: 1, count: 3 << 12))
    document.graph.nodes.insert(
      ONNXNode("Neg", inputs: ["w"], outputs: ["negative"]), at: 0)
    document.graph.nodes[1].inputs[1] = "negative"
    document.graph.initializers[1] = ONNXTensor(name: "bias", dimensions: [1], floats: [1])
    var options = ImportOptions()
    options.limits.foldedBytes = 0
    _ = try ImportedModel(document, options)
  }
}
