import EspalierGraph
import EspalierRuntime
import Testing

/// What finds memory for tensors, compared with the plainest way to do it.
@Suite struct LayoutTests {
  /// Takes and gives back ranges at random, more of them than a block has.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func theLowestRangeIsTaken(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var ranges = FreeRanges()
    var taken: [Range<Int>] = []
    for round in 0..<4000 {
      let isGiving = round > 2000 ? Bool.random(using: &random) : round % 4 == 3
      if isGiving, let place = taken.indices.randomElement(using: &random) {
        ranges.give(taken.remove(at: place))
        continue
      }
      let size = Int.random(in: 1...9, using: &random) * (round % 50 == 0 ? 100 : 1)
      var lowest = 0
      var place = 0
      while place < taken.count, taken[place].lowerBound - lowest < size {
        lowest = taken[place].upperBound
        place += 1
      }
      #expect(ranges.take(size) == lowest, "round \(round)")
      taken.insert(lowest..<lowest + size, at: place)
    }
    while let range = taken.popLast() { ranges.give(range) }
    #expect(ranges.take(Int.max) == 0, "what was given back is one range again")
    #expect(ranges.take(1) == nil)
  }

  @Test(arguments: [1, 63, 64, 65, 4096, 5000])
  func neighboursOfNumbers(bound: Int) {
    var random = SeededGenerator(seed: UInt64(bound))
    var set = NumberSet(bound: bound)
    var numbers: Set<Int> = []
    for _ in 0..<200 {
      let number = Int.random(in: 0..<bound, using: &random)
      if Int.random(in: 0..<3, using: &random) == 0 {
        set.remove(number)
        numbers.remove(number)
      } else {
        set.insert(number)
        numbers.insert(number)
      }
      let other = Int.random(in: 0..<bound, using: &random)
      #expect(set.last(before: other) == numbers.filter { $0 < other }.max())
      #expect(set.first(after: other) == numbers.filter { $0 > other }.min())
    }
  }

  /// Many outputs that all stay: none of what plans or looks up may go through all the others for each.
  @Test(.timeLimit(.minutes(1))) func manyOutputsArePlannedAndFound() throws {
    let count = 4096
    let relu = Operator.unary(Operator.Unary(.relu))
    let heads = (0..<8).map { head in
      let names = (0..<count).map { Name("output \($0)") }
      return Model.Head(
        name: Name("head \(head)"), sources: [.feature("f")],
        graph: Graph(
          inputs: [GraphInput(name: "f", dimensions: [.batch, .fixed(3)])], parameters: [],
          nodes: names.indices.map { Node(name: names[$0], relu, inputs: [ValueID($0)]) },
          outputs: names.enumerated().map { GraphOutput(name: $1, value: ValueID($0 + 1)) }),
        description: HeadDescription(task: .regression))
    }
    let trunk = Graph(
      inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(3)])], parameters: [], nodes: [],
      outputs: [GraphOutput(name: "f", value: ValueID(0))])
    let model = try Model(trunk: Model.Trunk(graph: trunk, columns: [[]]), heads: heads)
    var session = try Session(model, batch: 1)
    let numbers: [Float] = [-1, 2, 3]
    try session.setInput("x", to: numbers.span)
    try session.run()
    for output in session.plan.outputs {
      let found = try session.output(of: output.head, output.name)
      #expect(found[0] == 0 && found[2] == 3)
    }
    #expect(session.plan.outputs(of: "head 3").count == count)
    #expect(session.plan.index(ofOutput: nil, of: "head 1") == count)
    #expect(session.plan.index(ofOutput: "output x", of: "head 1") == nil)
  }

  /// The bytes of a plan are those that can be counted.
  @Test func tensorsThatCannotBeCountedAreRefused() throws {
    let huge = Operator.expand(Operator.Expand([1 << 30, 1 << 29, 2]))
    let graph = Graph(
      inputs: [GraphInput(name: "x", dimensions: [.fixed(1), .fixed(1), .fixed(1)])],
      parameters: [],
      nodes: (0..<4).map { Node(name: Name("node \($0)"), huge, inputs: [ValueID(0)]) },
      outputs: (0..<4).map { GraphOutput(name: Name("y\($0)"), value: ValueID($0 + 1)) })
    let head = Model.Head(
      name: "h", sources: [.feature("x")],
      graph: graph, description: HeadDescription(task: .regression))
    let trunk = Graph(
      inputs: graph.inputs, parameters: [], nodes: [],
      outputs: [GraphOutput(name: "x", value: ValueID(0))])
    let model = try Model(trunk: Model.Trunk(graph: trunk, columns: [[]]), heads: [head])
    #expect(throws: RuntimeError.outOfMemory(needed: .max, budget: .max)) {
      try Plan(model, memoryBudget: Int.max)
    }
  }
}
