import EspalierGraph
import EspalierONNX
import Testing

/// Nodes are put in an order in which they can run.
@Suite struct OrderTests {
  private func order(_ model: ONNXModel) throws -> [String] {
    try ONNXModel(try model.encoded()).graph.nodes.map(\.operatorType)
  }

  @Test func aValidOrderStays() throws {
    let model = Documents.nodes(
      ONNXNode("B", inputs: ["x"], outputs: ["b"]),
      ONNXNode("A", inputs: ["x"], outputs: ["a"]),
      ONNXNode("D", inputs: ["a"], outputs: ["d"]),
      ONNXNode("C", inputs: ["b", "d"], outputs: ["y"]))
    #expect(try order(model) == ["B", "A", "D", "C"])
  }

  @Test func makersComeFirst() throws {
    let model = Documents.nodes(
      ONNXNode("Last", inputs: ["b", "a"], outputs: ["y"]),
      ONNXNode("A", inputs: ["x"], outputs: ["a"]),
      ONNXNode("B", inputs: ["", "a"], outputs: ["b"]))
    #expect(try order(model) == ["A", "B", "Last"])
  }

  /// Every order of nodes of a random graph becomes a valid one, in which no node reads a value before it is made.
  @Test func everyOrderBecomesValid() throws {
    for seed in 0..<20 {
      var random = SplitMix(seed: UInt64(seed))
      var nodes: [ONNXNode] = []
      for index in 0..<30 {
        let earlier = (0..<3).map { _ in
          let pick = Int(random.next() % UInt64(index + 1))
          return pick == 0 ? "x" : Name("v\(pick - 1)")
        }
        nodes.append(ONNXNode("Op", inputs: earlier, outputs: [Name("v\(index)")]))
      }
      var model = Documents.small()
      model.graph.nodes = nodes.shuffled(using: &random)
      model.graph.outputs[0].name = "v29"
      let sorted = try ONNXModel(try model.encoded()).graph.nodes
      #expect(Set(sorted.map(\.outputs)) == Set(nodes.map(\.outputs)))
      var made: Set<Name> = ["x"]
      for node in sorted {
        #expect(made.isSuperset(of: node.inputs), "seed \(seed)")
        made.formUnion(node.outputs)
      }
    }
  }

  /// A chain as long as the limit, the last node first, takes neither the stack nor long.
  @Test func aLongChainIsSorted() throws {
    let count = 100_000
    var model = Documents.small()
    model.graph.nodes = (0..<count).reversed().map {
      ONNXNode("Op", inputs: [$0 == 0 ? "x" : Name("v\($0 - 1)")], outputs: [Name("v\($0)")])
    }
    model.graph.outputs[0].name = Name("v\(count - 1)")
    let sorted = try ONNXModel(try model.encoded()).graph.nodes
    #expect(sorted.map(\.outputs) == model.graph.nodes.reversed().map(\.outputs))
  }

  @Test func functionsAreSortedToo() throws {
    var model = Documents.small()
    model.functions = [
      ONNXFunction(
        "F", domain: "l", inputs: ["i"], outputs: ["o"],
        nodes: [
          ONNXNode("Second", inputs: ["m"], outputs: ["o"]),
          ONNXNode("First", inputs: ["i"], outputs: ["m"]),
        ],
        opsets: [ONNXOpset(version: 17)])
    ]
    let function = try ONNXModel(try model.encoded()).functions[0]
    #expect(function.nodes.map(\.operatorType) == ["First", "Second"])
  }
}

/// Numbers that are the same every time (Steele, Lea and Flood: SplitMix64).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
