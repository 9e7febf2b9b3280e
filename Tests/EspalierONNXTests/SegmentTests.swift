import EspalierGraph
import EspalierONNX
import Testing

/// Loops that reduce rows of a tensor segment by segment, as PyTorch writes `nn.EmbeddingBag`, take any number of segments.
///
/// The numbers follow from the definitions of sum, mean and maximum.
@Suite struct SegmentTests {
  private static let table = ONNXTensor(
    name: "table", dimensions: [4, 2], floats: [1, -2, 4, 8, -16, 32, 64, -128])

  private static func integers(
    _ name: Name, _ numbers: [Int64], _ dimensions: [Int] = []
  ) -> ONNXTensor {
    ONNXTensor(name: name, .int64, dimensions: dimensions, numbers)
  }

  private static let constants = [
    table, integers("zero", [0]), integers("axis", [0], [1]), integers("first", [1], [1]),
    integers("last", [.max], [1]), integers("flat", [-1], [1]),
  ]

  /// `y` is a reduction of the rows of the table that `ids` name from one offset to the next, `offsets` to the end.
  private static func nodes(_ reduction: String, keepsAxis: Bool = false) throws -> [ONNXNode] {
    let isSum = reduction == "ReduceSum"
    let body = bodyGraph(
      [
        node("Gather", "all", "turn", "start"), node("Gather", "ends", "turn", "end"),
        node("Unsqueeze", "start", "axis", "from"), node("Unsqueeze", "end", "axis", "to"),
        node("Slice", "ids", "from", "to", "axis", "own"), node("Gather", "table", "own", "rows"),
        ONNXNode(
          reduction, inputs: ["rows"] + (isSum ? ["axis"] : []), outputs: ["one"],
          attributes: [ONNXAttribute("keepdims", .int(keepsAxis ? 1 : 0))]
            + (isSum ? [] : [ONNXAttribute("axes", .ints([0]))])),
        node("Identity", "before", "on"),
      ], inputs: ["turn", "before"], outputs: ["on", "one"])
    return [
      node("Shape", "ids", "idsShape"), node("Gather", "idsShape", "zero", "count"),
      node("Unsqueeze", "count", "axis", "end"),
      ONNXNode(
        "Concat", inputs: ["offsets", "end"], outputs: ["all"],
        attributes: [ONNXAttribute("axis", .int(0))]),
      node("Slice", "all", "first", "last", "axis", "ends"), node("Shape", "ends", "endsShape"),
      node("Gather", "endsShape", "zero", "turns"),
      ONNXNode(
        "Loop", name: "bags", inputs: ["turns", ""], outputs: ["y"],
        attributes: [try bodyAttribute("body", body)]),
    ]
  }

  private static let wanted: [(reduction: String, numbers: [Float])] = [
    ("ReduceSum", [5, 6, -16, 32, 133, -250]),
    ("ReduceMean", [2.5, 3, -16, 32, 133.0 / 4, -62.5]), ("ReduceMax", [4, 8, -16, 32, 64, 8]),
  ]

  @Test(arguments: wanted.indices, [true, false])
  func segmentsFromOffsetsAreReduced(_ index: Int, _ areOpen: Bool) throws {
    let (reduction, numbers) = Self.wanted[index]
    let inputs = [
      Self.integers("ids", [0, 1, 2, 3, 3, 0, 1], [7]), Self.integers("offsets", [0, 2, 3], [3]),
    ]
    let document = answeringDocument(
      try Self.nodes(reduction), opset: 17, inputs: inputs, constants: Self.constants,
      symbols: areOpen ? [7: "L", 3: "N"] : [:])
    try expectAnswers(
      document, inputs: inputs,
      [ONNXTensor(name: "y", dimensions: [3, 2], floats: numbers)], tolerance: 1e-6)
  }

