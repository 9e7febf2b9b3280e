import EspalierGraph
import EspalierRuntime
import Testing

/// A trunk once and heads afterwards, over memory of the caller: the same bits as everything at once.
@Suite struct StagedTests {
  private func answers(_ model: Model, _ inputs: [Name: [Float]], rows: Int) throws -> [Name:
    [UInt32]]
  {
    var session = try Session(model, batch: rows)
    for input in session.plan.inputs {
      let numbers = inputs[input.name] ?? []
      try session.setInput(input.name, to: numbers.span)
    }
    try session.run()
    var answers: [Name: [UInt32]] = [:]
    for head in model.heads {
      answers[head.name] = try session.numbers(of: head.name, "o0").map(\.bitPattern)
    }
    return answers
  }

  private func inputs(_ model: Model, rows: Int, seed: UInt64) -> [Name: [Float]] {
    var generator = SeededGenerator(seed: seed)
    return Dictionary(
      model.trunk.graph.inputs.map { ($0.name, generator.numbers(6 * rows)) },
      uniquingKeysWith: { first, _ in first })
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func headsRunOverFeatures(seed: UInt64) throws {
    let model = try randomModel(seed: seed)
    let rows = Int(seed % 3) + 1
    var session = try StagedSession(model, sizes: SymbolSizes(batch: rows))
    for round in 0..<2 as Range<UInt64> {
      let inputs = inputs(model, rows: rows, seed: seed + round)
      let wanted = try answers(model, inputs, rows: rows)
      for input in session.inputs {
        let numbers = inputs[input.name] ?? []
        try session.setInput(input.name, to: numbers.span)
      }
      try session.runTrunk()
      for head in model.heads.reversed() + model.heads.prefix(1) {
        try session.run(head: head.name)
        let found = try session.output(of: head.name, "o0")
        #expect(found.indices.map { found[$0].bitPattern } == wanted[head.name], "\(head.name)")
      }
    }
  }

  /// Features of four rows, of which a head takes two at a time.
  @Test(arguments: 0..<10 as Range<UInt64>)
  func headsRunInBatchesOfTheirOwn(seed: UInt64) throws {
    let model = try randomModel(seed: seed)
    let inputs = inputs(model, rows: 4, seed: seed)
    let wanted = try answers(model, inputs, rows: 4)
    var trunk = Session(
      try Executable(model, sizes: SymbolSizes(batch: 4), part: .trunk))
    for input in trunk.plan.inputs {
      let numbers = inputs[input.name] ?? []
      try trunk.setInput(input.name, to: numbers.span)
    }
    try trunk.run()
    var heads = Session(
      try Executable(model, sizes: SymbolSizes(batch: 2), part: .heads))
    #expect(heads.plan.steps.count <= (try Plan(model, sizes: SymbolSizes(batch: 2)).steps.count))
    for half in 0..<2 {
      for input in heads.plan.inputs {
        let features = try trunk.output(of: "trunk", input.name)
        try heads.setInput(input.name, to: features.extracting(12 * half..<12 * half + 12))
      }
      try heads.run()
      for head in model.heads {
        let found = try heads.numbers(of: head.name, "o0").map(\.bitPattern)
        #expect(found == wanted[head.name].map { Array($0[12 * half..<12 * half + 12]) })
      }
    }
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func inputsAndOutputsLieWithTheCaller(seed: UInt64) throws {
    let model = try randomModel(seed: seed)
    let inputs = inputs(model, rows: 2, seed: seed)
    let wanted = try answers(model, inputs, rows: 2)
    var session = try Session(model, batch: 2)
    let count = session.plan.inputs.count
    let given = UnsafeMutableBufferPointer<Float>.allocate(capacity: 12 * count)
    let taken = UnsafeMutableBufferPointer<Float>.allocate(
      capacity: 12 * session.plan.outputs.count)
    defer {
      given.deallocate()
      taken.deallocate()
    }
    taken.initialize(repeating: .nan)
    for (index, input) in session.plan.inputs.enumerated() {
      let part = UnsafeMutableBufferPointer(rebasing: given[12 * index..<12 * index + 12])
      _ = part.initialize(from: inputs[input.name] ?? [])
      try session.bindInput(input.name, element: .float32, to: UnsafeRawBufferPointer(part))
    }
    for (index, output) in session.plan.outputs.enumerated() {
      let part = UnsafeMutableBufferPointer(rebasing: taken[12 * index..<12 * index + 12])
      try session.bindOutput(
        of: output.head, output.name, to: UnsafeMutableRawBufferPointer(part))
    }
    try session.run()
    for (index, output) in session.plan.outputs.enumerated() where output.name == "o0" {
      let found = taken[12 * index..<12 * index + 12].map(\.bitPattern)
      #expect(found == wanted[output.head], "\(output.head)")
      #expect(try session.numbers(of: output.head, "o0").map(\.bitPattern) == found)
    }
  }

  @Test func memoryThatDoesNotFitIsRefused() throws {
    let model = try randomModel(seed: 0)
    var session = try Session(model, batch: 1)
    let input = session.plan.inputs[0].name
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 25, alignment: 8)
    defer { bytes.deallocate() }
    let odd = UnsafeRawBufferPointer(rebasing: bytes[1...])
    #expect(throws: RuntimeError.misaligned(input, boundary: 4)) {
      try session.bindInput(input, element: .float32, to: odd)
    }
    #expect(throws: RuntimeError.wrongCount(input, found: 5, expected: 6)) {
      try session.bindInput(
        input, element: .float32, to: UnsafeRawBufferPointer(rebasing: bytes[..<20]))
    }
    #expect(throws: RuntimeError.wrongElement(input, found: .int32, expected: .float32)) {
      try session.bindInput(
        input, element: .int32, to: UnsafeRawBufferPointer(rebasing: bytes[..<24]))
    }
    #expect(throws: RuntimeError.unknownOutput(head: "none", output: "")) {
      try session.bindOutput(of: "none", to: bytes)
    }
  }

  @Test func headsWithoutATrunkHaveNoFeatures() throws {
    let model = try randomModel(seed: 1)
    var session = try StagedSession(model)
    let error = #expect(throws: RuntimeError.self) { try session.run(head: "h0") }
    guard case .missingInput = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(throws: RuntimeError.unknownHead("none")) { try session.run(head: "none") }
  }
}
