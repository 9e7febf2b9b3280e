import EspalierGraph
import EspalierRuntime
import Testing

@Suite struct SessionTests {
  @Test(arguments: 0..<30 as Range<UInt64>)
  func oneHeadGivesTheSameNumbersAsAllHeads(seed: UInt64) throws {
    let model = try randomModel(seed: seed)
    let all = try outputs(model, nil, seed)
    for head in model.heads {
      let alone = try outputs(model, [head.name], seed)
      #expect(alone == all.filter { $0.head == head.name })
    }
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func rowsDoNotDependOnTheirBatch(seed: UInt64) throws {
    let model = try randomModel(seed: seed)
    let rows = 5
    let together = try outputs(model, nil, seed, rows: 0..<rows)
    let apart = try (0..<rows).map { try outputs(model, nil, seed, rows: $0..<$0 + 1) }
    for (index, output) in together.enumerated() {
      #expect(output.bits == apart.flatMap { $0[index].bits })
    }
  }

  @Test func inputsStayUntilTheyAreGivenAgain() throws {
    let model = try randomModel(seed: 7)
    var session = try Session(model, batch: 1)
    try give(&session, seed: 1, rows: 0..<1)
    try session.run()
    let first = try bits(session)
    try session.run()
    #expect(try bits(session) == first)
    try give(&session, seed: 2, rows: 0..<1)
    try session.run()
    #expect(try bits(session) != first)
  }

  @Test func outputsComeInTheOrderOfTheChosenHeads() throws {
    let model = try randomModel(seed: 3)
    let session = try Session(model, heads: ["h2", "h0", "h2"])
    #expect(session.plan.outputs.map(\.head) == ["h2", "h2", "h0", "h0"])
  }

  @Test func runningWithoutAnInputIsRefused() throws {
    var session = try Session(try randomModel(seed: 0))
    let missing = session.plan.inputs[0].name
    var errors: [RuntimeError] = []
    do { try session.run() } catch { errors.append(error) }
    #expect(errors == [.missingInput(missing)])
  }

  @Test func wrongInputsAreRefused() throws {
    var session = try Session(try randomModel(seed: 0), batch: 2)
    let name = session.plan.inputs[0].name
    let tooFew: [Float] = [1, 2, 3]
    var errors: [RuntimeError] = []
    do { try session.setInput(name, to: tooFew.span) } catch { errors.append(error) }
    do { try session.setInput("none", to: tooFew.span) } catch { errors.append(error) }
    #expect(errors == [.wrongCount(name, found: 3, expected: 12), .unknownInput("none")])
  }

  @Test func outputsThatWereNotChosenAreRefused() throws {
    let session = try Session(try randomModel(seed: 0), heads: ["h1"])
    var errors: [RuntimeError] = []
    do { _ = try session.output(of: "h0") } catch { errors.append(error) }
    do { _ = try session.output(of: "h1", "none") } catch { errors.append(error) }
    #expect(
      errors == [
        .unknownOutput(head: "h0", output: ""), .unknownOutput(head: "h1", output: "none"),
      ])
  }

  @Test(arguments: [
    RuntimeError.unknownHead("a"), .unknownInput("a"), .unknownOutput(head: "a", output: "b"),
    .wrongCount("a", found: 1, expected: 2), .missingInput("a"), .badSize("batch", 0),
    .wrongElement("a", found: .int64, expected: .float32), .doesNotFit(.noOutput(head: nil)),
    .outOfMemory(needed: 2, budget: 1), .overlap("a", "b"),
    .tooManyOperations(needed: 2, budget: 1), .tooManyOperations(needed: .max, budget: 1),
    .outOfRange(node: "a", value: 3, allowed: -3...2),
  ])
  func everyErrorIsASentence(_ error: RuntimeError) {
    #expect(error.description.count > 15)
    #expect(!error.description.contains("RuntimeError"))
  }
}

private struct Output: Equatable {
  let head: Name
  let name: Name
  let bits: [UInt32]
}

private func outputs(
  _ model: Model, _ heads: [Name]?, _ seed: UInt64, rows: Range<Int> = 0..<2
) throws -> [Output] {
  var session = try Session(model, heads: heads, batch: rows.count)
  try give(&session, seed: seed, rows: rows)
  try session.run()
  return try session.plan.outputs.map { output in
    let span = try session.output(of: output.head, output.name)
    return Output(
      head: output.head, name: output.name, bits: span.indices.map { span[$0].bitPattern })
  }
}

private func bits(_ session: borrowing Session) throws -> [UInt32] {
  var bits: [UInt32] = []
  for output in session.plan.outputs {
    let span = try session.output(of: output.head, output.name)
    bits += span.indices.map { span[$0].bitPattern }
  }
  return bits
}

/// Rows of numbers that follow from the seed, the input and the row alone.
private func give(_ session: inout Session, seed: UInt64, rows: Range<Int>) throws {
  for input in session.plan.inputs {
    let width = input.shape.elementCount / rows.count
    let numbers = rows.flatMap { row in
      var generator = SeededGenerator(
        seed: seed &* 1000 &+ UInt64(row * 10 + input.name.utf8.count))
      return generator.numbers(width)
    }
    try session.setInput(input.name, to: numbers.span)
  }
}
