import EspalierGraph
import EspalierONNX
import Testing

/// Branches that can be decided while importing are taken, and loops whose turns can be counted are unrolled.
///
/// The numbers follow from ONNX's definitions of If, Loop and Scan, and are those that ONNX Runtime gives.
@Suite struct ControlTests {
  private static let x = ONNXTensor(name: "x", dimensions: [2], floats: [1, 3])

  /// `y` is `x + 10` when a value is true, and twice `x` otherwise; both branches call what they make alike.
  private static func choice(on condition: Name, _ outputs: [Name] = ["y"]) throws -> ONNXNode {
    ONNXNode(
      "If", name: "choice", inputs: [condition], outputs: outputs,
      attributes: [
        try bodyAttribute(
          "then_branch",
          bodyGraph(
            [ONNXNode("Add", inputs: ["x", "k"], outputs: ["t"])], outputs: ["t"],
            constants: [ONNXTensor(name: "k", dimensions: [], floats: [10])])),
        try bodyAttribute(
          "else_branch",
          bodyGraph([ONNXNode("Add", inputs: ["x", "x"], outputs: ["t"])], outputs: ["t"])),
      ])
  }

  private static func flag(_ name: Name, _ value: Bool) -> ONNXTensor {
    ONNXTensor(name: name, .bool, dimensions: [], [value ? 1 : 0] as [UInt8])
  }

  @Test(arguments: [(true, [11, 13]), (false, [2, 6])] as [(Bool, [Float])])
  func theBranchOfAConstantIsTaken(_ condition: Bool, _ wanted: [Float]) throws {
    let document = answeringDocument(
      [try Self.choice(on: "c")], opset: 17, inputs: [Self.x],
      constants: [Self.flag("c", condition)])
    try expectAnswers(
      document, inputs: [Self.x], [ONNXTensor(name: "y", dimensions: [2], floats: wanted)])
  }

  @Test func theBranchOfAFixedShapeIsTaken() throws {
    let document = answeringDocument(
      [
        ONNXNode("Size", inputs: ["x"], outputs: ["n"]),
        ONNXNode("Equal", inputs: ["n", "two"], outputs: ["c"]), try Self.choice(on: "c"),
      ], opset: 17, inputs: [Self.x],
      constants: [ONNXTensor(name: "two", .int64, dimensions: [], [2] as [Int64])])
    try expectAnswers(
      document, inputs: [Self.x], [ONNXTensor(name: "y", dimensions: [2], floats: [11, 13])])
  }

  @Test func branchesInsideBranchesReadWhatIsAroundThem() throws {
    let outer = ONNXNode(
      "If", inputs: ["c"], outputs: ["y"],
      attributes: [
        try bodyAttribute(
          "then_branch",
          bodyGraph(
            [
              ONNXNode("Add", inputs: ["x", "x"], outputs: ["t"]),
              try Self.choice(on: "d", ["inner"]),
              ONNXNode("Mul", inputs: ["inner", "t"], outputs: ["r"]),
            ], outputs: ["r"])),
        try bodyAttribute("else_branch", bodyGraph([], outputs: ["x"])),
      ])
    let document = answeringDocument(
      [outer], opset: 17, inputs: [Self.x],
      constants: [Self.flag("c", true), Self.flag("d", false)])
    // The inner branch calls its sum t as well, and hides that of the outer one only while it lasts.
    try expectAnswers(
      document, inputs: [Self.x], [ONNXTensor(name: "y", dimensions: [2], floats: [4, 36])])
  }

