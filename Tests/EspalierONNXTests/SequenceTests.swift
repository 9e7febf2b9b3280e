import EspalierGraph
import EspalierONNX
import Testing

/// Sequences of a known number of tensors are names for these; the numbers follow from ONNX's definitions.
@Suite struct SequenceTests {
  private static let x = ONNXTensor(name: "x", dimensions: [3, 2], floats: [1, 2, 3, 4, 5, 6])

  private static func integers(
    _ name: Name, _ numbers: [Int64], _ dimensions: [Int] = []
  ) -> ONNXTensor {
    ONNXTensor(name: name, .int64, dimensions: dimensions, numbers)
  }

  private static func document(_ nodes: [ONNXNode], _ constants: [ONNXTensor]) -> ONNXModel {
    answeringDocument(nodes, opset: 17, inputs: [x], constants: constants)
  }

  @Test func emptySequencesGrowAndShrink() throws {
    let document = Self.document(
      [
        ONNXNode("SequenceEmpty", inputs: [], outputs: ["none"]), node("Neg", "x", "minus"),
        node("SequenceInsert", "none", "x", "single"),
        node("SequenceInsert", "single", "minus", "zero", "pair"),
        node("SequenceInsert", "pair", "minus", "three"),
        node("SequenceErase", "three", "zero", "two"),
        node("SequenceLength", "two", "count"), node("Cast", "count", "float"),
        ONNXNode(
          "ConcatFromSequence", inputs: ["two"], outputs: ["all"],
          attributes: [
            ONNXAttribute("axis", .int(1))
          ]), node("Mul", "all", "float", "y"),
      ], [Self.integers("zero", [0])])
    var typed = document
    typed.graph.nodes[7].attributes = [ONNXAttribute("to", .int(1))]
    try expectAnswers(
      typed, inputs: [Self.x],
      [
        ONNXTensor(
          name: "y", dimensions: [3, 4], floats: [2, 4, -2, -4, 6, 8, -6, -8, 10, 12, -10, -12])
      ])
  }

  private static let splits: [(parts: [ONNXTensor], keepsAxis: Bool, wanted: ONNXTensor)] = [
    ([], true, ONNXTensor(name: "y", dimensions: [1, 2], floats: [5, 6])),
    ([], false, ONNXTensor(name: "y", dimensions: [2], floats: [5, 6])),
    ([integers("parts", [2])], false, ONNXTensor(name: "y", dimensions: [1, 2], floats: [5, 6])),
    (
      [integers("parts", [1, 2], [2])], true,
      ONNXTensor(name: "y", dimensions: [2, 2], floats: [3, 4, 5, 6])
    ),
  ]

  @Test(arguments: splits.indices) func tensorsAreSplitIntoSequences(_ index: Int) throws {
    let (parts, keepsAxis, wanted) = Self.splits[index]
    let document = Self.document(
      [
        ONNXNode(
          "SplitToSequence", inputs: ["x"] + parts.map(\.name), outputs: ["all"],
          attributes: [ONNXAttribute("keepdims", .int(keepsAxis ? 1 : 0))]),
        node("SequenceAt", "all", "last", "y"),
      ], parts + [Self.integers("last", [-1])])
    try expectAnswers(document, inputs: [Self.x], [wanted])
  }

  @Test func whatDoesNotFitIsRefused() {
    expectRefusal(
      Self.document(
        [
          node("SplitToSequence", "x", "parts", "all"), node("SequenceAt", "all", "zero", "y"),
        ], [Self.integers("parts", [1, 1], [2]), Self.integers("zero", [0])]),
      "its parts [1, 1] do not add up to 3")
    expectRefusal(
      Self.document(
        [
          ONNXNode("SequenceEmpty", inputs: [], outputs: ["none"]),
          node("SequenceAt", "none", "zero", "y"),
        ], [Self.integers("zero", [0])]), "its position 0 is out of range for 0 tensors")
    expectRefusal(
      Self.document(
        [
          ONNXNode("SequenceEmpty", inputs: [], outputs: ["none"]),
          ONNXNode(
            "ConcatFromSequence", inputs: ["none"], outputs: ["y"],
            attributes: [ONNXAttribute("axis", .int(0))]),
        ], []), "its sequence has no tensors")
  }

  @Test func loopsCarrySequences() throws {
    let body = bodyGraph(
      [
        node("Identity", "before", "on"), node("Add", "sum", "x", "next"),
        node("SequenceInsert", "list", "next", "first", "longer"),
      ], inputs: ["turn", "before", "sum", "list"], outputs: ["on", "next", "longer"],
      constants: [Self.integers("first", [0])])
    let document = Self.document(
      [
        ONNXNode("SequenceEmpty", inputs: [], outputs: ["none"]),
        ONNXNode(
          "Loop", inputs: ["count", "", "x", "none"], outputs: ["sum", "list"],
          attributes: [try bodyAttribute("body", body)]), node("SequenceAt", "list", "last", "y"),
      ], [Self.integers("count", [3]), Self.integers("last", [-1])])
    try expectAnswers(
      document, inputs: [Self.x],
      [ONNXTensor(name: "y", dimensions: [3, 2], floats: [2, 4, 6, 8, 10, 12])])
  }
}
