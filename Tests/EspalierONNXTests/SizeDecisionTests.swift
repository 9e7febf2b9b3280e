import EspalierGraph
import EspalierONNX
import Testing

/// Branches that sizes decide, as PyTorch writes `squeeze(dim)` on an axis whose size is open: a model takes the sizes for
/// which the branch is the one that it has, or for which the other one comes to the same.
@Suite struct SizeDecisionTests {
  private static let inputs = [
    ONNXTensor(
      name: "x", dimensions: [1, 4, 3],
      floats: [
        -1, 2, -3, 4, -5, 6, -7, 8, -9, 10, -11, 12,
      ])
  ]

  /// `y` is made of `x`, `[1, T, 3]`, by one of two nodes that give `t`, chosen by `condition`, which nodes make of T, `n`.
  private static func document(
    _ condition: [ONNXNode], then: ONNXNode, otherwise: ONNXNode,
    after: [ONNXNode] = [node("Neg", "chosen", "y")]
  ) throws -> ONNXModel {
    func integers(_ name: Name, _ numbers: [Int64], _ dimensions: [Int] = []) -> ONNXTensor {
      ONNXTensor(name: name, .int64, dimensions: dimensions, numbers)
    }
    let branch = ONNXNode(
      "If", name: "choice", inputs: ["c"], outputs: ["chosen"],
      attributes: [
        try bodyAttribute("then_branch", bodyGraph([then], outputs: ["t"])),
        try bodyAttribute("else_branch", bodyGraph([otherwise], outputs: ["t"])),
      ])
    return answeringDocument(
      [node("Shape", "x", "shape"), node("Gather", "shape", "one", "n")] + condition + [branch]
        + after, opset: 17, inputs: inputs,
      constants: [
        integers("one", [1]), integers("two", [2]), integers("fifty", [50]),
        integers("axis", [1], [1]), integers("first", [0], [1]), integers("last", [-1], [1]),
        integers("flat", [1, -1], [2]),
      ], symbols: [4: "T"])
  }

  private static let isSingle = [node("Equal", "n", "one", "c")]
  private static let isShort = [node("Less", "n", "fifty", "c")]

  private func range(_ document: ONNXModel) throws -> SymbolRange? {
    try JoinedModel([NamedDocument(name: "", model: document)]).sizes.first { $0.symbol == "T" }?
      .range
  }

  @Test func sizesForWhichAnAxisGoesAwayAreNotTaken() throws {
    let document = try Self.document(
      Self.isSingle, then: node("Squeeze", "x", "axis", "t"), otherwise: node("Identity", "x", "t"))
    #expect(try range(document) == SymbolRange("T", least: 2))
    try expectAnswers(
      document, inputs: Self.inputs,
      [
        ONNXTensor(
          name: "y", dimensions: [1, 4, 3], floats: [1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12])
      ])
  }

  @Test func branchesThatComeToTheSameAreTakenForEverySize() throws {
    let document = try Self.document(
      Self.isSingle, then: node("Squeeze", "x", "axis", "t"), otherwise: node("Identity", "x", "t"),
      after: [node("Reshape", "chosen", "flat", "rows"), node("Neg", "rows", "y")])
    #expect(try range(document) == SymbolRange("T"))
    let alike = try Self.document(
      Self.isShort, then: node("Abs", "x", "t"), otherwise: node("Abs", "x", "t"))
    #expect(try range(alike) == SymbolRange("T"))
  }

  @Test func sizesOnTheOtherSideOfABoundAreNotTaken() throws {
    let document = try Self.document(
      Self.isShort, then: node("Neg", "x", "t"), otherwise: node("Abs", "x", "t"))
    #expect(try range(document) == SymbolRange("T", least: 50))
  }

  @Test func whatOnlyEvenSizesDecideIsTakenForThem() throws {
    let document = try Self.document(
      [node("Mod", "n", "two", "rest"), node("Equal", "rest", "one", "c")],
      then: node("Slice", "x", "first", "last", "axis", "t"), otherwise: node("Identity", "x", "t"))
    #expect(try range(document) == SymbolRange("T", least: 2, step: 2))
  }
}
