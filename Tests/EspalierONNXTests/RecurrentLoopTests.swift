import EspalierGraph
import EspalierONNX
import EspalierRuntime
import Testing

/// Loops whose turns are steps of recurrent layers become such layers, for sequences of any length.
///
/// The numbers are those that ONNX Runtime gives for the same documents.
@Suite struct RecurrentLoopTests {
  /// How a step is written down.
  enum Cell: CaseIterable {
    /// An LSTM of gates i, f, c, o in one product, with two biases.
    case lstmFused
    /// An LSTM of gates i, c, f, o, whose input and state are put side by side; 1 is added to the gate that forgets.
    case lstmJoined
    /// A GRU whose reset gate is applied to the state, without biases.
    case gruBefore
    /// A GRU whose reset gate is applied to a product, with biases, as `n + z · (h − n)`.
    case gruAfter
    /// A GRU whose update gate says how much is new.
    case gruTurned
    /// A layer without gates.
    case plain

    var states: [Name] { self == .lstmFused || self == .lstmJoined ? ["h", "c"] : ["h"] }

    var nodes: [ONNXNode] {
      switch self {
      case .lstmFused:
        [
          node("MatMul", "part", "W", "xw"), node("MatMul", "h", "R", "hr"),
          node("Add", "xw", "hr", "p"), node("Add", "p", "b", "q"), node("Add", "q", "d", "a"),
          split(["ai", "af", "ag", "ao"]),
        ] + Self.lstm
      case .lstmJoined:
        [
          ONNXNode(
            "Concat", inputs: ["part", "h"], outputs: ["xh"],
            attributes: [ONNXAttribute("axis", .int(1))]),
          node("MatMul", "xh", "W", "a"), split(["ai", "ag", "af0", "ao"]),
          node("Add", "af0", "one", "af"),
        ] + Self.lstm
      case .gruBefore:
        gates(biased: false) + Self.resetBefore + [
          node("Mul", "z", "h", "zh"), node("Sub", "one", "z", "u"), node("Mul", "u", "n", "un"),
          node("Add", "zh", "un", "h2"),
        ]
      case .gruAfter:
        gates(biased: true) + [
          node("MatMul", "h", "Rn", "hn"), node("Add", "hn", "d", "hd"),
          node("Mul", "r", "hd", "rh"), node("Add", "yn", "rh", "an"), node("Tanh", "an", "n"),
          node("Sub", "h", "n", "e"), node("Mul", "z", "e", "ze"), node("Add", "n", "ze", "h2"),
        ]
      case .gruTurned:
        gates(biased: true) + Self.resetBefore + [
          node("Sub", "one", "z", "u"), node("Mul", "u", "h", "uh"), node("Mul", "z", "n", "zn"),
          node("Add", "uh", "zn", "h2"),
        ]
      case .plain:
        [
          ONNXNode(
            "Gemm", inputs: ["part", "W", "b"], outputs: ["xw"],
            attributes: [ONNXAttribute("transB", .int(1))]),
          node("MatMul", "h", "R", "hr"), node("Add", "hr", "xw", "a"), node("Tanh", "a", "h2"),
        ]
      }
    }

    private static let lstm = [
      node("Sigmoid", "ai", "i"), node("Sigmoid", "af", "f"), node("Sigmoid", "ao", "o"),
      node("Tanh", "ag", "g"), node("Mul", "f", "c", "fc"), node("Mul", "g", "i", "ig"),
      node("Add", "fc", "ig", "c2"), node("Tanh", "c2", "k"), node("Mul", "k", "o", "h2"),
    ]

    private static let resetBefore = [
      node("Mul", "r", "h", "rh"), node("MatMul", "rh", "Rn", "hn"), node("Add", "yn", "hn", "an"),
      node("Tanh", "an", "n"),
    ]

    private func split(_ gates: [Name]) -> ONNXNode {
      ONNXNode(
        "Split", inputs: ["a"], outputs: gates, attributes: [ONNXAttribute("axis", .int(-1))])
    }

