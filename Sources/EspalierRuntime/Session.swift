public import EspalierGraph

/// The memory and the plan with which one thread runs chosen heads of a model.
///
/// ```swift
/// var session = try Session(model, heads: ["even"], batch: 16)
/// try session.setInput("image", to: pixels)
/// try session.run()
/// let probabilities = try session.output(of: "even")
/// ```
/// Sessions share the model; each belongs to one thread at a time. Running allocates nothing.
public struct Session: ~Copyable {
  /// What is computed.
  public let plan: Plan
  private let model: Model
  private let tensors: TensorTable
  private var isGiven: [Bool]

  /// Plans the chosen heads and allocates their memory.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - heads: the heads whose outputs are wanted; nil for all.
  ///   - batch: the rows that run at once.
  ///   - memoryBudget: the most bytes that the tensors may take, parameters not counted.
  /// - Throws: `RuntimeError` as `Plan` does.
  public init(
    _ model: Model, heads: [Name]? = nil, batch: Int = 1, memoryBudget: Int = 1 << 30
  ) throws(RuntimeError) {
    plan = try Plan(model, heads: heads, batch: batch, memoryBudget: memoryBudget)
    self.model = model
    tensors = TensorTable(plan: plan, model: model)
    isGiven = plan.inputs.map { _ in false }
  }

  /// Copies an input's elements, row-major; they stay until they are given again.
  ///
  /// - Throws: `RuntimeError.unknownInput` or `.wrongCount`.
  public mutating func setInput(
    _ name: Name, to elements: Span<Float>
  ) throws(RuntimeError) {
    guard let index = plan.inputs.firstIndex(where: { $0.name == name }) else {
      throw .unknownInput(name)
    }
    let slot = tensors[plan.inputs[index].slot]
    guard elements.count == slot.count else {
      throw .wrongCount(name, found: elements.count, expected: slot.count)
    }
    for position in 0..<slot.count { slot[position] = elements[position] }
    isGiven[index] = true
  }

  /// Computes the outputs of the chosen heads.
  ///
  /// - Throws: `RuntimeError.missingInput` when an input was never given.
  public mutating func run() throws(RuntimeError) {
    for (index, input) in plan.inputs.enumerated() where !isGiven[index] {
      throw .missingInput(input.name)
    }
    for step in plan.steps { step.run(on: tensors) }
  }

  /// The elements of a head's output, row-major, as the last run left them.
  ///
  /// - Parameters:
  ///   - head: a chosen head.
  ///   - name: which of its outputs; the first when nil.
  /// - Throws: `RuntimeError.unknownOutput`.
  @_lifetime(borrow self)
  public func output(of head: Name, _ name: Name? = nil) throws(RuntimeError) -> Span<Float> {
    let found = plan.outputs.first { $0.head == head && (name == nil || $0.name == name) }
    guard let found else { throw .unknownOutput(head: head, output: name ?? "") }
    let span = Span(_unsafeElements: UnsafeBufferPointer(tensors[found.slot]))
    return _overrideLifetime(span, borrowing: self)
  }
}
