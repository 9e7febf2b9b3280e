import EspalierGraph
import EspalierRuntime
import OperatorExamples
import ReferenceOperators
import Testing

@Suite struct OperatorTests {
  @Test(arguments: operatorExamples)
  func runningEqualsTheReference(_ example: OperatorExample) throws {
    let operands = example.operands(seed: 1)
    let expected = reference(
      example.operator, operands, elements: example.inputs.map(\.element))
    let result = try run(try example.model(operands: operands), operands[0])
    #expect(result.count == expected.values.count)
    let scale = expected.values.map(\.magnitude).max() ?? 1
    for (index, value) in result.enumerated() {
      let error = (Double(value) - expected.values[index]).magnitude
      #expect(
        error <= 2e-6 * max(scale, 1), "element \(index): \(value), \(expected.values[index])")
    }
  }

  @Test(arguments: operatorExamples.filter { !$0.hasBatchedParameters })
  func rowsDoNotDependOnTheirBatch(_ example: OperatorExample) throws {
    let operands = example.operands(seed: 2)
    let model = try example.model(operands: operands)
    let together = try run(model, operands[0])
    let rows = operands[0].shape[0]
    let size = operands[0].values.count / rows
    let apart = try (0..<rows).flatMap { row in
      let values = Array(operands[0].values[row * size..<(row + 1) * size])
      return try run(model, Tensor([1] + operands[0].shape.dropFirst(), values))
    }
    #expect(apart.map(\.bitPattern) == together.map(\.bitPattern))
  }

  private func run(_ model: Model, _ input: Tensor) throws -> [Float] {
    var session = try Session(model, batch: input.shape[0])
    // Examples have indices that name nothing; the reference takes the nearest.
    session.clampsIndices = true
    try session.setInput("x", converting: input.values.map { Float($0) })
    try session.run()
    return try session.numbers(of: "head", "result")
  }
}
