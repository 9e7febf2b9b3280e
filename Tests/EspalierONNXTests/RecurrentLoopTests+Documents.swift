import EspalierGraph
import EspalierONNX
import Testing

extension RecurrentLoopTests {
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
    /// ONNX's LSTM over one step, as PyTorch writes a cell.
    case lstmLayer
    /// ONNX's GRU over one step.
    case gruLayer

    var states: [Name] {
      [.lstmFused, .lstmJoined, .lstmLayer].contains(self) ? ["h", "c"] : ["h"]
    }

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
      case .lstmLayer: layer("LSTM")
      case .gruLayer: layer("GRU", [ONNXAttribute("linear_before_reset", .int(1))])
      }
    }

    private func layer(_ operatorType: String, _ attributes: [ONNXAttribute] = []) -> [ONNXNode] {
      let isLSTM = operatorType == "LSTM"
      return [node("Unsqueeze", "part", "axis", "x1"), node("Unsqueeze", "h", "axis", "h1")]
        + (isLSTM ? [node("Unsqueeze", "c", "axis", "c1")] : []) + [
          ONNXNode(
            operatorType, inputs: ["x1", "W", "R", "B", "", "h1"] + (isLSTM ? ["c1"] : []),
            outputs: ["", "hn"] + (isLSTM ? ["cn"] : []),
            attributes: [ONNXAttribute("hidden_size", .int(2))] + attributes),
          node("Squeeze", "hn", "axis", "h2"),
        ] + (isLSTM ? [node("Squeeze", "cn", "axis", "c2")] : [])
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
      case .lstmLayer:
        return [
          weights("W", 1, [1, 8, 2]), weights("R", 2, [1, 8, 2]), weights("B", 3, [1, 16]),
        ]
      case .gruLayer:
        return [
          weights("W", 1, [1, 6, 2]), weights("R", 2, [1, 6, 2]), weights("B", 3, [1, 12]),
        ]
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
    /// A Loop of a number of turns that appends to a sequence, as PyTorch writes one over a list.
    case loopList
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
      case .loopList:
        let body = bodyGraph(
          [node("Gather", "x", "turn", "part")] + cell.nodes + [
            node("Identity", "before", "on"), node("SequenceInsert", "list", "h2", "list2"),
          ], inputs: ["turn", "before"] + states + ["list"],
          outputs: ["on"] + next + ["list2"])
        return [
          node("Shape", "x", "shape"), node("Gather", "shape", "none", "steps"),
          ONNXNode("SequenceEmpty", inputs: [], outputs: ["list0"]),
          ONNXNode(
            "Loop", name: "loop", inputs: ["steps", ""] + first + ["list0"],
            outputs: last.prefix(states.count) + ["all"],
            attributes: [try bodyAttribute("body", body)]),
          ONNXNode(
            "ConcatFromSequence", inputs: ["all"], outputs: ["y"],
            attributes: [ONNXAttribute("axis", .int(0)), ONNXAttribute("new_axis", .int(1))]),
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
}

/// A node of one output, named last.
func node(_ operatorType: String, _ names: String...) -> ONNXNode {
  ONNXNode(
    operatorType, inputs: names.dropLast().map { Name($0) }, outputs: [Name(names[names.count - 1])]
  )
}

/// Numbers that float32 holds exactly.
func weights(_ name: String, _ seed: Int, _ sizes: [Int]) -> ONNXTensor {
  ONNXTensor(
    name: Name(name), dimensions: sizes,
    floats: (0..<sizes.reduce(1, *)).map { Float(($0 * 5 + seed * 3) % 13 - 6) / 8 })
}