    private func gates(biased: Bool) -> [ONNXNode] {
      ["z", "r", "n"].flatMap { gate in
        [
          node("MatMul", "part", "W\(gate)", "x\(gate)"),
          biased
            ? node("Add", "b\(gate)", "x\(gate)", "y\(gate)")
            : node("Identity", "x\(gate)", "y\(gate)"),
        ]
          + (gate == "n"
            ? []
            : [
              node("MatMul", "h", "R\(gate)", "h\(gate)"),
              node("Add", "h\(gate)", "y\(gate)", "a\(gate)"),
              node("Sigmoid", "a\(gate)", "\(gate)"),
            ])
      }
    }

    var constants: [ONNXTensor] {
      let one = ONNXTensor(name: "one", dimensions: [], floats: [1])
      switch self {
      case .lstmFused:
        return [
          weights("W", 1, [2, 8]), weights("R", 2, [2, 8]), weights("b", 3, [8]),
          weights("d", 4, [8]),
        ]
      case .lstmJoined: return [weights("W", 5, [4, 8]), one]
      case .plain:
        return [weights("W", 1, [2, 2]), weights("R", 2, [2, 2]), weights("b", 3, [2])]
      case .gruBefore, .gruAfter, .gruTurned:
        let gates = ["z", "r", "n"].enumerated().flatMap { index, gate in
          [
            weights("W\(gate)", index + 1, [2, 2]), weights("R\(gate)", index + 5, [2, 2]),
            weights("b\(gate)", index + 9, [2]),
          ]
        }
        return gates + [one, weights("d", 12, [2])]
      }
    }
  }

  /// What takes one step after the other.
  enum Frame {
    /// A Loop that ends with its condition, with a counter of its own, as TensorFlow's converter writes them.
    case loop
    /// The same from the last step to the first.
    case loopBack
    /// The same with a slice for each step.
    case loopSlice
    case scan
    case scanBack
    /// Of sequences whose first axis is the batch.
    case scanRows
    case scanRowsBack

    var isRows: Bool { self == .scanRows || self == .scanRowsBack }
    private var isBack: Bool { [.loopBack, .scanBack, .scanRowsBack].contains(self) }

    func nodes(of cell: Cell) throws -> [ONNXNode] {
      let states = cell.states
      let next = states.map { Name("\($0)2") }
      let first = states.map { Name("\($0)0") }
      let last: [Name] = ["last", "lastc"]
      let kept = cell.nodes + [node("Identity", "h2", "kept")]
      switch self {
      case .scan, .scanBack, .scanRows, .scanRowsBack:
        let body = bodyGraph(kept, inputs: states + ["part"], outputs: next + ["kept"])
        let list = { ONNXAttribute.Value.ints([$0 ? 1 : 0]) }
        return [
          ONNXNode(
            "Scan", name: "loop", inputs: first + ["x"], outputs: last.prefix(states.count) + ["y"],
            attributes: [
              try bodyAttribute("body", body), ONNXAttribute("num_scan_inputs", .int(1)),
              ONNXAttribute("scan_input_axes", list(isRows)),
              ONNXAttribute("scan_output_axes", list(isRows)),
              ONNXAttribute("scan_input_directions", list(isBack)),
              ONNXAttribute("scan_output_directions", list(isBack)),
            ])
        ]
      case .loop, .loopBack, .loopSlice:
        let place = isBack ? "place" : "t"
        let part =
          self == .loopSlice
          ? [
            node("Unsqueeze", "t", "axis", "from"), node("Add", "from", "more", "to"),
            ONNXNode("Slice", inputs: ["x", "from", "to", "axis"], outputs: ["parts"]),
            node("Squeeze", "parts", "axis", "part"),
          ]
          : [
            node("Sub", "steps", "more", "end"), node("Sub", "end", "t", "place"),
            node("Gather", "x", place, "part"),
          ]
        let goesOn = [
          node("Add", "t", "more", "t2"), node("Less", "t2", "steps", "goes"),
          node("And", "goes", "before", "on"),
        ]
        let body = bodyGraph(
          part + kept + goesOn, inputs: ["turn", "before", "t"] + states,
          outputs: ["on", "t2"] + next + ["kept"])
        return [
          node("Shape", "x", "shape"), node("Gather", "shape", "none", "steps"),
          ONNXNode(
            "Loop", name: "loop", inputs: ["huge", "", "none"] + first,
            outputs: ["turns"] + last.prefix(states.count) + ["y"],
            attributes: [try bodyAttribute("body", body)]),
        ]
      }
    }
  }

