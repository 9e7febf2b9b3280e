import EspalierGraph
import EspalierONNX
import EspalierRuntime
import Testing

/// Which sizes of open axes a model takes, found without trying all of them, and what it answers at sizes never tried.
@Suite struct OpenSizeTests {
  /// A document of float inputs, whose sizes are numbers or symbols; the last node makes `y`.
  private func document(
    _ nodes: [ONNXNode], inputs: [(Name, [ONNXDimension])], constants: [ONNXTensor] = [],
    outputs: [Name] = ["y"]
  ) -> ONNXModel {
    ONNXModel(
      irVersion: 8, opsets: [ONNXOpset(version: 17)], producerName: "test", producerVersion: "1",
      graph: ONNXGraph(
        name: "sizes", nodes: nodes,
        inputs: inputs.map { ONNXValueInfo($0, .tensor(.float32, dimensions: $1)) },
        outputs: outputs.map { ONNXValueInfo($0, .unknown) }, initializers: constants))
  }

  private func integers(_ name: Name, _ list: [Int64]) -> ONNXTensor {
    ONNXTensor(name: name, dimensions: [list.count], integers: list)
  }

  private func ones(_ name: Name, _ sizes: [Int]) -> ONNXTensor {
    ONNXTensor(
      name: name, dimensions: sizes,
      floats: [Float](repeating: 1, count: sizes.reduce(1, *)))
  }

