internal import EspalierGraph

/// One turn of a loop, imported once with values that stand for what is another in each turn.
struct LoopTurn {
  /// A sequence of which each turn reads one part.
  struct Step {
    let name: Name
    let sequence: Operand
    let axis: Int
    /// The part that the first turn reads, in each world.
    let start: [Int]
    let isBackward: Bool
    /// The axes of size 1 that the part has in the place of the axis.
    let ones: Int
  }

  /// How often the loop runs, in each world.
  let count: [Int]
  let steps: [Step]
  /// The places among the loop's states of those that are neither fixed nor counters.
  let states: [Int]
  /// What those states are after all turns that are fixed or counters, by their places.
  let known: [Int: Operand]
  /// The values that stand for states and steps.
  let before: [DraftValue]
  let parts: [DraftValue]
  /// What the states are after the turn, and what is collected.
  let after: [Operand]
  let collected: [Operand]
  /// The nodes that the turn made.
  let nodes: Range<Int>
}

/// A loop is no recurrent layer.
struct NoRecurrence: Error {}

extension Importer {
  /// Imports one turn of a loop.
  ///
  /// - Throws: `NoRecurrence`, `ImportProblem` or `PoisonedBody` when that cannot be done.
  mutating func turn(of loop: DocumentLoop) throws -> LoopTurn {
    let (roles, clock) = try clock(of: loop)
    let count = try clock.count(&self)
    guard count.allSatisfy({ $0 > 1 }) else { throw NoRecurrence() }
    var steps: [LoopTurn.Step] = []
    for scanned in loop.scanned {
      steps.append(
        .init(
          name: scanned.name, sequence: scanned.sequence, axis: scanned.axis,
          start: count.map { scanned.isBackward ? $0 - 1 : 0 }, isBackward: scanned.isBackward,
          ones: 0))
    }
    let states = loop.states.indices.filter { roles.role(of: loop.states[$0].input) == .data }
    let wanted = states.map { loop.states[$0].output } + loop.collected.map(\.name)
    let stepNames = Set(roles.steps.flatMap(\.outputs))
    let nodes = loop.nodes(making: wanted, from: stepNames)
    let read = Set(nodes.flatMap(\.inputs) + wanted)
    for node in roles.steps where read.contains(node.outputs.first ?? "") {
      steps.append(try step(node, clock))
    }
    for name in read {
      switch roles.role(of: name) {
      case .counter, .test: throw NoRecurrence()
      case .fixed, .step, .data: break
      }
    }
    return try turn(of: loop, clock, count, steps, states, nodes)
  }

  /// The most states of a loop that are looked at for being counters.
  private static let mostCounters = 64

  /// What the values of a loop's body depend on, and what its counters are.
  mutating func clock(of loop: DocumentLoop) throws -> (LoopRoles, LoopClock) {
    let numbers = loop.states.filter { state in
      guard !state.initial.isSequence, let known = draft.integers(state.initial.value) else {
        return false
      }
      return known.allSatisfy { $0.count == 1 && Self.usualIntegers.contains($0[0]) }
    }
    guard numbers.count <= Self.mostCounters else { throw NoRecurrence() }
    let roles = LoopRoles(loop, numbers: Set(numbers.map(\.input)))
    return (roles, try LoopClock(loop, roles, &self))
  }

  private mutating func turn(
    of loop: DocumentLoop, _ clock: LoopClock, _ count: [Int], _ steps: [LoopTurn.Step],
    _ states: [Int], _ nodes: [ONNXNode]
  ) throws -> LoopTurn {
    let first = draft.nodes.count
    let notedAxes = draft.notesAxes
    draft.notesAxes = false
    defer { draft.notesAxes = notedAxes }
    var inputs = clock.fixed
    var before: [DraftValue] = []
    for index in states {
      let state = loop.states[index]
      guard !state.initial.isSequence, state.initial.texts == nil else { throw NoRecurrence() }
      let value = draft.addStandIn(draft.values[try plainValue(state.initial)].types)
      before.append(value)
      inputs.append((state.input, plain(value, state.initial.element)))
    }
    var parts: [DraftValue] = []
    for step in steps {
      let element = draft.type(step.sequence.value).element
      let types = sizes(step.sequence).map { sizes in
        let ones = Array(repeating: 1, count: step.ones)
        return TensorType(
          element, Shape(sizes[..<step.axis] + ones + sizes[(step.axis + 1)...]))
      }
      parts.append(draft.addStandIn(types))
      inputs.append((step.name, plain(parts[parts.count - 1], step.sequence.element)))
    }
    let wanted = states.map { loop.states[$0].output } + loop.collected.map(\.name)
    let results = try results(
      of: ONNXGraph(
        nodes: nodes, inputs: inputs.map { ONNXValueInfo($0.0, .unknown) },
        outputs: wanted.map { ONNXValueInfo($0, .unknown) }, initializers: loop.body.initializers),
      inputs: inputs.map { $0.1 })
    for (value, result) in zip(before, results) {
      guard !result.isSequence, sizes(result) == draft.sizes(value) else {
        throw NoRecurrence()
      }
    }
    var plainResults: [Operand] = []
    guard !results.contains(where: \.isSequence) else { throw NoRecurrence() }
    for result in results { plainResults.append(plain(try plainValue(result), result.element)) }
    return LoopTurn(
      count: count, steps: steps, states: states, known: try clock.ends(after: count, &self),
      before: before, parts: parts, after: Array(plainResults[..<states.count]),
      collected: Array(plainResults[states.count...]), nodes: first..<draft.nodes.count)
  }