  @Test func whatOnlyRunningTellsIsRefusedByName() throws {
    let document = answeringDocument(
      [
        ONNXNode(
          "ReduceMax", inputs: ["x"], outputs: ["m"],
          attributes: [ONNXAttribute("keepdims", .int(0))]),
        ONNXNode("Greater", inputs: ["m", "two"], outputs: ["c"]), try Self.choice(on: "c"),
      ], opset: 17, inputs: [Self.x],
      constants: [ONNXTensor(name: "two", dimensions: [], floats: [2])])
    let error = #expect(throws: UnconvertibleNodes.self) { try ImportedModel(document) }
    #expect(error?.groups.count == 1)
    #expect(
      error?.groups[0].reason
        == "which branch is taken depends on the numbers of c, which only running tells")
    #expect(
      error?.groups[0].remedy.hasPrefix("if it follows from an input of the document, give") == true
    )
  }

  /// A loop that doubles `s`, which `x` is at first, and collects what it is after each turn; `goesOn` makes `more`.
  private static func loop(
    count: Int64?, goesOn: ONNXNode, constants: [ONNXTensor] = []
  ) throws -> ONNXModel {
    let body = bodyGraph(
      [
        goesOn, ONNXNode("Add", inputs: ["s", "s"], outputs: ["twice"]),
        ONNXNode("Identity", inputs: ["twice"], outputs: ["kept"]),
      ], inputs: ["i", "c", "s"], outputs: ["more", "twice", "kept"])
    let node = ONNXNode(
      "Loop", name: "loop", inputs: [count == nil ? "" : "count", "", "x"],
      outputs: ["y", "all"], attributes: [try bodyAttribute("body", body)])
    let counts = count.map { [ONNXTensor(name: "count", .int64, dimensions: [], [$0])] } ?? []
    var document = answeringDocument(
      [node], opset: 17, inputs: [x], constants: counts + constants)
    document.graph.outputs.append(ONNXValueInfo("all", .unknown))
    return document
  }

  private static let goesOnAsBefore = ONNXNode("Identity", inputs: ["c"], outputs: ["more"])

  @Test func loopsOfAConstantCountAreUnrolled() throws {
    try expectAnswers(
      try Self.loop(count: 3, goesOn: Self.goesOnAsBefore), inputs: [Self.x],
      [
        ONNXTensor(name: "y", dimensions: [2], floats: [8, 24]),
        ONNXTensor(name: "all", dimensions: [3, 2], floats: [2, 6, 4, 12, 8, 24]),
      ])
  }

  @Test(arguments: [nil, 7] as [Int64?])
  func loopsEndWithTheirCondition(_ count: Int64?) throws {
    // After turn 0 it goes on, since 0 is less than 1; after turn 1 it does not.
    let document = try Self.loop(
      count: count, goesOn: ONNXNode("Less", inputs: ["i", "one"], outputs: ["more"]),
      constants: [ONNXTensor(name: "one", .int64, dimensions: [], [1] as [Int64])])
    try expectAnswers(
      document, inputs: [Self.x],
      [
        ONNXTensor(name: "y", dimensions: [2], floats: [4, 12]),
        ONNXTensor(name: "all", dimensions: [2, 2], floats: [2, 6, 4, 12]),
      ])
  }

  @Test func loopsThatWouldBecomeTooManyNodesAreRefused() throws {
    let document = try Self.loop(count: .max, goesOn: Self.goesOnAsBefore)
    expectRefusal(
      document, "branches and loops would become more than 65536 nodes, the most that they may")
  }

  /// A scan that adds up what it reads, and collects the sums.
  private static func scan(_ attributes: [ONNXAttribute]) throws -> ONNXModel {
    let body = bodyGraph(
      [
        ONNXNode("Add", inputs: ["sum", "part"], outputs: ["next"]),
        ONNXNode("Identity", inputs: ["next"], outputs: ["kept"]),
      ], inputs: ["sum", "part"], outputs: ["next", "kept"])
    let node = ONNXNode(
      "Scan", name: "scan", inputs: ["zero", "x"], outputs: ["y", "all"],
      attributes: [
        try bodyAttribute("body", body), ONNXAttribute("num_scan_inputs", .int(1)),
      ] + attributes)
    var document = answeringDocument(
      [node], opset: 17, inputs: [matrix],
      constants: [ONNXTensor(name: "zero", dimensions: [2], floats: [0, 0])])
    document.graph.outputs.append(ONNXValueInfo("all", .unknown))
    return document
  }

  private static let matrix = ONNXTensor(
    name: "x", dimensions: [3, 2], floats: [1, 2, 3, 4, 5, 6])

  @Test func scansOfAKnownLengthAreUnrolled() throws {
    try expectAnswers(
      try Self.scan([]), inputs: [Self.matrix],
      [
        ONNXTensor(name: "y", dimensions: [2], floats: [9, 12]),
        ONNXTensor(name: "all", dimensions: [3, 2], floats: [1, 2, 4, 6, 9, 12]),
      ])
    try expectAnswers(
      try Self.scan([
        ONNXAttribute("scan_input_directions", .ints([1])),
        ONNXAttribute("scan_output_axes", .ints([1])),
      ]), inputs: [Self.matrix],
      [
        ONNXTensor(name: "y", dimensions: [2], floats: [9, 12]),
        ONNXTensor(name: "all", dimensions: [2, 3], floats: [5, 8, 9, 6, 10, 12]),
      ])
  }

  @Test func bodiesAreRefusedWhereTheyDoNotFit() throws {
    for (attributes, reason) in [
      ([], "its then_branch is missing"),
      (
        [try bodyAttribute("then_branch", bodyGraph([], outputs: ["nothing"]))],
        "its body gives nothing, which nothing makes"
      ),
    ] as [([ONNXAttribute], String)] {
      let node = ONNXNode("If", inputs: ["c"], outputs: ["y"], attributes: attributes)
      expectRefusal(
        answeringDocument(
          [node], opset: 17, inputs: [Self.x], constants: [Self.flag("c", true)]), reason)
    }
  }

  @Test func bodiesInsideOneAnotherHaveALimit() throws {
    var node = try Self.choice(on: "c")
    for _ in 0..<70 {
      node = ONNXNode(
        "If", inputs: ["c"], outputs: ["y"],
        attributes: [try bodyAttribute("then_branch", bodyGraph([node], outputs: ["y"]))])
    }
    let document = answeringDocument(
      [node], opset: 17, inputs: [Self.x], constants: [Self.flag("c", true)])
    expectRefusal(document, "64 bodies, one inside the other, are the most")
  }

  @Test func sequencesAreNamesForTheirTensors() throws {
    func integer(_ name: Name, _ number: Int64) -> ONNXTensor {
      ONNXTensor(name: name, .int64, dimensions: [], [number])
    }
    var document = answeringDocument(
      [
        ONNXNode("Neg", inputs: ["x"], outputs: ["minus"]),
        ONNXNode("SequenceConstruct", inputs: ["x", "minus"], outputs: ["pair"]),
        ONNXNode("SequenceInsert", inputs: ["pair", "minus", "first"], outputs: ["three"]),
        ONNXNode("SequenceAt", inputs: ["three", "last"], outputs: ["y"]),
        ONNXNode(
          "ConcatFromSequence", inputs: ["three"], outputs: ["all"],
          attributes: [ONNXAttribute("axis", .int(0)), ONNXAttribute("new_axis", .int(1))]),
      ], opset: 17, inputs: [Self.x], constants: [integer("first", 0), integer("last", -1)])
    document.graph.outputs += ["all", "pair"].map { ONNXValueInfo($0, .unknown) }
    try expectAnswers(
      document, inputs: [Self.x],
      [
        ONNXTensor(name: "y", dimensions: [2], floats: [-1, -3]),
        ONNXTensor(name: "all", dimensions: [3, 2], floats: [-1, -3, 1, 3, -1, -3]),
        ONNXTensor(name: "pair.0", dimensions: [2], floats: [1, 3]),
        ONNXTensor(name: "pair.1", dimensions: [2], floats: [-1, -3]),
      ])
  }

  @Test func sequencesAreNotTakenForTensors() throws {
    let document = answeringDocument(
      [
        ONNXNode("SequenceConstruct", inputs: ["x", "x"], outputs: ["pair"]),
        ONNXNode("Relu", inputs: ["pair"], outputs: ["y"]),
      ], opset: 17, inputs: [Self.x])
    expectRefusal(document, "its input pair is a sequence")
  }

  @Test func whereToCutIsSaidOfWhatHasAsManyElementsAsItsNumbersSay() throws {
    let document = answeringDocument(
      [
        ONNXNode("Abs", inputs: ["x"], outputs: ["scores"]),
        ONNXNode("NonZero", name: "n", inputs: ["scores"], outputs: ["y"]),
      ], opset: 17, inputs: [Self.x])
    let error = #expect(throws: UnconvertibleNodes.self) { try ImportedModel(document) }
    #expect(error?.groups[0].remedy.contains("--heads scores,") == true)
  }
}