  struct Case: CustomTestStringConvertible {
    let cell: Cell
    let frame: Frame
    let steps: Int
    let batch: Int
    let all: [Float]
    let last: [Float]

    init(
      _ cell: Cell, _ frame: Frame, steps: Int, batch: Int, _ all: [Float], _ last: [Float]
    ) {
      (self.cell, self.frame, self.steps, self.batch) = (cell, frame, steps, batch)
      (self.all, self.last) = (all, last)
    }

    var testDescription: String { "\(cell) in \(frame), \(steps) steps" }

    private var sizes: [Int] { frame.isRows ? [batch, steps] : [steps, batch] }

    var inputs: [ONNXTensor] {
      let x = ONNXTensor(
        name: "x", dimensions: sizes + [2],
        floats: (0..<steps * batch * 2).map { Float(($0 * 7 + 1) % 9 - 4) / 4 })
      return [x]
        + cell.states.enumerated().map { index, state in
          ONNXTensor(
            name: Name("\(state)0"), dimensions: [batch, 2],
            floats: (0..<batch * 2).map { Float(($0 * 3 + index) % 5 - 2) / 4 })
        }
    }

    var outputs: [ONNXTensor] {
      [
        ONNXTensor(name: "y", dimensions: sizes + [2], floats: all),
        ONNXTensor(name: "last", dimensions: [batch, 2], floats: last),
      ]
    }

    /// A document that leaves the length of the sequences open, and the batch.
    func document() throws -> ONNXModel {
      func integers(_ name: Name, _ number: Int64, _ dimensions: [Int] = []) -> ONNXTensor {
        ONNXTensor(name: name, .int64, dimensions: dimensions, [number])
      }
      var document = answeringDocument(
        try frame.nodes(of: cell), opset: 17, inputs: inputs,
        constants: cell.constants + [
          integers("none", 0), integers("more", 1), integers("huge", .max),
          integers("axis", 0, [1]),
        ])
      document.graph.inputs[0].type = .tensor(
        .float32,
        dimensions: frame.isRows
          ? [.symbol("N"), .symbol("T"), .fixed(2)] : [.symbol("T"), .symbol("N"), .fixed(2)])
      for index in document.graph.inputs.indices.dropFirst() {
        document.graph.inputs[index].type = .tensor(
          .float32, dimensions: [.symbol("N"), .fixed(2)])
      }
      document.graph.outputs.append(ONNXValueInfo("last", .unknown))
      return document
    }
  }

  @Test(arguments: cases) func loopsOverStepsAreRecurrentLayers(_ example: Case) throws {
    try expectAnswers(
      try example.document(), inputs: example.inputs, example.outputs, tolerance: 2e-6)
  }

  @Test(arguments: cases) func noLengthIsPartOfTheModel(_ example: Case) throws {
    let model = try ImportedModel(try example.document()).model
    let kinds = (model.heads.map(\.graph) + [model.trunk.graph]).flatMap(\.nodes).map(
      \.operator.kind)
    #expect(kinds.count { $0 == .recurrent } == 1)
    #expect(!kinds.contains(.dense) && !kinds.contains(.unary))
    #expect(model.trunk.graph.symbols.count == 2)
    #expect(model.trunk.ranges.isEmpty)
  }

