import EspalierGraph
import EspalierKernels
import EspalierRuntime
import EspalierTraining
import OperatorExamples
import ReferenceOperators
import Testing

@Suite struct GradientTests {
  /// The gradient of a weighted sum of the outputs, against central differences of the double-precision reference.
  @Test(arguments: operatorExamples.filter(\.hasGradient))
  func gradientEqualsCentralDifferences(_ example: OperatorExample) throws {
    let operands = example.operands(seed: 3)
    let output = reference(example.operator, operands)
    let weights = outputWeights(output.values.count)
    let found = try gradients(example, operands, outputGradient: weights)
    guard let found else { return }  // a reshape moves nothing
    for (position, operand) in operands.enumerated()
    where example.inputs[position].element == .float32 {
      let wrong = operand.values.indices.first { index in
        let expected = difference(example, operands, position, index, weights)
        let error = (Double(found[position][index]) - expected).magnitude
        return !(error <= 2e-5 * max(1, expected.magnitude))
      }
      #expect(wrong == nil, "first wrong element of operand \(position)")
    }
  }

  /// `(f(x + h) − f(x − h)) / 2h` for one element of one operand.
  private func difference(
    _ example: OperatorExample, _ operands: [ReferenceOperators.Tensor], _ position: Int,
    _ index: Int, _ weights: [Double]
  ) -> Double {
    let step = 1e-5
    func objective(_ change: Double) -> Double {
      var moved = operands
      moved[position].values[index] += change
      let output = reference(example.operator, moved)
      return zip(output.values, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return (objective(step) - objective(-step)) / (2 * step)
  }

  private func gradients(
    _ example: OperatorExample, _ operands: [ReferenceOperators.Tensor], outputGradient: [Double]
  ) throws -> [[Float]]? {
    let model = try example.model(operands: operands)
    let plan = try Plan(
      model, sizes: SymbolSizes(batch: example.inputs[0].shape[0]), memoryBudget: 1 << 20,
      for: .training)
    guard let step = plan.steps.first else { return nil }
    let tensors = TensorTable(Executable(model, plan: plan))
    OperatorExample.storage(operands[0].values, example.inputs[0].element).withUnsafeBytes {
      tensors.bytes(step.inputs[0]).copyMemory(from: $0)
    }
    step.run(on: tensors)
    func buffer(_ values: [Double]) -> UnsafeMutableBufferPointer<Float> {
      let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
      _ = memory.initialize(from: values.map { Float($0) })
      return memory
    }
    let gradient = StepGradient(
      step: step, tensors: tensors,
      inputGradients: zip(operands, example.inputs).map { operand, input in
        input.element == .float32 ? buffer(operand.values.map { _ in 0 }) : nil
      },
      outputGradient: buffer(outputGradient),
      scratch: buffer(Array(repeating: 0, count: step.gradientScratchCount)))
    defer {
      withExtendedLifetime(model) {}
      for memory in gradient.inputGradients { memory?.deallocate() }
      gradient.outputGradient.deallocate()
      gradient.scratch.deallocate()
    }
    gradient.run()
    return gradient.inputGradients.map { $0.map(Array.init) ?? [] }
  }
}

/// Weights of outputs that differ from one another.
private func outputWeights(_ count: Int) -> [Double] {
  (0..<count).map { index in
    let value: Double = 0.5 + Double((index * 7) % 11) / 11
    return Double(Float(value - Double(index % 3)))
  }
}
