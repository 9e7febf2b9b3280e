import EspalierGraph
import EspalierONNX
import Testing

/// Nodes answer with the numbers that ONNX demands, worked out by its definitions.
@Suite struct ConverterTests {
  /// `x` as elements of one type after the other.
  private static func casts(_ x: ONNXTensor, _ elements: ONNXElementType...) -> ONNXModel {
    let nodes = elements.enumerated().map { index, element in
      ONNXNode(
        "Cast", inputs: [index == 0 ? "x" : Name("v\(index)")],
        outputs: [index == elements.count - 1 ? "y" : Name("v\(index + 1)")],
        attributes: [ONNXAttribute("to", .int(Int64(element.rawValue)))])
    }
    return answeringDocument(nodes, opset: 13, inputs: [x])
  }

  @Test func integersWrapWhereTheirTypeEnds() throws {
    let numbers: [Int32] = [70000, -1, 40000, -40000]
    let x = ONNXTensor(name: "x", .int32, dimensions: [4], numbers)
    for (element, wanted) in [
      (.uint16, [4464, 65535, 40000, 25536]), (.int16, [4464, -1, -25536, 25536]),
      (.uint8, [112, 255, 64, 192]), (.int8, [112, -1, 64, -64]),
    ] as [(ONNXElementType, [Int32])] {
      try expectAnswers(
        Self.casts(x, element, .int32), inputs: [x],
        [ONNXTensor(name: "y", .int32, dimensions: [4], wanted)])
    }
    try expectAnswers(
      Self.casts(x, .uint32, .int64), inputs: [x],
      [
        ONNXTensor(
          name: "y", dimensions: [4], integers: [70000, 4_294_967_295, 40000, 4_294_927_296])
      ])
    let long = ONNXTensor(name: "x", dimensions: [3], integers: [1 << 40 | 5, -1, 1 << 31])
    try expectAnswers(
      Self.casts(long, .uint32, .int64), inputs: [long],
      [ONNXTensor(name: "y", dimensions: [3], integers: [5, 4_294_967_295, 1 << 31])])
    try expectAnswers(
      Self.casts(long, .int16, .int64), inputs: [long],
      [ONNXTensor(name: "y", dimensions: [3], integers: [5, -1, 0])])
  }

  @Test func integersThatFitDoNotTakeMoreNodes() throws {
    let x = ONNXTensor(name: "x", .uint8, dimensions: [2], [0, 255] as [UInt8])
    for element in [ONNXElementType.uint16, .int16] {
      let graph = try ImportedModel(Self.casts(x, element, .int32)).model
      let nodes = graph.trunk.graph.nodes + graph.heads.flatMap(\.graph.nodes)
      #expect(nodes.count == 1, "\(element)")
    }
  }

  @Test func powersOfDoublesAreDoubles() throws {
    let x = ONNXTensor(name: "x", .float64, dimensions: [2], [3.000_000_1, -0.1] as [Double])
    let node = ONNXNode("Pow", inputs: ["x", "two"], outputs: ["y"])
    for two in [
      ONNXTensor(name: "two", .float64, dimensions: [], [2] as [Double]),
      ONNXTensor(name: "two", dimensions: [], floats: [2]),
      ONNXTensor(name: "two", dimensions: [], integers: [2]),
    ] {
      try expectAnswers(
        answeringDocument([node], opset: 15, inputs: [x], constants: [two]), inputs: [x],
        [
          ONNXTensor(
            name: "y", .float64, dimensions: [2], [9.000_000_600_000_01, 0.01] as [Double])
        ])
    }
  }

  @Test func normsAreOfPowersOneAndTwo() throws {
    let x = ONNXTensor(name: "x", dimensions: [1, 2], floats: [3, -4])
    let document = { (power: Int64) in
      answeringDocument(
        [
          ONNXNode(
            "LpNormalization", inputs: ["x"], outputs: ["y"],
            attributes: [ONNXAttribute("p", .int(power))])
        ], opset: 1, inputs: [x])
    }
    for (power, numbers) in [(1, [3.0 / 7, -4.0 / 7]), (2, [0.6, -0.8])] as [(Int64, [Float])] {
      try expectAnswers(
        document(power), inputs: [x],
        [ONNXTensor(name: "y", dimensions: [1, 2], floats: numbers)], tolerance: 1e-6)
    }
    expectRefusal(document(3), "its attribute p must be 1 or 2, but is 3")
  }

  /// Places along an axis whose size is open, which has others behind it.
  @Test func placesAlongOpenAxes() throws {
    let x = ONNXTensor(name: "x", dimensions: [3, 2], floats: [0, 5, 2, 4, 1, 5])
    let node = ONNXNode(
      "Hardmax", inputs: ["x"], outputs: ["y"], attributes: [ONNXAttribute("axis", .int(0))])
    try expectAnswers(
      answeringDocument([node], opset: 13, inputs: [x], symbols: [3: "rows"]), inputs: [x],
      [ONNXTensor(name: "y", dimensions: [3, 2], floats: [0, 1, 1, 0, 0, 0])])
  }

  /// Weights, recurrent weights, biases, states and peepholes of one direction for a layer of two.
  @Test(arguments: [1, 2, 3, 5, 6, 7])
  func whatHasOneDirectionIsNotForTwo(_ wrong: Int) throws {
    let x = ONNXTensor(
      name: "x", dimensions: [2, 1, 3], floats: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    let shapes = [1: [8, 3], 2: [8, 2], 3: [16], 5: [1, 2], 6: [1, 2], 7: [6]]
    let document = { (wrong: Int?) in
      let constants = shapes.map { index, shape in
        let dimensions = [index == wrong ? 1 : 2] + shape
        return ONNXTensor(
          name: Name("v\(index)"), dimensions: dimensions,
          floats: Array(repeating: 0.5, count: dimensions.reduce(1, *)))
      }
      let node = ONNXNode(
        "LSTM", inputs: ["x", "v1", "v2", "v3", "", "v5", "v6", "v7"], outputs: ["y"],
        attributes: [
          ONNXAttribute("direction", .string("bidirectional")),
          ONNXAttribute("hidden_size", .int(2)),
        ])
      return answeringDocument([node], opset: 14, inputs: [x], constants: constants)
    }
    #expect(throws: Never.self) { try ImportedModel(document(nil)) }
    expectRefusal(
      document(wrong),
      "the first axis of its input \(wrong) is 1, but must be 2, one for each direction")
  }
}