  @Test func whatTheOriginalComputesOfKnownLengthsIsOneTurnAfterTheOther() throws {
    let example = Self.cases[0]
    let document = NamedDocument(name: "", model: try example.document())
    let joined = try JoinedModel([document])
    let sizes = SymbolSizes(joined.model.trunk.graph.symbols.map { (symbol: $0.name, size: 3) })
    let plain = try joined.originals.plain(0, of: document, at: sizes)
    let nodes = (plain.heads.map(\.graph) + [plain.trunk.graph]).flatMap(\.nodes)
    #expect(!nodes.contains { $0.operator.kind == .recurrent })
    #expect(nodes.count { $0.operator == .unary(.init(.tanh)) } == 6)
  }

  static let cases: [Case] = [
    Case(
      .lstmFused, .loop, steps: 2, batch: 2,
      [
        -0.02057569, 0.118013, -0.05212335, -0.02709054, -0.1318004, 0.2582406, 0.01807015,
        0.07120491,
      ], [-0.1318004, 0.2582406, 0.01807015, 0.07120491]),
    Case(
      .lstmFused, .loop, steps: 5, batch: 1,
      [
        -0.02057569, 0.118013, -0.04545419, 0.2473405, -0.1490275, 0.2483729, -0.07952812,
        0.2160838, -0.1522488, 0.2351722,
      ], [-0.1522488, 0.2351722]),
    Case(
      .lstmFused, .loopBack, steps: 2, batch: 2,
      [
        -0.1226972, 0.261887, 0.006859213, -0.0522872, -0.1661066, 0.1022507, -0.01473589,
        0.08228102,
      ], [-0.1661066, 0.1022507, -0.01473589, 0.08228102]),
    Case(
      .lstmFused, .loopBack, steps: 5, batch: 1,
      [
        -0.116412, 0.267162, -0.06859574, 0.2147509, -0.1498237, 0.2299492, -0.1385487, 0.2292456,
        -0.1226862, 0.09929492,
      ], [-0.1226862, 0.09929492]),
    Case(
      .lstmFused, .scanBack, steps: 2, batch: 2,
      [
        -0.1661066, 0.1022507, -0.01473589, 0.08228102, -0.1226972, 0.261887, 0.006859213,
        -0.0522872,
      ], [-0.1661066, 0.1022507, -0.01473589, 0.08228102]),
    Case(
      .lstmFused, .scanBack, steps: 5, batch: 1,
      [
        -0.1226862, 0.09929492, -0.1385487, 0.2292456, -0.1498237, 0.2299492, -0.06859574,
        0.2147509, -0.116412, 0.267162,
      ], [-0.1226862, 0.09929492]),
    Case(
      .lstmJoined, .scanRows, steps: 2, batch: 2,
      [-0.28513, 0.2488906, -0.1417019, 0.1378136, 0.08831952, -0.0655862, 0.1350233, -0.1854747],
      [-0.1417019, 0.1378136, 0.1350233, -0.1854747]),
    Case(
      .lstmJoined, .scanRows, steps: 5, batch: 1,
      [
        -0.28513, 0.2488906, -0.1417019, 0.1378136, 0.03712404, 0.07969924, 0.09174581, 0.04688624,
        0.1356611, 0.04071876,
      ], [0.1356611, 0.04071876]),
    Case(
      .lstmJoined, .loopSlice, steps: 2, batch: 2,
      [-0.28513, 0.2488906, 0.06343597, -0.190578, -0.04117799, 0.1203308, 0.1215889, -0.2234913],
      [-0.04117799, 0.1203308, 0.1215889, -0.2234913]),
    Case(
      .lstmJoined, .loopSlice, steps: 5, batch: 1,
      [
        -0.28513, 0.2488906, -0.1417019, 0.1378136, 0.03712404, 0.07969924, 0.09174581, 0.04688624,
        0.1356611, 0.04071876,
      ], [0.1356611, 0.04071876]),
    Case(
      .gruBefore, .loopBack, steps: 2, batch: 2,
      [
        -0.4522026, 0.08711936, -0.02207524, 0.2103294, -0.3803972, 0.5411506, 0.07384832,
        -0.00642667,
      ], [-0.3803972, 0.5411506, 0.07384832, -0.00642667]),
    Case(
      .gruBefore, .loopBack, steps: 5, batch: 1,
      [
        -0.4178649, 0.08819331, -0.06753257, -0.01929617, -0.1026924, -0.1489603, 0.05747015,
        -0.2207518, -0.149965, 0.3375274,
      ], [-0.149965, 0.3375274]),
    Case(
      .gruAfter, .loopSlice, steps: 2, batch: 2,
      [-0.1979257, 0.6760653, 0.1412571, 0.4376403, -0.1120945, 0.5282693, 0.4067041, 0.2989124],
      [-0.1120945, 0.5282693, 0.4067041, 0.2989124]),
    Case(
      .gruAfter, .loopSlice, steps: 5, batch: 1,
      [
        -0.1979257, 0.6760653, 0.141728, 0.5354121, 0.1452051, 0.3928226, 0.413176, 0.2678103,
        0.350407, 0.1617019,
      ], [0.350407, 0.1617019]),
    Case(
      .gruAfter, .scanRowsBack, steps: 2, batch: 2,
      [0.00786365, 0.6861759, 0.05013517, 0.330785, 0.208255, 0.3188381, 0.2298027, 0.4373143],
      [0.00786365, 0.6861759, 0.208255, 0.3188381]),
    Case(
      .gruAfter, .scanRowsBack, steps: 5, batch: 1,
      [
        0.1175164, 0.5752349, 0.4021419, 0.1525386, 0.2358422, 0.2452421, 0.2666029, 0.3252198,
        -0.2314091, 0.3345691,
      ], [0.1175164, 0.5752349]),
    Case(
      .gruTurned, .scan, steps: 2, batch: 2,
      [-0.4009539, 0.5309412, -0.04179531, 0.5426375, -0.2129588, 0.5621758, 0.08765066, 0.555347],
      [-0.2129588, 0.5621758, 0.08765066, 0.555347]),
    Case(
      .gruTurned, .scan, steps: 5, batch: 1,
      [
        -0.4009539, 0.5309412, -0.120131, 0.5732962, -0.1122199, 0.5598649, 0.04377889, 0.5715488,
        0.01599811, 0.5466718,
      ], [0.01599811, 0.5466718]),
    Case(
      .plain, .loop, steps: 2, batch: 2,
      [0.6709671, -0.4115701, 0, -0.7744092, 0.4356416, 0.1891562, 0.4191442, -0.8879926],
      [0.4356416, 0.1891562, 0.4191442, -0.8879926]),
    Case(
      .plain, .loop, steps: 5, batch: 1,
      [
        0.6709671, -0.4115701, 0.329118, -0.5938147, 0.4893311, -0.06765142, 0.1796483, -0.7305151,
        0.5044022, -0.3919472,
      ], [0.5044022, -0.3919472]),
    Case(
      .plain, .scanBack, steps: 2, batch: 2,
      [
        0.7781384, -0.1415534, 0.4665148, -0.8430415, 0.2153263, -0.3583574, -0.03123983,
        -0.8482836,
      ], [0.7781384, -0.1415534, 0.4665148, -0.8430415]),
    Case(
      .plain, .scanBack, steps: 5, batch: 1,
      [
        0.8105313, -0.1901934, 0.229087, -0.592869, 0.5574483, -0.1219353, 0.3416596, -0.8443292,
        0.1853332, -0.5325873,
      ], [0.8105313, -0.1901934]),
  ]
}

/// A node of one output, named last.
private func node(_ operatorType: String, _ names: String...) -> ONNXNode {
  ONNXNode(
    operatorType, inputs: names.dropLast().map { Name($0) }, outputs: [Name(names[names.count - 1])]
  )
}

/// Numbers that float32 holds exactly.
private func weights(_ name: String, _ seed: Int, _ sizes: [Int]) -> ONNXTensor {
  ONNXTensor(
    name: Name(name), dimensions: sizes,
    floats: (0..<sizes.reduce(1, *)).map { Float(($0 * 5 + seed * 3) % 13 - 6) / 8 })
}
