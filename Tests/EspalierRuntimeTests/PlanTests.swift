import EspalierGraph
import EspalierRuntime
import Testing

@Suite struct PlanTests {
  /// From the step that writes a tensor to the last that reads it, no other tensor may be written to its memory.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func liveTensorsNeverOverlap(seed: UInt64) throws {
    let plan = try Plan(try randomModel(seed: seed), sizes: SymbolSizes(batch: 3))
    func range(_ slot: Int) -> Range<Int>? {
      guard case .arena(let offset) = plan.slots[slot].place else { return nil }
      return offset..<offset + plan.slots[slot].byteCount
    }
    for (index, step) in plan.steps.enumerated() {
      let written = try #require(range(step.output))
      #expect(written.upperBound <= plan.scratchByteOffset)
      let readLater = plan.steps[(index + 1)...].flatMap(\.inputs).filter { slot in
        slot != step.output && !plan.steps[index...].contains { $0.output == slot }
      }
      let kept =
        plan.inputs.map(\.slot)
        + plan.outputs.map(\.slot).filter { slot in
          slot != step.output && !plan.steps[index...].contains { $0.output == slot }
        }
      for slot in Set(readLater + kept + step.inputs) where slot != step.output {
        if let other = range(slot) {
          #expect(!written.overlaps(other), "step \(index) overwrites slot \(slot)")
        }
      }
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func everyStepIsNeededByAChosenHead(seed: UInt64) throws {
    let model = try randomModel(seed: seed)
    for head in model.heads {
      let plan = try Plan(model, heads: [head.name])
      var needed = Set(plan.outputs.map(\.slot))
      for step in plan.steps.reversed() {
        #expect(needed.contains(step.output))
        needed.formUnion(step.inputs)
      }
      #expect(plan.inputs.allSatisfy { needed.contains($0.slot) })
    }
  }

  @Test func reusingMemoryTakesLess() throws {
    let model = try chain(length: 20)
    func bytes(_ purpose: Plan.Purpose) throws -> Int {
      try Plan(model, sizes: SymbolSizes(batch: 16), for: purpose).arenaByteCount
    }
    // 16 rows of 4 numbers are 256 bytes: the input and one tensor, or two in turns, or all of them.
    #expect(try bytes(.inference) == 2 * 256)
    #expect(try bytes(.reference) == 3 * 256)
    #expect(try bytes(.training) == 21 * 256)
  }

  @Test func unknownHeadIsRefused() throws {
    #expect(throws: RuntimeError.unknownHead("none")) {
      try Plan(try randomModel(seed: 0), heads: ["h0", "none"])
    }
  }

  @Test(arguments: [0, -1, GraphLimits.dimension + 1])
  func impossibleBatchesAreRefused(_ batch: Int) throws {
    let model = try chain(length: 1)
    #expect(throws: RuntimeError.badSize("batch", batch)) {
      try Plan(model, sizes: SymbolSizes(batch: batch))
    }
  }

  @Test func tooMuchMemoryIsRefusedBeforeItIsAllocated() throws {
    let model = try chain(length: 1)
    let needed = 2 * 16 * GraphLimits.dimension
    #expect(throws: RuntimeError.outOfMemory(needed: needed, budget: 1 << 30)) {
      _ = try Session(model, batch: GraphLimits.dimension)
    }
  }

  @Test func graphThatNeedsAFixedBatchIsRefusedForOthers() throws {
    let model = try model(
      nodes: [Node(name: "fixed", .reshape(.init([2, 4])), inputs: [ValueID(0)])])
    #expect(throws: Never.self) { try Plan(model, sizes: SymbolSizes(batch: 2)) }
    let error = #expect(throws: RuntimeError.self) { try Plan(model, sizes: SymbolSizes(batch: 3)) }
    guard case .doesNotFit = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

/// A trunk of activations in a row on rows of four numbers, and a head that gives its output.
private func chain(length: Int) throws -> Model {
  try model(
    nodes: (0..<length).map {
      Node(name: "relu", .unary(.init(.relu)), inputs: [ValueID($0)])
    })
}

private func model(nodes: [Node]) throws -> Model {
  let dimensions: [Dimension] = [.batch, .fixed(4)]
  let trunk = Graph(
    inputs: [GraphInput(name: "x", dimensions: dimensions)], parameters: [], nodes: nodes,
    outputs: [GraphOutput(name: "y", value: ValueID(nodes.count))])
  let head = Graph(
    inputs: [GraphInput(name: "y", dimensions: dimensions)], parameters: [], nodes: [],
    outputs: [GraphOutput(name: "z", value: ValueID(0))])
  return try Model(
    trunk: Model.Trunk(graph: trunk, columns: [[]]),
    heads: [
      Model.Head(
        name: "head", sources: [.feature("y")], graph: head,
        description: HeadDescription(task: .regression))
    ])
}
