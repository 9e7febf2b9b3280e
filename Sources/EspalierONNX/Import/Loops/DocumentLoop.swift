internal import EspalierGraph

/// A Loop or a Scan of a document: what it begins with, and what becomes of what its body gives.
struct DocumentLoop {
  /// A value that each turn hands to the next.
  struct State {
    /// What the body calls it.
    let input: Name
    /// What the body calls what becomes of it.
    let output: Name
    /// What it is before the first turn.
    let initial: Operand
  }

  /// A sequence of which each turn reads one part.
  struct Scanned {
    /// What the body calls the part.
    let name: Name
    let sequence: Operand
    /// The axis along which the parts lie.
    let axis: Int
    /// Whether the last part is read first.
    let isBackward: Bool
  }

  /// What all turns give, put together along an axis.
  struct Collected {
    /// What the body calls it.
    let name: Name
    /// The place of the new axis.
    let axis: Int
    /// Whether that of the last turn comes first.
    let isBackward: Bool
  }

  /// What a Loop has besides and a Scan has not.
  struct Head {
    /// What the body calls the number of the turn.
    let turn: Name
    /// What the body calls whether the turn before wanted to go on, which is always true.
    let condition: Name
    /// What the body calls whether it wants to go on.
    let goesOn: Name
    /// Whether the first turn is taken.
    let begins: Bool
    /// The most turns in each world; nil when only the condition ends it.
    let most: [Int]?
  }

  let body: ONNXGraph
  let head: Head?
  let states: [State]
  let scanned: [Scanned]
  let collected: [Collected]

  /// The loop with what it only appends to empty sequences collected instead, behind everything else, and the places of
  /// these sequences among its states.
  func collectingLists() -> (loop: DocumentLoop, lists: [Int]) {
    var lists: [Int] = []
    var added: [Collected] = []
    for (place, state) in states.enumerated() where state.initial.sequence?.isEmpty == true {
      let readers = body.nodes.filter { $0.inputs.contains(state.input) }
      guard readers.count == 1, readers[0].isPlain("SequenceInsert"), readers[0].inputs.count == 2,
        readers[0].inputs[0] == state.input, readers[0].outputs == [state.output]
      else { continue }
      lists.append(place)
      added.append(Collected(name: readers[0].inputs[1], axis: 0, isBackward: false))
    }
    let others = states.indices.filter { !lists.contains($0) }.map { states[$0] }
    return (
      DocumentLoop(
        body: body, head: head, states: others, scanned: scanned, collected: collected + added),
      lists
    )
  }

  /// The nodes of the body that values need, without those that make `known`.
  func nodes(making names: [Name], from known: Set<Name> = []) -> [ONNXNode] {
    var needed = Set(names).subtracting(known)
    var kept: [ONNXNode] = []
    for node in body.nodes.reversed() where node.outputs.contains(where: needed.contains) {
      needed.formUnion(node.inputs.filter { !known.contains($0) })
      kept.append(node)
    }
    return kept.reversed()
  }
}

/// What the values of a loop's body depend on, told from the operators that make them.
struct LoopRoles {
  enum Role: Equatable {
    /// The same in every turn.
    case fixed
    /// A number that grows with these counters.
    case counter(Set<Name>)
    /// A truth that holds in some turns one after the other, as comparisons of counters do.
    case test
    /// The part of something fixed that a counter names.
    case step
    /// Anything else.
    case data
  }

  private(set) var roles: [Name: Role] = [:]
  /// The nodes that take parts of something fixed.
  private(set) var steps: [ONNXNode] = []

  /// - Parameters:
  ///   - loop: the loop.
  ///   - numbers: the states that are one known number at first.
  init(_ loop: DocumentLoop, numbers: Set<Name>) {
    var counters = numbers
    repeat {
      read(loop, counters)
      // A counter that becomes anything but itself and a number more, or the turn's, is none.
      let wrong = loop.states.filter { state in
        guard counters.contains(state.input) else { return false }
        guard case .counter(let origins) = role(of: state.output) else { return true }
        return origins.count != 1
          || !(origins.contains(state.input) || loop.head.map { origins.contains($0.turn) } == true)
      }
      guard !wrong.isEmpty else { return }
      counters.subtract(wrong.map(\.input))
    } while true
  }

  /// The role of a value; what the body does not make is the same in every turn.
  func role(of name: Name) -> Role { roles[name] ?? .fixed }

  private mutating func read(_ loop: DocumentLoop, _ counters: Set<Name>) {
    roles = [:]
    steps = []
    if let head = loop.head {
      roles[head.turn] = .counter([head.turn])
      roles[head.condition] = .fixed
    }
    var origins: [Name: Name] = [:]
    for node in loop.body.nodes where node.isPlain("Identity") && !node.outputs.isEmpty {
      if let input = node.inputs.first { origins[node.outputs[0]] = origins[input] ?? input }
    }
    for state in loop.states {
      let isFixed = (origins[state.output] ?? state.output) == state.input
      roles[state.input] =
        isFixed ? .fixed : counters.contains(state.input) ? .counter([state.input]) : .data
    }
    for scanned in loop.scanned { roles[scanned.name] = .step }
    for tensor in loop.body.initializers { roles[tensor.name] = .fixed }
    for node in loop.body.nodes {
      let role = role(of: node)
      if role == .step { steps.append(node) }
      for output in node.outputs where !output.isEmpty { roles[output] = role }
    }
  }

  private func role(of node: ONNXNode) -> Role {
    let inputs = node.inputs.filter { !$0.isEmpty }.map(role)
    guard node.domain == ONNXDomain.onnx,
      !node.attributes.contains(where: { $0.value.kind == .graph })
    else { return .data }
    if inputs.allSatisfy({ $0 == .fixed }) { return .fixed }
    var origins: Set<Name> = []
    var hasTests = false
    for input in inputs {
      switch input {
      case .fixed: break
      case .counter(let names): origins.formUnion(names)
      case .test: hasTests = true
      case .step, .data: return .data
      }
    }
    if hasTests { return origins.isEmpty && node.keepsTests ? .test : .data }
    if node.isPlain("Gather") || node.isPlain("Slice"), inputs[0] == .fixed { return .step }
    if node.comparesCounters { return .test }
    if node.isPlain("CastLike"), case .counter? = inputs.last { return .counter(origins) }
    return node.keepsCounters ? .counter(origins) : .data
  }
}

extension ONNXNode {
  /// Whether it is an operator of ONNX itself.
  func isPlain(_ name: String) -> Bool { operatorType == name && domain == ONNXDomain.onnx }

  /// Whether truths of turns one after the other stay such.
  fileprivate var keepsTests: Bool {
    ["And", "Identity", "Squeeze", "Unsqueeze", "Reshape"].contains(operatorType)
      || operatorType == "Cast" && attribute("to") == .int(9)
  }

  fileprivate var comparesCounters: Bool {
    ["Less", "LessOrEqual", "Greater", "GreaterOrEqual"].contains(operatorType)
  }

  /// Whether numbers that grow by the same in each turn stay such.
  fileprivate var keepsCounters: Bool {
    ["Add", "Sub", "Identity", "Squeeze", "Unsqueeze", "Reshape"].contains(operatorType)
      || operatorType == "Cast" && [.int(6), .int(7)].contains(attribute("to"))
  }
}
