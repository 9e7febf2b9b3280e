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
    let isTaken =
      try givenDecision.map { $0 != 0 }
      ?? truth(
        condition, what: "which branch is taken", name: node.inputs[0])
    draft.decisions.append(isTaken ? 1 : 0)
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
    let head = DocumentLoop.Head(
      turn: body.inputs[0].name, condition: body.inputs[1].name, goesOn: body.outputs[0].name,
      begins: try operand(node, 1).map {
        try truth($0, what: "whether it runs", name: node.inputs[1])
      } ?? true, most: try mostTurns(node))
    let carried = try (0..<states).map { index in
      DocumentLoop.State(
        input: body.inputs[index + 2].name, output: body.outputs[index + 1].name,
        initial: try required(node, index + 2))
    }
    let collected = body.outputs.suffix(scans).map {
      DocumentLoop.Collected(name: $0.name, axis: 0, isBackward: false)
    }
    return try run(
      DocumentLoop(body: body, head: head, states: carried, scanned: [], collected: collected), node
    )
  }

  /// How often a loop runs at most, in each world; nil when only its condition ends it.
  private func mostTurns(_ node: ONNXNode) throws -> [Int]? {
    guard let operand = operand(node, 0) else { return nil }
    guard let counts = draft.integers(operand.value), counts.allSatisfy({ $0.count == 1 }) else {
      throw ImportProblem(
        "how often it runs, its input \(node.inputs[0]), must be a constant",
        remedy: "give its number with --constants if it is an input of the document")
    }
    return counts.map { $0[0] }
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
    let carried = try (0..<states).map { index in
      DocumentLoop.State(
        input: body.inputs[index].name, output: body.outputs[index].name,
        initial: try required(node, index))
    }
    let sequences = try (0..<scanned).map { index in
      let sequence = try required(node, states + index)
      return DocumentLoop.Scanned(
        name: body.inputs[states + index].name, sequence: sequence,
        axis: try axis(axes[index], rank: sequence.rank), isBackward: backward[index] != 0)
    }
    let lengths = sequences.map { scanned in sizes(scanned.sequence).map { $0[scanned.axis] } }
    guard lengths.allSatisfy({ $0 == lengths[0] }) else {
      throw ImportProblem("what it scans is not of one length")
    }
    let collected = (0..<collectedCount).map { index in
      DocumentLoop.Collected(
        name: body.outputs[states + index].name, axis: outputAxes[index],
        isBackward: outputBackward[index] != 0)
    }
    return try run(
      DocumentLoop(
        body: body, head: nil, states: carried, scanned: sequences, collected: collected), node)
  }

  // MARK: running

  /// What a loop gives: recurrent layers where its turns are steps of them, or one turn after the other.
  ///
  /// A model that is to compute as the document does has one turn after the other where their number is known and not so
  /// large that it would take too long.
  private mutating func run(_ loop: DocumentLoop, _ node: ONNXNode) throws -> [Operand] {
    func layers(_ importer: inout Importer) -> [Operand]? {
      let areRead = loop.states.indices.map { importer.isRead(node, output: $0) }
      return importer.recurrentLayers(loop) { areRead[$0] }
    }
    let isRead = readsLoops || !isShort(loop)
    if isRead, let results = layers(&self) { return results }
    if let results = segments(loop, onlyOpen: !isRead) { return results }
    return try unrolled(loop)
  }

  /// The share of the nodes that bodies may become that turns may be for a loop to count as short.
  private static let shortShare = 4

  private mutating func isShort(_ loop: DocumentLoop) -> Bool {
    guard let counts = countedTurns(loop) else { return true }
    return counts.allSatisfy { count in
      count == counts[0]
        && count <= limits.unrolledNodes / Self.shortShare / (loop.body.nodes.count + 1)
    }
  }

  private mutating func unrolled(_ loop: DocumentLoop) throws -> [Operand] {
    let lengths = loop.scanned.first.map { scanned in
      sizes(scanned.sequence).map { $0[scanned.axis] }
    }
    let decided = givenDecision
    let place = draft.decisions.count
    draft.decisions.append(0)
    let counts = decided.map { [$0] } ?? lengths ?? loop.head?.most
    if let counts, counts.contains(where: { $0 != counts[0] }) {
      throw ImportProblem(
        "how often it runs depends on sizes that are not fixed, and its turns are no steps of an "
          + "LSTM, GRU or RNN", remedy: ImportProblem.giveSizes)
    }
    let count = counts?[0]
    var goesOn = decided != nil || loop.head?.begins ?? true
    var carried = loop.states.map(\.initial)
    var collected: [[Operand]] = loop.collected.map { _ in [] }
    var turn = 0
    while turn < count ?? .max, goesOn {
      var inputs = carried
      if loop.head != nil {
        inputs =
          [
            plain(draft.addConstant(Constant([], [Int64(turn)])), .int64),
            plain(draft.addConstant(Constant(1, .bool)), .bool),
          ] + carried
      }
      for scanned in loop.scanned {
        let place = scanned.isBackward ? (count ?? 0) - 1 - turn : turn
        let part = try slice(
          scanned.sequence, axis: scanned.axis, .init(start: place, count: 1))
        inputs.append(try squeezed(part, [scanned.axis]))
      }
      var results = try results(of: loop.body, inputs: inputs)
      if let head = loop.head {
        let condition = results.removeFirst()
        if decided == nil {
          goesOn = try truth(
            condition, what: "whether it goes on after \(turn + 1) turns",
            name: head.goesOn)
        }
      }
      carried = Array(results[..<carried.count])
      for index in collected.indices { collected[index].append(results[carried.count + index]) }
      turn += 1
    }
    draft.decisions[place] = turn
    return carried
      + (try zip(loop.collected, collected).map { rule, parts in
        try stacked(rule.isBackward ? parts.reversed() : parts, axis: rule.axis)
      })
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
  mutating func body(_ node: ONNXNode, _ name: String) throws -> ONNXGraph {
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