  @Test(arguments: wanted.indices) func rowsOfIdsAreReduced(_ index: Int) throws {
    // PyTorch's offsets of a matrix of ids: 0, L, 2 L, … below N L.
    let reduction = Self.wanted[index].reduction
    let matrix = Self.integers("x", [0, 1, 2, 3, 1, 1], [2, 3])
    let before = [
      node("Shape", "x", "shape"), node("Gather", "shape", "zero", "rowCount"),
      node("Gather", "shape", "one", "length"), node("Mul", "rowCount", "length", "size"),
      node("Range", "zero", "size", "length", "offsets"), node("Reshape", "x", "flat", "ids"),
    ]
    let document = answeringDocument(
      before + (try Self.nodes(reduction, keepsAxis: true)), opset: 17, inputs: [matrix],
      constants: Self.constants + [Self.integers("one", [1])], symbols: [2: "N", 3: "L"])
    let numbers: [[Float]] = [
      [-11, 38, 72, -112], [-11.0 / 3, 38.0 / 3, 24, -112.0 / 3], [4, 32, 64, 8],
    ]
    try expectAnswers(
      document, inputs: [matrix],
      [ONNXTensor(name: "y", dimensions: [2, 1, 2], floats: numbers[index])], tolerance: 1e-6)
    let model = try ImportedModel(document).model
    #expect(model.trunk.ranges.isEmpty)
    let kinds = (model.heads.map(\.graph) + [model.trunk.graph]).flatMap(\.nodes).map(
      \.operator.kind)
    #expect(!kinds.contains(.matrixProduct) && kinds.contains(.reduction))
  }

  @Test func segmentsWithoutRowsHaveWhatTheBranchGives() throws {
    let otherwise = bodyGraph(
      [
        node("Slice", "x", "start", "end", "own"),
        ONNXNode(
          "ReduceMean", inputs: ["own"], outputs: ["mean"],
          attributes: [
            ONNXAttribute("axes", .ints([0]))
          ]),
      ], outputs: ["mean"])
    let body = bodyGraph(
      [
        node("Reshape", "place", "flat", "from"), node("Add", "from", "first", "to"),
        node("Add", "to", "first", "further"), node("Slice", "offsets", "from", "to", "start"),
        node("Slice", "offsets", "to", "further", "end"), node("Equal", "start", "end", "none"),
        ONNXNode(
          "If", inputs: ["none"], outputs: ["row"],
          attributes: [
            try bodyAttribute(
              "then_branch",
              bodyGraph(
                [], outputs: ["empty"],
                constants: [
                  ONNXTensor(name: "empty", dimensions: [1, 2], floats: [7, 9])
                ])), try bodyAttribute("else_branch", otherwise),
          ]), node("SequenceInsert", "list", "row", "longer"),
        node("Add", "place", "one", "next"), node("Less", "next", "bags", "on"),
      ], inputs: ["turn", "before", "list", "place"], outputs: ["on", "longer", "next"])
    let inputs = [
      ONNXTensor(name: "x", dimensions: [3, 2], floats: [1, 2, 3, 4, 5, 6]),
      Self.integers("offsets", [0, 2, 2, 3], [4]),
    ]
    let document = answeringDocument(
      [
        ONNXNode("SequenceEmpty", inputs: [], outputs: ["nothing"]),
        ONNXNode(
          "Loop", inputs: ["", "", "nothing", "zero"], outputs: ["rows", "end"],
          attributes: [try bodyAttribute("body", body)]),
        ONNXNode(
          "ConcatFromSequence", inputs: ["rows"], outputs: ["y"],
          attributes: [ONNXAttribute("axis", .int(0))]),
      ], opset: 17, inputs: inputs,
      constants: Self.constants + [Self.integers("one", [1]), Self.integers("bags", [3])])
    try expectAnswers(
      document, inputs: inputs,
      [ONNXTensor(name: "y", dimensions: [3, 2], floats: [2, 3, 7, 9, 5, 6])], tolerance: 1e-6)
  }

  @Test func sizesAreNumbersThatModelsMake() throws {
    let x = ONNXTensor(name: "x", dimensions: [2, 3], floats: [1, 2, 3, 4, 5, 6])
    var document = answeringDocument(
      [
        node("Shape", "x", "shape"), node("Gather", "shape", "zero", "rows"),
        node("Mul", "rows", "rows", "y"),
      ], opset: 17, inputs: [x], constants: [Self.integers("zero", [0])], symbols: [2: "N"])
    document.graph.outputs.append(ONNXValueInfo("shape", .unknown))
    try expectAnswers(
      document, inputs: [x],
      [Self.integers("y", [4]), Self.integers("shape", [2, 3], [2])])
  }
}
