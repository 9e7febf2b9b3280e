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

  @Test func operationsOfChosenHeadsAreCounted() throws {
    // Each of three activations reads and makes 2 rows of 4 numbers.
    let (model, sizes) = (try chain(length: 3), SymbolSizes(batch: 2))
    #expect(try Plan(model, sizes: sizes, operationBudget: 48).operationCount == 48)
    #expect(try Plan(model, heads: [], sizes: sizes, operationBudget: 0).operationCount == 0)
    #expect(throws: RuntimeError.tooManyOperations(needed: 48, budget: 47)) {
      _ = try Session(model, sizes: sizes, operationBudget: 47)
    }
    let example = Example(
      inputs: [ExampleTensor(name: "x", shape: [2, 4], values: Array(repeating: 1, count: 8))],
      heads: [.init(head: model.heads[0].name, outputs: [])])
    #expect(throws: RuntimeError.tooManyOperations(needed: 48, budget: 47)) {
      try model.differences(from: example, operationBudget: 47)
    }
  }

  @Test func operationsThatCannotBeCountedAreMoreThanAnyBudget() throws {
    let (large, small) = (Operator.Window.maximumSize, Operator.Window.maximumSize / 2)
    let kernel = [large, large, large]
    let pooling = Operator.Pooling(
      .maximum,
      window: .init(
        kernel: kernel, padding: .explicit(before: [small, small, small], after: kernel)))
    let model = try model(
      nodes: [
        Node(
          name: "cube", .reshape(.init([Operator.Reshape.copied, 1, 2, 2, 1])), inputs: [ValueID(0)]
        ),
        Node(name: "pool", .pooling(pooling), inputs: [ValueID(1)]),
      ], answer: Array(repeating: .any, count: 5))
    #expect(throws: RuntimeError.tooManyOperations(needed: .max, budget: .max - 1)) {
      try Plan(model, memoryBudget: .max, operationBudget: .max - 1)
    }
  }

  /// A node of a few bytes can ask for tables of megabytes, however little memory the tensors take.
  @Test func tablesOfResizesAreMemory() throws {
    let size = Operator.Resize.maximumSize
    let resize = Operator.Resize(axes: [1], to: .scales([1]), .linear(), .halfPixel)
    let model = try model(
      nodes: [Node(name: "wide", .expand(.init([0, size])), inputs: [ValueID(0)])]
        + (1...4).map { Node(name: "resize", .resize(resize), inputs: [ValueID($0)]) },
      dimensions: [.batch, .fixed(1)], answer: [.any, .any])
    #expect(try Plan(model, memoryBudget: 1 << 23).arenaByteCount < 1 << 20)
    let error = #expect(throws: RuntimeError.self) { try Plan(model, memoryBudget: 1 << 22) }
    guard case .outOfMemory(let needed, budget: 1 << 22) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // Of three resizes, with two places and a weight or two for each element.
    #expect((3 * size * (16 + 4)...3 * size * (16 + 8 + 1)).contains(needed))
  }

  @Test func sizesThatCannotBeMultipliedAreRefused() throws {
    let most = GraphLimits.dimension
    let model = try model(
      nodes: [Node(name: "relu", .unary(.init(.relu)), inputs: [ValueID(0)])],
      dimensions: [.batch, .symbol("h"), .symbol("w")])
    let sizes = SymbolSizes(batch: most, [("h", most), ("w", most)])
    #expect(throws: RuntimeError.doesNotFit(.badInput("x", head: nil))) {
      try Plan(model, sizes: sizes)
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

private func model(
  nodes: [Node], dimensions: [Dimension] = [.batch, .fixed(4)], answer: [Dimension]? = nil
) throws -> Model {
  let trunk = Graph(
    inputs: [GraphInput(name: "x", dimensions: dimensions)], parameters: [], nodes: nodes,
    outputs: [GraphOutput(name: "y", value: ValueID(nodes.count))])
  let head = Graph(
    inputs: [GraphInput(name: "y", dimensions: answer ?? dimensions)], parameters: [], nodes: [],
    outputs: [GraphOutput(name: "z", value: ValueID(0))])
  return try Model(
    trunk: Model.Trunk(graph: trunk, columns: [[]]),
    heads: [
      Model.Head(
        name: "head", sources: [.feature("y")], graph: head,
        description: HeadDescription(task: .regression))
    ])
}
