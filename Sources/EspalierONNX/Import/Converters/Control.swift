internal import EspalierGraph

/// A body of which a node cannot be converted; what is wrong has been noted with that node.
struct PoisonedBody: Error {}

/// Branches that are taken while importing, and loops that run a number of times that is known then.
extension Importer {
  static let controlConverters: [String: Converter] = [
    "If": { try $0.branch($1) },
    "Loop": { try $0.loop($1) },
    "Scan": { try $0.scan($1) },
  ]

  // MARK: If

  private mutating func branch(_ node: ONNXNode) throws -> [Operand] {
    let condition = try required(node, 0)
    let isTaken = try truth(
      condition, what: "which branch is taken", name: node.inputs[0])
    let body = try body(node, isTaken ? "then_branch" : "else_branch")
    let results = try results(of: body, inputs: [])
    guard results.count >= node.outputs.count else {
      throw ImportProblem("its branch has \(results.count) outputs for \(node.outputs.count)")
    }
    return results
  }

  // MARK: Loop

  private mutating func loop(_ node: ONNXNode) throws -> [Operand] {
    let body = try body(node, "body")
    let states = max(node.inputs.count - 2, 0)
    let scans = body.outputs.count - 1 - states
    guard body.inputs.count == states + 2, scans >= 0 else {
      throw ImportProblem(
        "its body has \(body.inputs.count) inputs and \(body.outputs.count) outputs for \(states) "
          + "values that it carries")
    }
    let count = try tripCount(node)
    var goesOn = try operand(node, 1).map {
      try truth($0, what: "whether it runs", name: node.inputs[1])
    }
    var carried = try (0..<states).map { try required(node, $0 + 2) }
    var collected: [[Operand]] = Array(repeating: [], count: scans)
    var turn = 0
    while turn < count ?? .max, goesOn ?? true {
      let condition = Constant(1, .bool)
      let results = try results(
        of: body,
        inputs: [
          plain(draft.addConstant(Constant([], [Int64(turn)])), .int64),
          plain(draft.addConstant(condition), .bool),
        ] + carried)
      goesOn = try truth(
        results[0], what: "whether it goes on after \(turn + 1) turns", name: body.outputs[0].name)
      carried = Array(results[1..<states + 1])
      for index in 0..<scans { collected[index].append(results[states + 1 + index]) }
      turn += 1
    }
    return carried + (try collected.map { try stacked($0, axis: 0) })
  }

  /// How often a loop runs at most; nil when only its condition ends it.
  private mutating func tripCount(_ node: ONNXNode) throws -> Int? {
    guard let operand = operand(node, 0) else { return nil }
    guard let counts = draft.integers(operand.value), counts.allSatisfy({ $0.count == 1 }) else {
      throw ImportProblem(
        "how often it runs, its input \(node.inputs[0]), must be a constant",
        remedy: "give its number with --constants if it is an input of the document")
    }
    return try fixed(counts.map { $0[0] }, "how often it runs")
  }

  // MARK: Scan

  private mutating func scan(_ node: ONNXNode) throws -> [Operand] {
    guard version >= 9 else { throw ImportProblem("only Scan of opset 9 and later is supported") }
    let body = try body(node, "body")
    let scanned = try integer(node, "num_scan_inputs", default: 1, in: 1...GraphLimits.inputs)
    let states = node.inputs.count - scanned
    let collectedCount = body.outputs.count - states
    guard states >= 0, body.inputs.count == node.inputs.count, collectedCount >= 0 else {
      throw ImportProblem("its body does not have its inputs and outputs")
    }
    func list(_ name: String, _ count: Int) throws -> [Int] {
      let values = try integers(node, name) ?? Array(repeating: 0, count: count)
      guard values.count == count else {
        throw ImportProblem("its attribute \(name) does not have \(count) numbers")
      }
      return values
    }
    let axes = try list("scan_input_axes", scanned)
    let backward = try list("scan_input_directions", scanned)
    let outputAxes = try list("scan_output_axes", collectedCount)
    let outputBackward = try list("scan_output_directions", collectedCount)
    var carried = try (0..<states).map { try required(node, $0) }
    let sequences = try (0..<scanned).map { try required(node, states + $0) }
    let places = try zip(axes, sequences).map { try axis($0, rank: $1.rank) }
    let lengths = zip(sequences, places).map { operand, axis in sizes(operand).map { $0[axis] } }
    let length = try fixed(lengths[0], "how often it runs")
    guard lengths.allSatisfy({ $0.allSatisfy { $0 == length } }) else {
      throw ImportProblem("what it scans is not of one length")
    }
    var collected: [[Operand]] = Array(repeating: [], count: collectedCount)
    for turn in 0..<length {
      var inputs = carried
      for (index, sequence) in sequences.enumerated() {
        let place = backward[index] == 0 ? turn : length - 1 - turn
        let part = try slice(sequence, axis: places[index], .init(start: place, count: 1))
        inputs.append(try squeezed(part, [places[index]]))
      }
      let results = try results(of: body, inputs: inputs)
      carried = Array(results[..<states])
      for index in 0..<collectedCount { collected[index].append(results[states + index]) }
    }
    for index in collected.indices where outputBackward[index] != 0 { collected[index].reverse() }
    return carried + (try zip(collected, outputAxes).map { try stacked($0, axis: $1) })
  }

  // MARK: what they have in common

  /// Operands of one shape along a new axis.
  private mutating func stacked(_ operands: [Operand], axis: Int) throws -> Operand {
    guard let first = operands.first else {
      throw ImportProblem("it collects nothing, since it never runs")
    }
    let place = try self.axis(axis, rank: first.rank + 1)
    return try concatenated(try operands.map { try unsqueezed($0, [place]) }, axis: place)
  }

  /// The graph of an attribute.
  private mutating func body(_ node: ONNXNode, _ name: String) throws -> ONNXGraph {
    guard case .graph(let bytes)? = node.attribute(name) else {
      throw ImportProblem("its \(name) is missing")
    }
    // A body inside a loop is read in each of its turns.
    try draft.budget.take(operations: bytes.count)
    return try ONNXGraph(body: bytes, opsets: opsets, limits: limits)
  }

  /// A truth that must be known while importing, and the same whatever the sizes are.
  private func truth(_ operand: Operand, what: String, name: Name) throws -> Bool {
    guard let known = draft.known(operand.value) else {
      throw ImportProblem(
        "\(what) depends on the numbers of \(name), which only running tells",
        remedy:
          "if it follows from an input of the document, give that with --constants; otherwise "
          + "export the network without the choice")
    }
    let truths = try known.map { constant in
      guard let number = constant.numbers.first, constant.type.shape.elementCount == 1 else {
        throw ImportProblem("its condition \(name) is not one truth")
      }
      return number != 0
    }
    return try fixed(truths, what)
  }
}
