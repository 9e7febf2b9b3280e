import EspalierGraph
import EspalierRuntime
import EspalierWriter
import OperatorExamples
import Testing

/// What passes make of a graph: fewer steps, less memory, the same bits.
@Suite struct LoweringTests {
  /// A model of rows of six numbers whose trunk has these nodes; the head gives what the last one does.
  private func model(
    _ nodes: [(Operator, [Int])], row: [Int] = [6], parameters: [Parameter] = [],
    outputs: [Int]? = nil
  ) throws -> Model {
    let chosen = outputs ?? [parameters.count + nodes.count]
    let trunk = Graph(
      inputs: [
        GraphInput(name: "x", dimensions: [.batch] + row.map { .fixed($0) })
      ], parameters: parameters,
      nodes: nodes.enumerated().map { index, node in
        Node(name: Name("n\(index)"), node.0, inputs: node.1.map { ValueID($0) })
      },
      outputs: chosen.map { GraphOutput(name: Name("f\($0)"), value: ValueID($0)) })
    let types = try trunk.inferTypes(
      inputs: [TensorType(.float32, Shape([Dimension.usualProbe] + row))])
    let heads = chosen.map { value in
      Model.Head(
        name: Name("h\(value)"), sources: [.feature(Name("f\(value)"))],
        graph: Graph(
          inputs: [
            GraphInput(
              name: "f", element: types[value].element,
              dimensions: types[value].shape.sizes.map { _ in .any })
          ], parameters: [], nodes: [],
          outputs: [GraphOutput(name: "y", value: ValueID(0))]),
        description: HeadDescription(task: .regression))
    }
    return try Model(trunk: Model.Trunk(graph: trunk, columns: [[]]), heads: heads)
  }

  /// The plan for answers, once it has been seen that its answers are those of the reference, bit for bit.
  private func checked(_ model: Model, batch: Int = 2) throws -> Plan {
    func answers(_ purpose: Plan.Purpose) throws -> (Plan, [[UInt8]]) {
      let plan = try Plan(model, sizes: SymbolSizes(batch: batch), for: purpose)
      var session = Session(Executable(model, plan: plan))
      var generator = SeededGenerator(seed: 5)
      for input in plan.inputs {
        try session.setInput(
          input.name, converting: generator.numbers(input.shape.elementCount))
      }
      try session.run()
      try session.run()
      return (
        plan,
        plan.outputs.map { output in session.bytes(of: output).withUnsafeBytes { Array($0) } }
      )
    }
    let (plan, found) = try answers(.inference)
    #expect(try found == answers(.reference).1)
    return plan
  }

  @Test func activationsAreOfTheNodeBefore() throws {
    let plan = try checked(
      model([
        (.softmax(.init()), [0]), (.unary(.init(.tanh)), [1]), (.reshape(.init([-1, 3])), [2]),
        (.unary(.init(.swish, alpha: 1)), [3]),
      ]))
    #expect(plan.steps.count == 1)
    #expect(plan.steps[0].epilogue.count == 2)
    #expect(plan.arenaByteCount == 128)
  }

  @Test func activationsOfWhatIsReadElsewhereStay() throws {
    let plan = try checked(
      model([
        (.softmax(.init()), [0]), (.unary(.init(.tanh)), [1]), (.binary(.init(.add)), [1, 2]),
      ]))
    #expect(plan.steps.map(\.epilogue.count) == [0, 0, 0])
  }

  @Test func whatIsAskedForIsNotWrittenOver() throws {
    let plan = try checked(
      model([(.softmax(.init()), [0]), (.unary(.init(.tanh)), [1])], outputs: [1, 2]))
    #expect(plan.steps.count == 2)
    #expect(plan.outputs[0].slot != plan.outputs[1].slot)
  }

  @Test func residualAdditionsWriteOverWhatTheyAdd() throws {
    let plan = try checked(
      model([
        (.softmax(.init()), [0]), (.unary(.init(.tanh)), [1]), (.binary(.init(.add)), [2, 1]),
        (.binary(.init(.multiply)), [3, 0]), (.binary(.init(.subtract)), [4, 4]),
      ]))
    #expect(plan.steps.count == 5)
    // The input, the softmax, and its tanh, which the rest writes over.
    #expect(plan.arenaByteCount == 3 * 64)
  }

