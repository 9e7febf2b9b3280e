import EspalierGraph
import EspalierRuntime
import Testing

/// What the table of operators does not show of recurrent layers.
@Suite struct RecurrentTests {
  /// More steps than one block has when the sequences are together.
  private static let (steps, sequences, inputs, hidden) = (40, 8, 5, 64)

  private static func numbers(_ count: Int, seed: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919 + seed * 104_729) % 2001 - 1000) / 4000 }
  }

  private func output(_ rule: Operator.Recurrent, of chosen: Range<Int>) throws -> [[UInt32]] {
    let width = Self.hidden * rule.function.gates
    let parameters = [(Self.inputs, 1), (Self.hidden, 2)].map { rows, seed in
      Parameter(
        name: Name("operand \(seed)"), type: TensorType(.float32, [rows, width]),
        storage: TensorStorage(Self.numbers(rows * width, seed: seed)))
    }
    let dimensions: [Dimension] = [.fixed(Self.steps), .batch, .fixed(Self.inputs)]
    let trunk = Graph(
      inputs: [GraphInput(name: "x", dimensions: dimensions)], parameters: parameters,
      nodes: [Node(name: "", .recurrent(rule), inputs: [0, 1, 2].map { ValueID($0) })],
      outputs: [GraphOutput(name: "y", value: ValueID(3))])
    let head = Graph(
      inputs: [GraphInput(name: "y", dimensions: [.any, .batch, .any])], parameters: [], nodes: [],
      outputs: [GraphOutput(name: "result", value: ValueID(0))])
    let model = try Model(
      trunk: Model.Trunk(graph: trunk, columns: [[]]),
      heads: [
        Model.Head(
          name: "head", sources: [.feature("y")], graph: head,
          description: HeadDescription(task: .regression))
      ])
    let all = Self.numbers(Self.steps * Self.sequences * Self.inputs, seed: 3)
    let row = Self.sequences * Self.inputs
    let values = (0..<Self.steps).flatMap { step in
      all[
        step * row + chosen.lowerBound * Self.inputs..<step * row + chosen.upperBound * Self.inputs]
    }
    var session = try Session(model, batch: chosen.count)
    try session.setInput("x", to: values.span)
    try session.run()
    let result = try session.output(of: "head")
    return chosen.indices.map { sequence in
      let first = sequence - chosen.lowerBound
      return (0..<Self.steps).flatMap { step in
        let start = (step * chosen.count + first) * Self.hidden
        return (start..<start + Self.hidden).map { result[$0].bitPattern }
      }
    }
  }

  @Test(arguments: [
    Operator.Recurrent(.lstm), Operator.Recurrent(.gru, direction: .backward),
    Operator.Recurrent(.gru, linearBeforeReset: true), Operator.Recurrent(.simple),
  ])
  func sequencesDoNotDependOnTheirBatch(_ rule: Operator.Recurrent) throws {
    let together = try output(rule, of: 0..<Self.sequences)
    for sequence in 0..<Self.sequences {
      let alone = try output(rule, of: sequence..<sequence + 1)
      #expect(alone[0] == together[sequence], "sequence \(sequence)")
    }
  }
}