  /// What becomes of a document's open sizes, in words.
  private func sizes(of document: ONNXModel) throws -> [Name: String] {
    let joined = try JoinedModel([NamedDocument(name: "sizes", model: document)])
    for size in joined.sizes where size.range.least != size.range.most {
      #expect(joined.model.trunk.range(of: size.symbol) == size.range)
    }
    return Dictionary(
      joined.sizes.map { size in
        (size.symbol, "\(size.range)" + size.same.map { " = \($0)" }.joined())
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The shape of the first output for sizes, nil where the model refuses them.
  private func shape(_ model: Model, _ bound: [Name: Int]) -> [Int]? {
    let sizes = SymbolSizes(
      batch: bound["batch"] ?? 1,
      bound.filter { $0.key != "batch" }.map { (symbol: $0.key, size: $0.value) })
    return try? Plan(model, sizes: sizes).outputs[0].shape.sizes
  }

  private func model(_ document: ONNXModel) throws -> Model { try ImportedModel(document).model }

  /// Halves five times and doubles back, adding what it had: only multiples of 32 fit.
  @Test func pyramidsTakeMultiples() throws {
    var nodes: [ONNXNode] = []
    for level in 0..<5 {
      nodes.append(
        ONNXNode(
          "MaxPool", inputs: [level == 0 ? "x" : Name("d\(level - 1)")],
          outputs: [Name("d\(level)")],
          attributes: [
            ONNXAttribute("kernel_shape", .ints([2, 2])), ONNXAttribute("strides", .ints([2, 2])),
          ]))
    }
    var last: Name = "d4"
    for level in (0..<5).reversed() {
      nodes.append(
        ONNXNode(
          "Resize", inputs: [last, "", "twice"], outputs: [Name("u\(level)")],
          attributes: [
            ONNXAttribute("mode", .string("nearest")),
            ONNXAttribute("coordinate_transformation_mode", .string("asymmetric")),
            ONNXAttribute("nearest_mode", .string("floor")),
          ]))
      nodes.append(
        ONNXNode(
          "Add", inputs: [Name("u\(level)"), level == 0 ? "x" : Name("d\(level - 1)")],
          outputs: [level == 0 ? "y" : Name("s\(level)")]))
      last = Name("s\(level)")
    }
    let document = document(
      nodes, inputs: [("x", [.symbol("n"), .fixed(1), .symbol("h"), .symbol("w")])],
      constants: [ONNXTensor(name: "twice", dimensions: [4], floats: [1, 1, 2, 2])])
    #expect(
      try sizes(of: document) == [
        "batch": "any size", "h": "multiples of 32", "w": "multiples of 32",
      ])
    let model = try model(document)
    #expect(shape(model, ["batch": 3, "h": 32, "w": 1984]) == [3, 1, 32, 1984])
    #expect(shape(model, ["h": 48, "w": 64]) == nil)
  }

  @Test func windowsTakeALeastSize() throws {
    let document = document(
      [
        ONNXNode(
          "Conv", inputs: ["x", "k"], outputs: ["c"],
          attributes: [ONNXAttribute("strides", .ints([160]))]),
        ONNXNode(
          "AveragePool", inputs: ["c"], outputs: ["y"],
          attributes: [ONNXAttribute("kernel_shape", .ints([3]))]),
      ], inputs: [("x", [.fixed(1), .fixed(1), .symbol("time")])],
      constants: [ones("k", [2, 1, 400])])
    // 400 for the first window and two steps of 160 for the next.
    #expect(try sizes(of: document) == ["time": "720 or more"])
    let model = try model(document)
    #expect(shape(model, ["time": 719]) == nil)
    #expect(shape(model, ["time": 720]) == [1, 2, 1])
    #expect(shape(model, ["time": 16_000]) == [1, 2, 96])
  }

  /// Weights behind a reshape want one size, which becomes a number of the model.
  @Test func weightsFixASize() throws {
    let document = document(
      [
        ONNXNode("Flatten", inputs: ["x"], outputs: ["f"]),
        ONNXNode("MatMul", inputs: ["f", "w"], outputs: ["y"]),
      ], inputs: [("x", [.symbol("n"), .fixed(3), .symbol("t")])],
      constants: [ones("w", [3 * 77, 5])])
    #expect(try sizes(of: document) == ["batch": "any size", "t": "77"])
    #expect(
      try model(document).trunk.graph.inputs[0].dimensions == [.batch, .fixed(3), .fixed(77)])
  }

  @Test func tablesOfPositionsTakeALargestSize() throws {
    let document = document(
      [
        ONNXNode("Shape", inputs: ["x"], outputs: ["s"]),
        ONNXNode("Slice", inputs: ["s", "one", "two", "zero"], outputs: ["t"]),
        ONNXNode("Slice", inputs: ["table", "zero", "t", "zero"], outputs: ["positions"]),
        ONNXNode("Add", inputs: ["x", "positions"], outputs: ["y"]),
      ], inputs: [("x", [.symbol("n"), .symbol("t"), .fixed(4)])],
      constants: [
        ONNXTensor(
          name: "table", dimensions: [50, 4], floats: (0..<200).map { Float($0) }),
        integers("zero", [0]), integers("one", [1]), integers("two", [2]),
      ])
    let found = try sizes(of: document)
    #expect(found["batch"] == "any size")
    #expect(found["t"] == "at most 50")
    let model = try model(document)
    #expect(shape(model, ["batch": 2, "t": 50]) == [2, 50, 4])
    #expect(shape(model, ["t": 51]) == nil)
    var session = try Session(model, sizes: SymbolSizes(batch: 1, [("t", 7)]))
    let zeros = [Float](repeating: 0, count: 28)
    try session.setInput("x", to: zeros.span)
    try session.run()
    #expect(try session.numbers(of: "y", "y") == (0..<28).map { Float($0) })
  }

  /// Two inputs that are added are of one size, whatever they are called.
  @Test func sizesThatMustBeEqualAreOne() throws {
    let document = document(
      [
        ONNXNode(
          "Concat", inputs: ["x", "x"], outputs: ["xx"],
          attributes: [ONNXAttribute("axis", .int(2))]),
        ONNXNode("Mul", inputs: ["xx", "z"], outputs: ["y"]),
      ],
      inputs: [
        ("x", [.symbol("n"), .symbol("s"), .fixed(2)]),
        ("z", [.symbol("n"), .symbol("r"), .fixed(4)]),
      ])
    let found = try sizes(of: document)
    #expect(found == ["batch": "any size", "s": "any size = r"])
  }

  /// Texts and pictures are counted each for itself, as CLIP does.
  @Test func rowsOfTwoKindsStayTwo() throws {
    let document = document(
      [
        ONNXNode(
          "Transpose", inputs: ["text"], outputs: ["t"],
          attributes: [ONNXAttribute("perm", .ints([1, 0]))]),
        ONNXNode("MatMul", inputs: ["image", "t"], outputs: ["y"]),
      ],
      inputs: [
        ("image", [.symbol("images"), .fixed(8)]), ("text", [.symbol("texts"), .fixed(8)]),
      ])
    #expect(try sizes(of: document) == ["batch": "any size", "texts": "any size"])
    #expect(shape(try model(document), ["batch": 5, "texts": 3]) == [5, 3])
  }

  @Test func parityMatters() throws {
    // Rows in pairs: only even lengths can be reshaped.
    let document = document(
      [ONNXNode("Reshape", inputs: ["x", "pairs"], outputs: ["y"])],
      inputs: [("x", [.fixed(1), .symbol("t")])], constants: [integers("pairs", [1, -1, 2])])
    #expect(try sizes(of: document) == ["t": "multiples of 2"])
    let model = try model(document)
    #expect(shape(model, ["t": 6]) == [1, 3, 2])
    #expect(shape(model, ["t": 7]) == nil)
  }

  /// A state of one row for each sequence is of the batch's size, which stands on another axis.
  @Test func statesAreAsManyAsRows() throws {
    let document = document(
      [
        ONNXNode(
          "LSTM", inputs: ["x", "w", "r", "", "", "h", "c"], outputs: ["all", "y"],
          attributes: [ONNXAttribute("hidden_size", .int(3))])
      ],
      inputs: [
        ("x", [.symbol("t"), .symbol("n"), .fixed(2)]),
        ("h", [.fixed(1), .symbol("m"), .fixed(3)]), ("c", [.fixed(1), .symbol("k"), .fixed(3)]),
      ], constants: [ones("w", [1, 12, 2]), ones("r", [1, 12, 3])])
    let found = try sizes(of: document)
    #expect(found.count == 2)
    #expect(found["n"] == "any size = k = m", "\(found)")
  }

  /// Slices that are counted from the end of an open axis; the answers are those of Python.
  @Test(
    arguments: [
      ([0], [-1], [1], [0, 1, 2, 3]), ([1], [-1], [1], [1, 2, 3]), ([-1], [.max], [1], [4]),
      ([-3], [.max], [1], [2, 3, 4]), ([-3], [-1], [1], [2, 3]),
      ([-1], [.min], [-1], [4, 3, 2, 1, 0]),
      ([-2], [.min], [-1], [3, 2, 1, 0]), ([-1], [0], [-2], [4, 2]), ([0], [-2], [2], [0, 2]),
    ] as [([Int64], [Int64], [Int64], [Float])])
  func slicesFromTheEnd(
    _ start: [Int64], _ end: [Int64], _ step: [Int64], _ wanted: [Float]
  ) throws {
    let document = document(
      [ONNXNode("Slice", inputs: ["x", "s", "e", "a", "p"], outputs: ["y"])],
      inputs: [("x", [.fixed(1), .symbol("t")])],
      constants: [
        integers("s", start), integers("e", end), integers("a", [1]), integers("p", step),
      ])
    let imported = try ImportedModel(document)
    for model in [imported.model, imported.plain] {
      var session = try Session(model, sizes: SymbolSizes(batch: 1, [("t", 5)]))
      let numbers: [Float] = [0, 1, 2, 3, 4]
      try session.setInput("x", to: numbers.span)
      try session.run()
      #expect(try session.numbers(of: "y", "y") == wanted)
    }
  }

  /// What follows the last position of a tensor is nothing, and joined with something that is what there is.
  @Test func nothingJoinsAnything() throws {
    let document = document(
      [
        ONNXNode("Slice", inputs: ["x", "three", "far", "one"], outputs: ["rest"]),
        ONNXNode(
          "Concat", inputs: ["x", "rest"], outputs: ["y"],
          attributes: [ONNXAttribute("axis", .int(1))]),
      ], inputs: [("x", [.symbol("n"), .fixed(3)])],
      constants: [integers("three", [3]), integers("far", [.max]), integers("one", [1])])
    #expect(shape(try model(document), ["batch": 4]) == [4, 3])
  }

  /// Numbers from 0 to a size that only a computed tensor has, or an axis that is longer.
  @Test func countsOfComputedSizes() throws {
    let document = document(
      [
        ONNXNode(
          "MaxPool", inputs: ["x"], outputs: ["p"],
          attributes: [
            ONNXAttribute("kernel_shape", .ints([4])), ONNXAttribute("strides", .ints([3])),
          ]),
        ONNXNode(
          "Shape", inputs: ["p"], outputs: ["s"], attributes: [ONNXAttribute("start", .int(2))]),
        ONNXNode("Squeeze", inputs: ["s"], outputs: ["n"]),
        ONNXNode("Range", inputs: ["zero", "n", "one"], outputs: ["counts"]),
        ONNXNode(
          "Cast", inputs: ["counts"], outputs: ["numbers"],
          attributes: [ONNXAttribute("to", .int(1))]),
        ONNXNode("Mul", inputs: ["p", "numbers"], outputs: ["y"]),
      ], inputs: [("x", [.fixed(1), .fixed(1), .symbol("t")])],
      constants: [
        ONNXTensor(name: "zero", dimensions: [], integers: [0]),
        ONNXTensor(name: "one", dimensions: [], integers: [1]),
      ])
    let model = try model(document)
    var session = try Session(model, sizes: SymbolSizes(batch: 1, [("t", 11)]))
    let ones = [Float](repeating: 1, count: 11)
    try session.setInput("x", to: ones.span)
    try session.run()
    #expect(try session.numbers(of: "y", "y") == [0, 1, 2])
  }
}