  @Test func transpositionsThatUndoEachOtherGo() throws {
    let plan = try checked(
      model(
        [
          (.softmax(.init()), [0]), (.transpose(.init([0, 2, 1])), [1]),
          (.transpose(.init([2, 1, 0])), [2]), (.transpose(.init([1, 2, 0])), [3]),
          (.unary(.init(.negate)), [4]),
        ], row: [2, 3]))
    #expect(plan.steps.count == 2)
    let undone = try checked(
      model(
        [
          (.softmax(.init()), [0]), (.transpose(.init([0, 2, 1])), [1]),
          (.transpose(.init([0, 2, 1])), [2]), (.unary(.init(.negate)), [3]),
        ], row: [2, 3]))
    #expect(undone.steps.count == 1)
  }

  @Test func axesOfOneElementMoveForNothing() throws {
    let nodes: [(Operator, [Int])] = [
      (.softmax(.init()), [0]), (.transpose(.init([2, 0, 1])), [1]),
      (.unary(.init(.negate)), [2]),
    ]
    #expect(try checked(model(nodes, row: [6, 1]), batch: 1).steps.count == 1)
    #expect(try checked(model(Array(nodes.prefix(2)), row: [6, 1]), batch: 3).steps.count == 1)
    #expect(try checked(model(Array(nodes.prefix(2)), row: [3, 2]), batch: 3).steps.count == 2)
  }

  @Test func partsAreWrittenWhereTheyBelong() throws {
    let nodes: [(Operator, [Int])] = [
      (.softmax(.init()), [0]), (.unary(.init(.tanh)), [0]),
      (.concatenate(.init(axis: 1)), [1, 2]), (.unary(.init(.exp)), [0]),
      (.concatenate(.init(axis: 1)), [4, 3]), (.softmax(.init()), [5]),
    ]
    let inPlace = try checked(model(nodes), batch: 1)
    #expect(inPlace.steps.count == 4)
    #expect(inPlace.slots.count { if case .part = $0.place { true } else { false } } == 4)
    // Rows of several are not one behind the other.
    #expect(try checked(model(nodes), batch: 2).steps.count == 6)
  }

  @Test func partsThatAreReadElsewhereAreCopied() throws {
    let plan = try checked(
      model(
        [
          (.softmax(.init()), [0]), (.concatenate(.init(axis: 1)), [1, 0]),
          (.concatenate(.init(axis: 1)), [1, 1]), (.concatenate(.init(axis: 1)), [2, 3]),
        ]), batch: 1)
    #expect(plan.steps.count == 3)
  }

  /// Every function of each element, as the epilogue of a node and in place of an operand.
  @Test(arguments: operatorExamples)
  func functionsOfEachElementMayWriteOverTheirOperands(_ example: OperatorExample) throws {
    guard example.operator.kind == .unary || example.operator.kind == .binary else { return }
    let model = try example.model(operands: example.operands(seed: 3))
    let trunk = model.trunk.graph
    guard trunk.inputs[0].element == .float32 else { return }
    // The input goes through a node first, so that what reads it may write over it.
    let shift = trunk.inputs.count + trunk.parameters.count
    let nodes =
      [Node(name: "first", .unary(.init(.absolute)), inputs: [ValueID(0)])]
      + trunk.nodes.map { node in
        Node(
          name: node.name, node.operator,
          inputs: node.inputs.map { $0.index == 0 ? ValueID(shift) : $0 })
      }
    let changed = Graph(
      inputs: trunk.inputs, parameters: trunk.parameters, nodes: nodes,
      outputs: trunk.outputs.map { GraphOutput(name: $0.name, value: ValueID($0.value.index + 1)) })
    let plan = try checked(
      Model(trunk: Model.Trunk(graph: changed, columns: model.trunk.columns), heads: model.heads),
      batch: example.inputs[0].shape[0])
    #expect(plan.steps.count <= 2)
  }

  @Test func sessionsOfOneExecutableShareWhatIsPrepared() throws {
    let model = try randomModel(seed: 3).storing(.bfloat16)
    let one = try Executable(model, sizes: SymbolSizes(batch: 1))
    let many = try one.resized(to: SymbolSizes(batch: 5))
    #expect(one.plan.preparedByteCount > 0)
    #expect(many.plan.preparedByteCount == one.plan.preparedByteCount)
    var generator = SeededGenerator(seed: 9)
    let rows = generator.numbers(30)
    func answers(_ executable: Executable, _ rows: [Float]) throws -> [[UInt32]] {
      var session = Session(executable)
      for input in executable.plan.inputs { try session.setInput(input.name, to: rows.span) }
      try session.run()
      return try executable.plan.outputs.map { output in
        try session.numbers(of: output.head, output.name).map(\.bitPattern)
      }
    }
    let together = try answers(many, rows)
    for row in 0..<5 {
      let alone = try answers(one, Array(rows[6 * row..<6 * row + 6]))
      #expect(alone == together.map { Array($0[6 * row..<6 * row + 6]) })
    }
  }
}
