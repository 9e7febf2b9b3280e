public import EspalierGraph

extension Plan {
  /// Plans the chosen heads of a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - heads: the heads whose outputs are wanted; nil for all.
  ///   - sizes: what the model's symbols are bound to; those that are not named have the size that the model was
  ///     checked with.
  ///   - part: whether trunk and heads are computed, or one of them.
  ///   - memoryBudget: the most bytes that a session, and parameters in another form than the model's, may take.
  ///   - operationBudget: the most operations that one run may take.
  /// - Throws: `RuntimeError.unknownHead`, `.badSize`, `.sizeOutOfRange`, `.doesNotFit`, `.outOfMemory` or
  ///   `.tooManyOperations`.
  public init(
    _ model: Model, heads: [Name]? = nil, sizes: SymbolSizes = SymbolSizes(batch: 1),
    part: Part = .whole, memoryBudget: Int = 1 << 30, operationBudget: Int = Int.max
  ) throws(RuntimeError) {
    try self.init(
      model, heads: heads, sizes: sizes, part: part, memoryBudget: memoryBudget,
      operationBudget: operationBudget, for: .inference)
  }

  /// Plans the chosen heads for a purpose.
  package init(
    _ model: Model, heads: [Name]? = nil, sizes: SymbolSizes, part: Part = .whole,
    memoryBudget: Int = 1 << 30, operationBudget: Int = Int.max, for purpose: Purpose
  ) throws(RuntimeError) {
    for (symbol, size) in sizes.sizes where !(1...GraphLimits.dimension).contains(size) {
      throw .badSize(symbol, size)
    }
    try model.expectSizesInRange(sizes)
    var graph = try LoweredGraph(model, heads: heads, sizes: sizes, part: part)
    operationCount = graph.operationCount
    graph.rewrite(for: purpose)
    var builder = try PlanBuilder(graph, tableBudget: min(memoryBudget, Self.mostTableBytes))
    let tensorBytes = builder.layOut(reusesMemory: purpose != .training)
    let scratchCount = builder.scratchCount
    let (needed, arenaBytes) = Self.bytes(
      tensors: tensorBytes, scratchCount: scratchCount, prepared: builder.preparedByteCount)
    guard let tensorBytes, let arenaBytes, needed <= memoryBudget, needed != Int.max else {
      throw .outOfMemory(needed: needed, budget: memoryBudget)
    }
    guard operationCount <= operationBudget else {
      throw .tooManyOperations(needed: operationCount, budget: operationBudget)
    }
    self.sizes = sizes
    self.part = part
    self.purpose = purpose
    self.heads = graph.heads
    inputs = builder.inputs
    outputs = builder.outputs
    names = PlanNames(inputs: inputs, outputs: outputs)
    arenaByteCount = arenaBytes
    preparedByteCount = builder.preparedByteCount
    slots = builder.slots
    steps = builder.steps
    scratchByteOffset = tensorBytes
    self.scratchCount = scratchCount
    let occupancies = occupancies()
    if let (one, other) = firstOverlap(of: occupancies.map { $0.occupancy }) {
      throw .overlap(
        builder.name(ofSlot: occupancies[one].slot), builder.name(ofSlot: occupancies[other].slot))
    }
  }

  /// The most bytes that a plan itself takes beyond what the model does, whatever the budget for tensors is.
  private static var mostTableBytes: Int { 1 << 30 }

  /// The bytes of everything, `Int.max` where they cannot be counted, and those of a session.
  private static func bytes(
    tensors: Int?, scratchCount: Int, prepared: Int
  ) -> (needed: Int, arena: Int?) {
    guard let tensors else { return (Int.max, nil) }
    let scratch = scratchCount.multipliedReportingOverflow(by: 4)
    let arena = tensors.addingReportingOverflow(scratch.partialValue)
    let all = arena.partialValue.addingReportingOverflow(prepared)
    guard !scratch.overflow, !arena.overflow, !all.overflow else { return (Int.max, nil) }
    return (all.partialValue, arena.partialValue)
  }
}

extension LoweredGraph {
  /// The operations of all nodes.
  fileprivate var operationCount: Int {
    nodes.reduce(0) { count, node in
      count.saturatingSum(
        node.operator.operations(inputs: inputTypes(node), output: values[node.output].type))
    }
  }

  /// Runs the passes that a purpose allows.
  fileprivate mutating func rewrite(for purpose: Plan.Purpose) {
    guard purpose == .inference else {
      return dropMovesOfNothing { $0.isRenaming(from: $1, to: $2) }
    }
    cancelMoves()
    fuseActivations()
    shareMemory()
    concatenateInPlace()
  }
}

extension Model {
  /// Refuses sizes that the model does not take.
  fileprivate func expectSizesInRange(_ sizes: SymbolSizes) throws(RuntimeError) {
    for (symbol, size) in sizes.sizes {
      let range = trunk.range(of: symbol)
      guard range.contains(size) else { throw .sizeOutOfRange(size, range) }
    }
  }
}

