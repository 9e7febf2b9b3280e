public import EspalierGraph

extension Plan {
  /// Plans the chosen heads of a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - heads: the heads whose outputs are wanted; nil for all.
  ///   - sizes: what the model's symbols are bound to; those that are not named have the size that the model was
  ///     checked with.
  ///   - memoryBudget: the most bytes that the arena may take.
  /// - Throws: `RuntimeError.unknownHead`, `.badSize`, `.sizeOutOfRange`, `.doesNotFit` or `.outOfMemory`.
  public init(
    _ model: Model, heads: [Name]? = nil, sizes: SymbolSizes = SymbolSizes(batch: 1),
    memoryBudget: Int = 1 << 30
  ) throws(RuntimeError) {
    try self.init(
      model, heads: heads, sizes: sizes, memoryBudget: memoryBudget, reusesMemory: true)
  }

  /// Plans the chosen heads; without reuse every tensor keeps its memory until the end, as gradients need.
  package init(
    _ model: Model, heads: [Name]?, sizes: SymbolSizes, memoryBudget: Int, reusesMemory: Bool
  ) throws(RuntimeError) {
    for (symbol, size) in sizes.sizes where !(1...GraphLimits.dimension).contains(size) {
      throw .badSize(symbol, size)
    }
    try model.expectSizesInRange(sizes)
    var planner = try Planner(model, heads: heads, sizes: sizes)
    planner.markNeeded()
    planner.emitSteps()
    let layout = planner.layOut(reusesMemory: reusesMemory)
    let scratch = planner.scratchCount.multipliedReportingOverflow(by: 4)
    let total = (layout.byteCount ?? 0).addingReportingOverflow(scratch.partialValue)
    guard let byteCount = layout.byteCount, !scratch.overflow, !total.overflow else {
      throw .outOfMemory(needed: Int.max, budget: memoryBudget)
    }
    guard total.partialValue <= memoryBudget else {
      throw .outOfMemory(needed: total.partialValue, budget: memoryBudget)
    }
    self.sizes = sizes
    inputs = planner.plannedInputs
    outputs = planner.plannedOutputs
    names = PlanNames(inputs: inputs, outputs: outputs)
    arenaByteCount = total.partialValue
    slots = layout.slots
    steps = planner.steps
    scratchByteOffset = byteCount
    scratchCount = planner.scratchCount
    let occupancies = occupancies()
    if let (one, other) = firstOverlap(of: occupancies.map { $0.occupancy }) {
      throw .overlap(
        planner.name(ofSlot: occupancies[one].slot), planner.name(ofSlot: occupancies[other].slot))
    }
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

/// Numbers the values of the trunk and of the heads in one row, and turns the needed ones into slots and steps.
struct Planner {
  private let model: Model
  /// The trunk's graph, then the heads' in the model's order.
  private let graphs: [Graph]
  /// The number of each graph's first value.
  private let bases: [Int]
  /// For every value the value that it is another name for: a head's input is its source.
  private let origin: [Int]
  private let types: [[TensorType]]
  private let wanted: [Int]
  private var isNeeded: [Bool]
  private var slotOfValue: [Int]

  private(set) var slots: [Slot] = []
  private(set) var steps: [Step] = []
  private(set) var scratchCount = 0
  private(set) var plannedInputs: [PlannedInput] = []
  private(set) var plannedOutputs: [PlannedOutput] = []

  init(_ model: Model, heads: [Name]?, sizes: SymbolSizes) throws(RuntimeError) {
    var wanted: [Int] = []
    if let heads {
      var isWanted = model.heads.map { _ in false }
      for name in heads {
        guard let index = model.position(ofHead: name) else { throw .unknownHead(name) }
        if !isWanted[index] { wanted.append(index) }
        isWanted[index] = true
      }
    } else {
      wanted = Array(model.heads.indices)
    }
    var bases = [0]
    let graphs = [model.trunk.graph] + model.heads.map { $0.graph }
    for graph in graphs { bases.append(bases[bases.count - 1] + graph.valueCount) }
    self.model = model
    self.graphs = graphs
    self.bases = bases
    self.wanted = wanted
    let total = bases[bases.count - 1]
    isNeeded = Array(repeating: false, count: total)
    slotOfValue = Array(repeating: -1, count: total)
    origin = Self.origins(model, bases)
    do {
      types = try model.inferTypes(sizes)
    } catch {
      throw .doesNotFit(error)
    }
  }

  private static func origins(_ model: Model, _ bases: [Int]) -> [Int] {
    var origin = Array(0..<bases[bases.count - 1])
    for (index, sources) in model.sources.enumerated() {
      for (input, source) in sources.enumerated() {
        // Heads only read graphs before their own, whose origins are known.
        origin[bases[index + 1] + input] = origin[bases[source.graph] + source.value.index]
      }
    }
    return origin
  }

  /// Marks every value that a wanted head's outputs depend on.
  mutating func markNeeded() {
    for head in wanted {
      for output in graphs[head + 1].outputs {
        isNeeded[origin[bases[head + 1] + output.value.index]] = true
      }
    }
    for graph in graphs.indices.reversed() {
      for node in graphs[graph].nodes.indices.reversed() {
        let value = bases[graph] + graphs[graph].value(ofNode: node).index
        guard isNeeded[value] else { continue }
        for input in graphs[graph].nodes[node].inputs {
          isNeeded[origin[bases[graph] + input.index]] = true
        }
      }
    }
  }

  /// Makes slots for needed values and steps for needed nodes, and notes inputs and outputs.
  mutating func emitSteps() {
    for graph in graphs.indices { emit(graph) }
    for head in wanted {
      for output in graphs[head + 1].outputs {
        let type = types[head + 1][output.value.index]
        plannedOutputs.append(
          PlannedOutput(
            head: model.heads[head].name, name: output.name, element: type.element,
            shape: type.shape,
            slot: slotOfValue[origin[bases[head + 1] + output.value.index]]))
      }
    }
  }

  private mutating func emit(_ index: Int) {
    let graph = graphs[index]
    for (position, input) in graph.inputs.enumerated()
    where index == 0 && isNeeded[bases[0] + position] {
      let type = types[0][position]
      let slot = addSlot(.arena(0), type, value: bases[0] + position)
      plannedInputs.append(
        PlannedInput(name: input.name, element: type.element, shape: type.shape, slot: slot))
    }
    for position in graph.parameters.indices {
      let value = bases[index] + graph.value(ofParameter: position).index
      guard isNeeded[value] else { continue }
      let parameter = graph.parameters[position]
      let place: Slot.Place =
        parameter.stored == parameter.type.element
        ? .parameter(graph: index, index: position)
        : .widened(graph: index, index: position, offset: 0)
      _ = addSlot(place, parameter.type, value: value)
    }
    for (position, node) in graph.nodes.enumerated() {
      let local = graph.value(ofNode: position).index
      guard isNeeded[bases[index] + local] else { continue }
      let inputs = node.inputs.map { slotOfValue[origin[bases[index] + $0.index]] }
      let inputTypes = node.inputs.map { types[index][$0.index] }
      let output = types[index][local]
      guard let call = KernelCall(node.operator, inputs: inputTypes, output: output) else {
        // The same elements in the same order: another name for the input's memory.
        slotOfValue[bases[index] + local] = inputs[0]
        continue
      }
      scratchCount = max(scratchCount, call.scratchCount)
      let slot = addSlot(.arena(0), output, value: bases[index] + local)
      steps.append(Step(inputs: inputs, output: slot, call: call, node: node.name))
    }
  }

  private mutating func addSlot(_ place: Slot.Place, _ type: TensorType, value: Int) -> Int {
    slots.append(Slot(place: place, element: type.element, count: type.shape.elementCount))
    slotOfValue[value] = slots.count - 1
    return slots.count - 1
  }

  /// Gives every arena slot an offset; returns the bytes of all besides, nil when they cannot be counted.
  ///
  /// Inputs keep their memory so that they need not be given again; outputs keep theirs until the next run.
  func layOut(reusesMemory: Bool) -> (slots: [Slot], byteCount: Int?) {
    var firstUse = slots.map { _ in 0 }
    var lastUse = slots.map { _ in 0 }
    for (index, step) in steps.enumerated() {
      firstUse[step.output] = index
      for slot in step.inputs + [step.output] { lastUse[slot] = index }
    }
    let kept = plannedInputs.map { $0.slot } + plannedOutputs.map { $0.slot }
    for slot in kept { lastUse[slot] = steps.count }
    var placed: [Int] = []
    var tenants: [ArenaLayout.Tenant] = []
    for (index, slot) in slots.enumerated() {
      let lifetime: ClosedRange<Int>
      switch slot.place {
      case .arena: lifetime = firstUse[index]...(reusesMemory ? lastUse[index] : steps.count)
      case .widened: lifetime = 0...steps.count
      case .parameter: continue
      }
      placed.append(index)
      tenants.append(ArenaLayout.Tenant(byteCount: slot.byteCount, steps: lifetime))
    }
    let layout = ArenaLayout(tenants)
    var result = slots
    for (index, offset) in zip(placed, layout.offsets) { result[index].place.move(to: offset) }
    return (result, layout.byteCount)
  }

  /// What a slot is called in messages: as the node, the parameter or the input that it holds.
  func name(ofSlot slot: Int?) -> Name {
    guard let slot, let value = slotOfValue.firstIndex(of: slot),
      let graph = graphs.indices.last(where: { bases[$0] <= value })
    else { return "scratch memory" }
    let local = value - bases[graph]
    let inputs = graphs[graph].inputs
    if local < inputs.count { return inputs[local].name }
    let parameters = graphs[graph].parameters
    if local < inputs.count + parameters.count { return parameters[local - inputs.count].name }
    return graphs[graph].nodes[local - inputs.count - parameters.count].name
  }
}
