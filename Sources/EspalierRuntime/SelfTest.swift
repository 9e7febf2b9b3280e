public import EspalierGraph

/// How far a head's outputs are from those of an example.
public struct ExampleDifference: Sendable, Equatable {
  /// The head.
  public let head: Name
  /// The largest absolute difference of two numbers; infinite where one is not a number and the other is.
  public let absolute: Float
  /// The largest absolute difference, divided by the largest magnitude of the outputs expected.
  public let relative: Float
}

extension Model {
  /// Runs the inputs of an example and compares what the heads give with what it expects: the self-test of a port.
  ///
  /// - Parameter memoryBudget: the most bytes that the tensors may take, parameters not counted.
  /// - Returns: a difference for each head of the example, in its order.
  /// - Throws: `RuntimeError` when the example does not fit the model, or the model does not fit the memory.
  public func differences(
    from example: Example, memoryBudget: Int = 1 << 30
  ) throws(RuntimeError) -> [ExampleDifference] {
    let batch = example.inputs.first?.shape.sizes.first ?? 1
    var session = try Session(
      self, heads: example.heads.map { $0.head }, batch: batch, memoryBudget: memoryBudget)
    for input in example.inputs where session.plan.inputs.contains(where: { $0.name == input.name })
    {
      try session.setInput(input.name, to: input.values.span)
    }
    try session.run()
    var differences: [ExampleDifference] = []
    for head in example.heads {
      var absolute: Float = 0
      var magnitude: Float = 0
      for expected in head.outputs {
        let found = try session.output(of: head.head, expected.name)
        guard found.count == expected.values.count else {
          throw .wrongCount(expected.name, found: expected.values.count, expected: found.count)
        }
        for index in 0..<found.count {
          let (left, right) = (found[index], expected.values[index])
          magnitude = max(magnitude, abs(right))
          if left == right || left.isNaN && right.isNaN { continue }
          let difference = abs(left - right)
          absolute = difference.isNaN ? .infinity : max(absolute, difference)
        }
      }
      differences.append(
        ExampleDifference(
          head: head.head, absolute: absolute,
          relative: absolute == 0 ? 0 : absolute / magnitude))
    }
    return differences
  }

  /// Runs inputs and keeps what heads give for them.
  ///
  /// - Parameters:
  ///   - inputs: the model's inputs, all of one batch.
  ///   - heads: the heads; nil for all.
  /// - Throws: `RuntimeError` when the inputs do not fit the model.
  public func example(
    inputs: [ExampleTensor], heads: [Name]? = nil
  ) throws(RuntimeError) -> Example {
    let batch = inputs.first?.shape.sizes.first ?? 1
    var session = try Session(self, heads: heads, batch: batch)
    for input in inputs { try session.setInput(input.name, to: input.values.span) }
    try session.run()
    var outputs: [Example.HeadOutputs] = []
    for head in heads ?? self.heads.map({ $0.name }) {
      var tensors: [ExampleTensor] = []
      for output in session.plan.outputs where output.head == head {
        let span = try session.output(of: head, output.name)
        let values = (0..<span.count).map { span[$0] }
        tensors.append(ExampleTensor(name: output.name, shape: output.shape, values: values))
      }
      outputs.append(Example.HeadOutputs(head: head, outputs: tensors))
    }
    return Example(inputs: inputs, heads: outputs)
  }
}
