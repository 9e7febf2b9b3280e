internal import EspalierGraph

/// What a loop's counters are in each turn.
struct LoopClock {
  private let loop: DocumentLoop
  private let roles: LoopRoles
  /// What the body calls what is the same in every turn, and what that is.
  let fixed: [(Name, Operand)]
  /// The states that are counters by their places: what they are in the first turn, and by how much they grow.
  private var counters: [Int: (first: [Int], step: [Int])] = [:]

  init(_ loop: DocumentLoop, _ roles: LoopRoles, _ importer: inout Importer) throws {
    self.loop = loop
    self.roles = roles
    var fixed: [(Name, Operand)] = []
    if let head = loop.head {
      let always = importer.draft.addConstant(Constant(1, .bool))
      fixed.append((head.condition, importer.plain(always, .bool)))
    }
    for state in loop.states where roles.role(of: state.input) == .fixed {
      fixed.append((state.input, state.initial))
    }
    self.fixed = fixed
    for (index, state) in loop.states.enumerated() {
      guard case .counter = roles.role(of: state.input),
        let first = importer.draft.integers(state.initial.value)?.map({ $0[0] })
      else { continue }
      counters[index] = (first, [0, 0, 0])
    }
    // A counter that grows by the same twice grows by that always.
    for index in counters.keys.sorted() {
      let name = loop.states[index].output
      let first = counters[index]?.first ?? []
      let second = try numbers(name, turn: 0, &importer)
      counters[index]?.step = zip(first, second).map { $1 &- $0 }
      let third = try numbers(name, turn: 1, &importer)
      guard zip(first, zip(second, third)).allSatisfy({ $1.1 &- $1.0 == $1.0 &- $0 }),
        zip(first, second).allSatisfy({ (-1 << 20...1 << 20).contains($1 &- $0) })
      else { throw NoRecurrence() }
    }
  }

  /// What the states that are fixed or counters are after all turns, by their places.
  func ends(after count: [Int], _ importer: inout Importer) throws -> [Int: Operand] {
    var ends: [Int: Operand] = [:]
    for (index, state) in loop.states.enumerated() {
      if let counter = counters[index] {
        ends[index] = try operand(counter, like: state.initial, turn: count, &importer)
      } else if roles.role(of: state.input) == .fixed {
        ends[index] = state.initial
      }
    }
    return ends
  }

  // MARK: counting turns

  /// How often the loop runs, in each world.
  func count(_ importer: inout Importer) throws -> [Int] {
    guard let head = loop.head else {
      guard let first = loop.scanned.first else { throw NoRecurrence() }
      let counts = importer.sizes(first.sequence).map { $0[first.axis] }
      for scanned in loop.scanned {
        guard importer.sizes(scanned.sequence).map({ $0[scanned.axis] }) == counts else {
          throw NoRecurrence()
        }
      }
      return counts
    }
    guard head.begins else { throw NoRecurrence() }
    let most = (head.most ?? [Int.max, .max, .max]).map { min(max($0, 0), Draft.maximumSize) }
    switch roles.role(of: head.goesOn) {
    case .fixed:
      guard head.most != nil,
        try truths(head.goesOn, turn: [0, 0, 0], &importer) == [true, true, true]
      else { throw NoRecurrence() }
      return most
    case .test: return try turnsUntilFalse(head.goesOn, most: most, &importer)
    case .counter, .step, .data: throw NoRecurrence()
    }
  }

  /// The turns until a test, which holds in turns one after the other, no longer does.
  private func turnsUntilFalse(
    _ name: Name, most: [Int], _ importer: inout Importer
  ) throws -> [Int] {
    let first = try truths(name, turn: [0, 0, 0], &importer)
    // The last turn that is known to go on, and the first that is known not to or to be the last.
    var low = most.map { _ in 0 }
    var high = zip(first, most).map { $0 ? max($1 - 1, 0) : 0 }
    while zip(low, high).contains(where: { $1 - $0 > 1 }) {
      let middle = zip(low, high).map { ($0 + $1) / 2 }
      let goOn = try truths(name, turn: middle, &importer)
      for world in low.indices where high[world] - low[world] > 1 {
        if goOn[world] { low[world] = middle[world] } else { high[world] = middle[world] }
      }
    }
    return zip(high, most).map { min($0 + 1, $1) }
  }

  private func truths(
    _ name: Name, turn: [Int], _ importer: inout Importer
  ) throws -> [Bool] {
    try numbers(name, turn: turn, &importer).map { $0 != 0 }
  }

  // MARK: values in a turn

  func numbers(_ name: Name, turn: Int, _ importer: inout Importer) throws -> [Int] {
    try numbers(name, turn: [turn, turn, turn], &importer)
  }

  /// The one number that a value is in a turn, which may be another one in each world.
  private func numbers(
    _ name: Name, turn: [Int], _ importer: inout Importer
  ) throws -> [Int] {
    let value = try operand(named: name, turn: turn, &importer).value
    guard let lists = importer.draft.integers(value), lists.allSatisfy({ $0.count == 1 }) else {
      throw NoRecurrence()
    }
    return lists.map { $0[0] }
  }

  func rank(of name: Name, _ importer: inout Importer) throws -> Int {
    try operand(named: name, turn: [0, 0, 0], &importer).rank
  }

  /// A value that is the same in every turn; nil when it is not.
  func operand(named name: Name, _ importer: inout Importer) throws -> Operand? {
    guard roles.role(of: name) == .fixed else { return nil }
    return try operand(named: name, turn: [0, 0, 0], &importer)
  }

  private func operand(
    named name: Name, turn: [Int], _ importer: inout Importer
  ) throws -> Operand {
    var inputs = fixed
    if let head = loop.head {
      let number = importer.draft.addKnown(turn.map { Constant([], [Int64($0)]) })
      inputs.append((head.turn, importer.plain(number, .int64)))
    }
    for (index, counter) in counters {
      let state = loop.states[index]
      inputs.append(
        (state.input, try operand(counter, like: state.initial, turn: turn, &importer)))
    }
    return try importer.results(
      of: ONNXGraph(
        nodes: loop.nodes(making: [name]), inputs: inputs.map { ONNXValueInfo($0.0, .unknown) },
        outputs: [ONNXValueInfo(name, .unknown)], initializers: loop.body.initializers),
      inputs: inputs.map { $0.1 })[0]
  }

  /// A counter in a turn.
  private func operand(
    _ counter: (first: [Int], step: [Int]), like initial: Operand, turn: [Int],
    _ importer: inout Importer
  ) throws -> Operand {
    let sizes = importer.draft.sizes(initial.value)[0]
    let element = importer.draft.type(initial.value).element
    var numbers: [Constant] = []
    for world in turn.indices {
      let (grown, overflows) = counter.step[world].multipliedReportingOverflow(by: turn[world])
      guard !overflows, (-1 << 60...1 << 60).contains(grown) else { throw NoRecurrence() }
      numbers.append(
        Constant(Double(counter.first[world] + grown), element).reshaped(sizes))
    }
    return importer.plain(importer.draft.addKnown(numbers), initial.element)
  }
}
