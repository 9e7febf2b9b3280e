import EspalierGraph
import EspalierONNX
import EspalierWriter
import Testing

/// One test for each case of `ONNXLimit`, of which `functionDepth` is in InliningTests.
@Suite struct LimitTests {
  @Test func overLimitMemory() throws {
    let file = try Documents.small().encoded()
    var limits = ONNXLimits()
    limits.memoryBytes = file.count - 1
    expectError(
      .overLimit(.memory, found: file.count, limit: file.count - 1, .model), file, limits: limits)
    // Enough for the file, but not for what it becomes.
    limits.memoryBytes = 1000
    #expect {
      try ONNXModel(file, limits: limits)
    } throws: { error in
      guard case .overLimit(.memory, let found, _, .model) = error as? ONNXError else {
        return false
      }
      return found > 1000 - file.count
    }
    // One byte less than all takes, of which the last are numbers.
    let enough = leastMemory { limits in (try? ONNXModel(file, limits: limits)) != nil }
    limits.memoryBytes = enough - 1
    expectError(
      .overLimit(.memory, found: enough, limit: enough - 1, .tensor("bias")), file, limits: limits)
  }

  /// An empty attribute takes two bytes of a file and hundreds of memory.
  @Test func overLimitMemoryOfAFileThatUnpacksToMuch() {
    let file = withGraph { graph in
      graph.element(1) { node in for _ in 0..<500_000 { node.element(5, []) } }
    }
    #expect {
      try ONNXModel(file)
    } throws: { error in
      guard case .overLimit(.memory, _, limit: 1 << 26, .model) = error as? ONNXError else {
        return false
      }
      return true
    }
  }

  @Test func overLimitNodes() throws {
    var limits = ONNXLimits()
    limits.nodes = 2
    try expectError(.overLimit(.nodes, found: 3, limit: 2, .graph), limits: limits) { _ in }
    // Nodes of the graph and of functions count together.
    limits.nodes = 3
    try expectError(.overLimit(.nodes, found: 4, limit: 3, .function("l.F")), limits: limits) {
      $0.functions = [
        ONNXFunction(
          "F", domain: "l", inputs: [], outputs: ["o"],
          nodes: [ONNXNode("Constant", inputs: [], outputs: ["o"])],
          opsets: [ONNXOpset(version: 17)])
      ]
    }
  }

  @Test func overLimitListCount() throws {
    var limits = ONNXLimits()
    limits.listCount = 3
    try expectError(
      .overLimit(.listCount, found: 4, limit: 3, .node(nodePlace(0, "", "Sum"))), limits: limits
    ) {
      $0.graph.nodes = [ONNXNode("Sum", inputs: ["x", "x", "x", "x"], outputs: ["y"])]
    }
    try expectError(.overLimit(.listCount, found: 4, limit: 3, .model), limits: limits) {
      $0.metadata = Array(repeating: ONNXNote("k", "v"), count: 4)
    }
  }

  @Test func overLimitNameBytes() throws {
    var limits = ONNXLimits()
    limits.nameBytes = 10
    let long = Name(utf8: Array(repeating: 0x61, count: 11))
    try expectError(
      .overLimit(.nameBytes, found: 11, limit: 10, .node(nodePlace(0, "", ""))), limits: limits
    ) { $0.graph.nodes[0].name = long }
    try expectError(.overLimit(.nameBytes, found: 11, limit: 10, .input("")), limits: limits) {
      $0.graph.inputs[0].name = long
    }
  }

  @Test func overLimitRank() throws {
    var limits = ONNXLimits()
    limits.rank = 1
    try expectError(.overLimit(.rank, found: 2, limit: 1, .input("x")), limits: limits) { _ in }
    try expectError(.overLimit(.rank, found: 65, limit: 64, .tensor("w"))) {
      $0.graph.initializers[0] = ONNXTensor(
        name: "w", dimensions: Array(repeating: 1, count: 65), floats: [1])
    }
  }
}
