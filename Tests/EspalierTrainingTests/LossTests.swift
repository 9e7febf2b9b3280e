import EspalierData
import EspalierTraining
import Foundation
import Testing

@Suite struct LossTests {
  struct Example: Sendable, CustomStringConvertible {
    let loss: any Loss
    let outputs: [Float]
    let targets: [Float]
    let columns: Int
    var description: String { "\(loss.name) of \(targets.count) rows" }
  }

  static let examples = [
    Example(
      loss: CrossEntropy(), outputs: [0.5, -1, 2, 3, 0.25, -2], targets: [1, 0], columns: 3),
    Example(
      loss: CrossEntropy(), outputs: [40, -40, 0, 1, 1, 1], targets: [1, 2], columns: 3),
    Example(
      loss: BinaryCrossEntropy(), outputs: [0.5, -3, 0, 30], targets: [1, 0, 1, 0], columns: 1),
    Example(
      loss: MeanSquaredError(), outputs: [0.5, -3, 2], targets: [1, 0.25, 2], columns: 1),
  ]

  @Test(arguments: examples)
  func valueEqualsTheDefinition(_ example: Example) {
    let value = evaluate(example, scale: 1).value
    let expected = definition(example, example.outputs.map { Double($0) })
    #expect(abs(value - expected) <= 1e-12 * max(1, expected))
  }

  @Test(arguments: examples)
  func gradientEqualsCentralDifferences(_ example: Example) {
    let scale: Float = 0.75
    let gradient = evaluate(example, scale: scale).gradient
    for index in example.outputs.indices {
      let step = 1e-5
      var low = example.outputs.map { Double($0) }
      var high = low
      low[index] -= step
      high[index] += step
      let slope = (definition(example, high) - definition(example, low)) / (2 * step)
      #expect(abs(Double(gradient[index]) - Double(scale) * slope) <= 1e-6, "output \(index)")
    }
  }

  @Test func logitsOfAnySizeGiveFiniteValues() {
    let logits: [Float] = [3e38, -3e38]
    let classes = Example(loss: CrossEntropy(), outputs: logits, targets: [0], columns: 2)
    let binary = Example(loss: BinaryCrossEntropy(), outputs: logits, targets: [1, 0], columns: 1)
    for example in [classes, binary] {
      let (value, gradient) = evaluate(example, scale: 1)
      #expect(value == 0)
      #expect(gradient.allSatisfy { $0.isFinite })
    }
  }

  private func evaluate(
    _ example: Example, scale: Float
  ) -> (value: Double, gradient: [Float]) {
    var gradient = [Float](repeating: .nan, count: example.outputs.count)
    var span = gradient.mutableSpan
    let value = example.loss.evaluate(
      outputs: example.outputs.span, targets: example.targets.span, columns: example.columns,
      gradient: &span, scale: scale)
    return (value, gradient)
  }

  /// The loss as its textbook formula, in double precision.
  private func definition(_ example: Example, _ outputs: [Double]) -> Double {
    let rows = example.targets.count
    let losses = (0..<rows).map { row in
      let logitsOfRow = outputs[row * example.columns..<(row + 1) * example.columns]
      let target = Double(example.targets[row])
      switch example.loss {
      case is CrossEntropy:
        let logits = Array(logitsOfRow)
        let largest = logits.max()!
        let sum = logits.reduce(0) { $0 + exp($1 - largest) }
        return log(sum) + largest - logits[Int(target)]
      case is BinaryCrossEntropy:
        let logit = logitsOfRow.first!
        // -log of the probability that the sigmoid gives to the target.
        return log(1 + exp(target == 1 ? -logit : logit))
      default:
        return pow(logitsOfRow.first! - target, 2)
      }
    }
    return losses.reduce(0, +) / Double(rows)
  }
}
