import EspalierGraph
import EspalierRuntime
import EspalierWriter
import OperatorExamples
import ReferenceOperators
import Testing

/// Whatever heads run, however their weights are stored: each output is the bits that it is when every tensor has memory
/// of its own.
@Suite struct StorageTests {
  static let forms: [ElementType] = [.float32, .bfloat16, .float16]

  @Test(arguments: 0..<25 as Range<UInt64>, forms)
  func everySubsetOfHeadsGivesTheSameBits(_ seed: UInt64, _ form: ElementType) throws {
    let model = try randomModel(seed: seed).storing(form)
    let rows = Int(seed % 3) + 1
    var expected: [Name: [[UInt32]]] = [:]
    for head in model.heads {
      let plan = try Plan(
        model, heads: [head.name], sizes: SymbolSizes(batch: rows), for: .reference)
      expected[head.name] = try bits(Session(Executable(model, plan: plan)), seed)
    }
    for heads in subsets(of: model.heads.map(\.name)) {
      let plan = try Plan(model, heads: heads, sizes: SymbolSizes(batch: rows))
      let found = try bits(Session(Executable(model, plan: plan)), seed)
      #expect(found == heads.flatMap { expected[$0] ?? [] }, "heads \(heads)")
    }
  }

  @Test(arguments: operatorExamples)
  func everyOperatorGivesTheSameBits(_ example: OperatorExample) throws {
    let operands = example.operands(seed: 3)
    let model = try example.model(operands: operands)
    for form in Self.forms {
      let stored = model.storing(form)
      let numbers = operands[0].values.map { Float($0) }
      func bits(_ purpose: Plan.Purpose) throws -> [UInt32] {
        let plan = try Plan(
          stored, sizes: SymbolSizes(batch: operands[0].shape[0]), for: purpose)
        return try result(Session(Executable(stored, plan: plan)), numbers)
      }
      #expect(try bits(.inference) == bits(.reference), "\(form.label)")
    }
  }

  private func result(_ session: consuming Session, _ numbers: [Float]) throws -> [UInt32] {
    // Examples have indices that name nothing; the reference takes the nearest.
    session.clampsIndices = true
    try session.setInput("x", converting: numbers)
    try session.run()
    return try session.numbers(of: "head", "result").map(\.bitPattern)
  }

  /// Every choice of some heads, each also in the opposite order.
  private func subsets(of heads: [Name]) -> [[Name]] {
    (1..<1 << heads.count).flatMap { mask in
      let chosen = heads.indices.filter { mask & 1 << $0 != 0 }.map { heads[$0] }
      return [chosen, Array(chosen.reversed())]
    }
  }

  private func bits(_ session: consuming Session, _ seed: UInt64) throws -> [[UInt32]] {
    for input in session.plan.inputs {
      var generator = SeededGenerator(seed: seed ^ UInt64(input.name.utf8.count))
      try session.setInput(
        input.name, to: generator.numbers(input.shape.elementCount).span)
    }
    try session.run()
    return try session.plan.outputs.map { output in
      let values = try session.output(of: output.head, output.name)
      return values.indices.map { values[$0].bitPattern }
    }
  }
}