  /// What a step's sequence has of parts that the turns read, in the order in which they lie.
  mutating func parts(of step: LoopTurn.Step, count: [Int]) throws -> Operand {
    let sizes = sizes(step.sequence)
    let first = zip(step.start, count).map { step.isBackward ? $0 - $1 + 1 : $0 }
    let rest = zip(sizes, zip(first, count)).map { $0[step.axis] - $1.0 - $1.1 }
    guard first.allSatisfy({ $0 == first[0] && $0 >= 0 }), rest.allSatisfy({ $0 >= 0 }) else {
      throw NoRecurrence()
    }
    guard first[0] > 0 || rest.contains(where: { $0 > 0 }) else { return step.sequence }
    let isToTheEnd = rest.allSatisfy { $0 == 0 }
    guard isToTheEnd || count.allSatisfy({ $0 == count[0] }) else {
      let places = try binary(.add, try draft.addCounts(count), number: Double(first[0]))
      return try mapped(step.sequence) { importer, value in
        let axis = step.sequence.position(of: step.axis)
        return try importer.draft.emit(.gather(.init(axis: axis)), [value, places])
      }
    }
    return try slice(
      step.sequence, axis: step.axis,
      .init(start: first[0], count: isToTheEnd ? Operator.Slice.toTheEnd : count[0]))
  }

  /// The sequence of which a node takes one part in each turn.
  mutating func step(_ node: ONNXNode, _ clock: LoopClock) throws -> LoopTurn.Step {
    guard let name = node.outputs.first, node.inputs.count > 1,
      let sequence = try clock.operand(named: node.inputs[0], &self), !sequence.isSequence,
      sequence.texts == nil
    else { throw NoRecurrence() }
    let isSlice = node.isPlain("Slice")
    let axis: Int
    let ones: Int
    if isSlice {
      let axes = node.inputs.count > 3 ? try clock.numbers(node.inputs[3], turn: 0, &self) : nil
      let steps = node.inputs.count > 4 ? try clock.numbers(node.inputs[4], turn: 0, &self) : nil
      guard version >= 10, steps?.allSatisfy({ $0 == 1 }) ?? true else { throw NoRecurrence() }
      axis = try self.axis(try fixed(axes ?? [0, 0, 0], "its axis"), rank: sequence.rank)
      ones = 1
    } else {
      axis = try self.axis(try integer(node, "axis", default: 0), rank: sequence.rank)
      ones = try clock.rank(of: node.inputs[1], &self)
    }
    let first = try clock.numbers(node.inputs[1], turn: 0, &self)
    let second = try clock.numbers(node.inputs[1], turn: 1, &self)
    let distances = zip(first, second).map { $1 &- $0 }
    guard [1, -1].contains(distances[0]), distances.allSatisfy({ $0 == distances[0] }) else {
      throw NoRecurrence()
    }
    if isSlice {
      guard node.inputs.count > 2 else { throw NoRecurrence() }
      for (turn, starts) in [first, second].enumerated() {
        let ends = try clock.numbers(node.inputs[2], turn: turn, &self)
        guard zip(starts, ends).allSatisfy({ $1 == $0 &+ 1 }) else { throw NoRecurrence() }
      }
    }
    let sizes = sizes(sequence).map { $0[axis] }
    let start = zip(first, sizes).map { $0 < 0 ? $0 + $1 : $0 }
    guard zip(start, sizes).allSatisfy({ $0 >= 0 && $0 < $1 }) else { throw NoRecurrence() }
    return .init(
      name: name, sequence: sequence, axis: axis, start: start, isBackward: distances[0] < 0,
      ones: ones)
  }
}
