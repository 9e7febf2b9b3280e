import EspalierGraph
import EspalierRuntime

/// Memory and order of a forward and backward pass over a fixed number of rows; a pass allocates nothing.
final class TrainingStep {
  /// The number of rows.
  let batch: Int
  private let plan: Plan
  private let tensors: TensorTable
  private let gradients: GradientTable
  private let backward: [StepGradient]
  private let store: ParameterStore

  /// Plans all heads of a network for a number of rows.
  init(_ network: CompiledNetwork, store: ParameterStore, batch: Int) throws {
    self.batch = batch
    self.store = store
    plan = try Self.plan(network, batch: batch)
    guard let values = store.values.baseAddress else {
      preconditionFailure("a network without parameters")
    }
    let tensors = TensorTable(plan: plan) { graph, index in
      UnsafeMutableRawPointer(values + store.offset(graph: graph, index: index))
    }
    let gradients = GradientTable(plan, store: store)
    backward = plan.steps.reversed().compactMap { step in
      guard let outputGradient = gradients[step.output] else { return nil }
      return StepGradient(
        step: step, tensors: tensors,
        inputGradients: step.inputs.map { gradients[$0] }, outputGradient: outputGradient,
        scratch: gradients.scratch)
    }
    self.tensors = tensors
    self.gradients = gradients
  }

  /// Plans all heads of a network; tensors and gradients together may take the memory of the machine.
  ///
  /// - Throws: `RuntimeError.outOfMemory` with the bytes of the tensors alone.
  static func plan(_ network: CompiledNetwork, batch: Int) throws(RuntimeError) -> Plan {
    try Plan(
      network.model, heads: nil, sizes: SymbolSizes(batch: batch),
      memoryBudget: Memory.byteCount / 2, for: .training)
  }

  /// The rows' input elements, row-major, to be filled before a pass.
  var input: UnsafeMutableBufferPointer<Float> { tensors[plan.inputs[0].slot] }

  /// The outputs of a head's last layer, row-major.
  func output(head: Int) -> UnsafeMutableBufferPointer<Float> { tensors[plan.outputs[head].slot] }

  /// The gradient by the outputs of a head's last layer, to be filled between the passes.
  func outputGradient(head: Int) -> UnsafeMutableBufferPointer<Float>? {
    gradients[plan.outputs[head].slot]
  }

  /// Computes the outputs of all heads.
  func runForward() {
    for step in plan.steps { step.run(on: tensors) }
  }

  /// Sets all gradients to zero; output gradients are filled after it.
  func clearGradients() {
    gradients.clear()
    store.gradients.update(repeating: 0)
  }

  /// Adds the gradients by the trained parameters that the output gradients imply.
  func runBackward() {
    for step in backward { step.run() }
  }
}