/// Turns the values of a lowered graph into slots, and its nodes into steps.
private struct PlanBuilder {
  private let graph: LoweredGraph
  private(set) var slots: [Slot] = []
  private(set) var steps: [Step] = []
  private(set) var inputs: [PlannedInput] = []
  private(set) var outputs: [PlannedOutput] = []
  /// The 4-byte elements of scratch memory.
  private(set) var scratchCount = 0
  /// The bytes of parameters that are widened.
  private(set) var preparedByteCount = 0
  /// The bytes that calls have worked out for their shapes, and the most that they may.
  private var tableByteCount = 0
  private let tableBudget: Int
  /// For every home its slot; -1 where it has none.
  private var slotOfHome: [Int]

  /// - Throws: `RuntimeError.outOfMemory` when what calls work out for their shapes takes more bytes than allowed.
  init(_ graph: LoweredGraph, tableBudget: Int) throws(RuntimeError) {
    self.graph = graph
    self.tableBudget = tableBudget
    slotOfHome = graph.values.map { _ in -1 }
    for input in graph.inputs {
      let type = graph.values[input.value].type
      inputs.append(
        PlannedInput(
          name: input.name, element: type.element, shape: type.shape,
          slot: slot(of: input.value)))
    }
    for node in graph.nodes { try add(node) }
    for output in graph.outputs {
      let type = graph.values[output.value].type
      outputs.append(
        PlannedOutput(
          head: output.head, name: output.name, element: type.element, shape: type.shape,
          slot: slot(of: output.value)))
    }
  }

  private mutating func add(_ node: LoweredGraph.Node) throws(RuntimeError) {
    let output = graph.values[node.output].type
    guard let call = KernelCall(node.operator, inputs: graph.inputTypes(node), output: output)
    else { preconditionFailure("a renaming was not dropped") }
    tableByteCount += call.tableByteCount
    guard tableByteCount <= tableBudget else {
      throw .outOfMemory(needed: tableByteCount, budget: tableBudget)
    }
    scratchCount = max(scratchCount, call.scratchCount)
    let inputs = node.inputs.map { slot(of: $0) }
    steps.append(
      Step(
        inputs: inputs, output: slot(of: node.output), call: call, epilogue: node.epilogue,
        node: node.name))
  }

  /// The slot that a value lies in, which is made when it is asked for the first time.
  private mutating func slot(of value: Int) -> Int {
    let home = graph.home(value)
    if slotOfHome[home] >= 0 { return slotOfHome[home] }
    let whole = graph.parts[home].map { (slot: slot(of: $0.whole), byteOffset: $0.byteOffset) }
    let type = graph.values[home].type
    let place: Slot.Place
    switch graph.values[home].origin {
    case .parameter(let owner, let index):
      if graph.values[home].isStoredSmaller {
        place = .widened(graph: owner, index: index)
        preparedByteCount += PreparedWeights.byteCount(type)
      } else {
        place = .parameter(graph: owner, index: index)
      }
    case .input, .node:
      place = whole.map { .part(of: $0.slot, $0.byteOffset) } ?? .arena(0)
    }
    slots.append(Slot(place: place, element: type.element, count: type.shape.elementCount))
    slotOfHome[home] = slots.count - 1
    return slots.count - 1
  }

  /// Gives every slot of the arena an offset; returns the bytes of all, nil when they cannot be counted.
  ///
  /// Inputs keep their memory so that they need not be given again; outputs keep theirs until the next run.
  mutating func layOut(reusesMemory: Bool) -> Int? {
    var first = slots.map { _ in Int.max }
    var last = slots.map { _ in 0 }
    for (index, step) in steps.enumerated() {
      for slot in (step.inputs + [step.output]).map({ wholeSlot($0) }) {
        first[slot] = min(first[slot], index)
        last[slot] = index
      }
    }
    for input in inputs { (first[input.slot], last[input.slot]) = (0, steps.count) }
    for output in outputs { last[wholeSlot(output.slot)] = steps.count }
    let placed = slots.indices.filter { slots[$0].place == .arena(0) }
    let layout = ArenaLayout(
      placed.map { slot in
        let end = reusesMemory ? last[slot] : steps.count
        return ArenaLayout.Tenant(
          byteCount: slots[slot].byteCount, steps: min(first[slot], end)...end)
      })
    for (slot, offset) in zip(placed, layout.offsets) { slots[slot].place = .arena(offset) }
    for slot in slots.indices {
      // Wholes come before their parts.
      guard case .part(let whole, let offset) = slots[slot].place else { continue }
      slots[slot].place = .part(of: whole, slots[whole].arenaOffset + offset)
    }
    return layout.byteCount
  }

  /// The slot in whose memory a slot lies.
  private func wholeSlot(_ slot: Int) -> Int {
    var slot = slot
    while case .part(let whole, _) = slots[slot].place { slot = whole }
    return slot
  }

  /// What a slot is called in messages: as the node, the parameter or the input that it holds.
  func name(ofSlot slot: Int?) -> Name {
    guard let slot, let home = slotOfHome.firstIndex(of: slot) else { return "scratch memory" }
    return graph.values[home].name
  }
}

extension Slot {
  /// The byte offset in the arena; 0 outside of it.
  fileprivate var arenaOffset: Int {
    switch place {
    case .arena(let offset), .part(_, let offset): offset
    case .parameter, .widened: 0
    }
  }
}
