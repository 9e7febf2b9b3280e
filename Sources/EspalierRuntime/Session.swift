public import EspalierGraph

/// The memory with which one thread runs an executable.
///
/// ```swift
/// var session = try Session(model, heads: ["even"], batch: 16)
/// try session.setInput("image", to: pixels)
/// try session.run()
/// let probabilities = try session.output(of: "even")
/// ```
/// Sessions share executable and model; each belongs to one thread at a time. Running allocates nothing.
public struct Session: ~Copyable {
  /// What is computed.
  public let executable: Executable
  /// Whether an index that names no position is taken as the nearest one.
  ///
  /// Otherwise `run` refuses it: a row outside of an embedding, for example. Lengths of sequences alike.
  public var clampsIndices = false
  let tensors: TensorTable
  var isGiven: [Bool]
  /// For each output the caller's memory for it.
  var boundOutputs: [UnsafeMutableRawBufferPointer?]
  /// For each step the slots that nothing reads after it, when tensors have memory of their own.
  private let released: [[Int]]?

  /// Allocates the memory that an executable needs: its plan's `arenaByteCount`.
  public init(_ executable: Executable) {
    self.executable = executable
    tensors = TensorTable(executable)
    isGiven = executable.plan.inputs.map { _ in false }
    boundOutputs = executable.plan.outputs.map { _ in nil }
    released = executable.plan.purpose == .reference ? executable.plan.releasedSlots : nil
  }

  /// Lowers the chosen heads and allocates their memory.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - heads: the heads whose outputs are wanted; nil for all.
  ///   - sizes: what the model's symbols are bound to; those that are not named have the size that the model was
  ///     checked with.
  ///   - memoryBudget: the most bytes that the tensors may take, parameters that lie as the model has them not counted.
  ///   - operationBudget: the most operations that one run may take.
  /// - Throws: `RuntimeError` as `Plan` does.
  public init(
    _ model: Model, heads: [Name]? = nil, sizes: SymbolSizes = SymbolSizes(batch: 1),
    memoryBudget: Int = 1 << 30, operationBudget: Int = Int.max
  ) throws(RuntimeError) {
    self.init(
      try Executable(
        model, heads: heads, sizes: sizes, memoryBudget: memoryBudget,
        operationBudget: operationBudget))
  }

  /// Lowers the chosen heads for a number of rows, and allocates their memory.
  ///
  /// - Throws: `RuntimeError` as `Plan` does.
  public init(_ model: Model, heads: [Name]? = nil, batch: Int) throws(RuntimeError) {
    try self.init(model, heads: heads, sizes: SymbolSizes(batch: batch))
  }

  /// Runs the model's nodes as they are, each tensor in memory of its own, for fuzzers to compare with.
  @_spi(Testing) public init(
    reference model: Model, heads: [Name]?, sizes: SymbolSizes, memoryBudget: Int
  ) throws(RuntimeError) {
    let plan = try Plan(
      model, heads: heads, sizes: sizes, memoryBudget: memoryBudget, for: .reference)
    self.init(Executable(model, plan: plan))
  }

  /// What is computed, in which order and where.
  public var plan: Plan { executable.plan }

  /// Copies an input's elements, row-major; they stay until they are given again.
  ///
  /// - Throws: `RuntimeError.unknownInput`, `.wrongElement` or `.wrongCount`.
  public mutating func setInput<Element: TensorElement>(
    _ name: Name, to elements: Span<Element>
  ) throws(RuntimeError) {
    let index = try index(ofInput: name, element: Element.elementType)
    let slot = tensors.elements(plan.inputs[index].slot, as: Element.self)
    guard elements.count == slot.count else {
      throw .wrongCount(name, found: elements.count, expected: slot.count)
    }
    for position in 0..<slot.count { slot[position] = elements[position] }
    isGiven[index] = true
  }

  /// Copies an input's elements from their bytes, little-endian and row-major.
  ///
  /// - Throws: `RuntimeError.unknownInput`, `.wrongElement` or `.wrongCount`.
  public mutating func setInput(
    _ name: Name, element: ElementType, bytes: RawSpan
  ) throws(RuntimeError) {
    let index = try index(ofInput: name, element: element)
    let slot = tensors.bytes(plan.inputs[index].slot)
    guard bytes.byteCount == slot.count else {
      let size = element.byteCount
      throw .wrongCount(name, found: bytes.byteCount / size, expected: slot.count / size)
    }
    bytes.withUnsafeBytes { slot.copyMemory(from: $0) }
    isGiven[index] = true
  }

  func index(
    ofInput name: Name, element: ElementType
  ) throws(RuntimeError) -> Int {
    guard let index = plan.index(ofInput: name) else { throw .unknownInput(name) }
    guard element == plan.inputs[index].element else {
      throw .wrongElement(name, found: element, expected: plan.inputs[index].element)
    }
    return index
  }

  /// Computes the outputs of the chosen heads.
  ///
  /// - Throws: `RuntimeError.missingInput` when an input was never given, `.outOfRange` when an index names nothing,
  ///   unless `clampsIndices`; the outputs are then of no use until the next run.
  public mutating func run() throws(RuntimeError) {
    for (index, input) in plan.inputs.enumerated() where !isGiven[index] {
      throw .missingInput(input.name)
    }
    if let released {
      for (step, slots) in zip(plan.steps, released) {
        tensors.hold(step.output, byteCount: plan.slots[step.output].byteCount)
        try run(step)
        for slot in slots { tensors.release(slot) }
      }
    } else {
      for step in plan.steps { try run(step) }
    }
    fillBoundOutputs()
  }

  private func run(_ step: Step) throws(RuntimeError) {
    if !clampsIndices { try step.validateIndices(on: tensors) }
    step.run(on: tensors)
  }

  /// The elements of a head's output, row-major, as the last run left them.
  ///
  /// - Parameters:
  ///   - head: a chosen head.
  ///   - name: which of its outputs; the first when nil.
  ///   - type: what the elements are.
  /// - Throws: `RuntimeError.unknownOutput` or `.wrongElement`.
  @_lifetime(borrow self)
  public func output<Element: TensorElement>(
    of head: Name, _ name: Name? = nil, as type: Element.Type = Float.self
  ) throws(RuntimeError) -> Span<Element> {
    let output = try output(head, name)
    guard output.element == Element.elementType else {
      throw .wrongElement(output.name, found: Element.elementType, expected: output.element)
    }
    let span = Span(
      _unsafeElements: UnsafeBufferPointer(tensors.elements(output.slot, as: Element.self)))
    return _overrideLifetime(span, borrowing: self)
  }

  /// The bytes of a head's output, little-endian and row-major, as the last run left them.
  ///
  /// - Throws: `RuntimeError.unknownOutput`.
  @_lifetime(borrow self)
  public func outputBytes(of head: Name, _ name: Name? = nil) throws(RuntimeError) -> RawSpan {
    bytes(of: try output(head, name))
  }

  /// The bytes of an output of the plan, as the last run left them.
  @_lifetime(borrow self)
  package func bytes(of output: PlannedOutput) -> RawSpan {
    let span = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(tensors.bytes(output.slot)))
    return _overrideLifetime(span, borrowing: self)
  }

  private func output(_ head: Name, _ name: Name?) throws(RuntimeError) -> PlannedOutput {
    guard let index = plan.index(ofOutput: name, of: head) else {
      throw .unknownOutput(head: head, output: name ?? "")
    }
    return plan.outputs[index]
  }
}
