public import EspalierGraph

/// A trunk that runs once, and heads that run afterwards, each when it is wanted.
///
/// ```swift
/// var session = try StagedSession(model, batch: 1)
/// try session.setInput("image", to: pixels)
/// try session.runTrunk()
/// try session.run(head: "even")
/// let probabilities = try session.output(of: "even")
/// ```
/// Heads read the features where the trunk has left them. Answers are those of a `Session`, bit for bit. For heads in
/// another batch than the trunk's, make executables of the parts `.trunk` and `.heads`.
public struct StagedSession: ~Copyable {
  private var trunk: Session
  private let names: NameTable
  private var heads: Heads
  private var hasRun = false

  /// Sessions in a box, since arrays do not hold what cannot be copied.
  private final class Heads {
    let all: UnsafeMutableBufferPointer<Session>
    private(set) var count = 0

    init(capacity: Int) {
      all = .allocate(capacity: capacity)
    }

    func append(_ session: consuming Session) {
      all.initializeElement(at: count, to: session)
      count += 1
    }

    deinit {
      for index in 0..<count { all.deinitializeElement(at: index) }
      all.deallocate()
    }
  }

  /// Lowers the trunk and each of the chosen heads, and allocates their memory.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - heads: the heads that may be run; nil for all.
  ///   - sizes: what the model's symbols are bound to.
  ///   - memoryBudget: the most bytes that the trunk, and each head, may take.
  /// - Throws: `RuntimeError` as `Plan` does.
  public init(
    _ model: Model, heads chosen: [Name]? = nil, sizes: SymbolSizes = SymbolSizes(batch: 1),
    memoryBudget: Int = 1 << 30
  ) throws(RuntimeError) {
    let executable = try Executable(
      model, heads: chosen, sizes: sizes, part: .trunk, memoryBudget: memoryBudget)
    let heads = Heads(capacity: executable.plan.heads.count)
    for head in executable.plan.heads {
      heads.append(
        Session(
          try Executable(
            model, heads: [head], sizes: sizes, part: .heads, memoryBudget: memoryBudget)))
    }
    names = NameTable(executable.plan.heads)
    trunk = Session(executable)
    self.heads = heads
  }

  /// The inputs that the features depend on.
  public var inputs: [PlannedInput] { trunk.plan.inputs }

  /// Copies an input's elements, row-major; they stay until they are given again.
  ///
  /// - Throws: `RuntimeError.unknownInput`, `.wrongElement` or `.wrongCount`.
  public mutating func setInput<Element: TensorElement>(
    _ name: Name, to elements: Span<Element>
  ) throws(RuntimeError) {
    try trunk.setInput(name, to: elements)
  }

  /// Computes the features.
  ///
  /// - Throws: `RuntimeError` as `Session.run` does.
  public mutating func runTrunk() throws(RuntimeError) {
    try trunk.run()
    hasRun = true
  }

  /// Computes a head over the features that the trunk has computed last.
  ///
  /// - Throws: `RuntimeError.unknownHead`, `.missingInput` when the trunk has not run, and as `Session.run` does.
  public mutating func run(head: Name) throws(RuntimeError) {
    let index = try index(of: head)
    for input in heads.all[index].plan.inputs {
      guard hasRun else { throw .missingInput(input.name) }
      guard let place = trunk.plan.index(ofOutput: input.name, of: Model.Trunk.reservedName)
      else { throw .unknownInput(input.name) }
      let bytes = trunk.tensors.bytes(trunk.plan.outputs[place].slot)
      try heads.all[index].bindInput(
        input.name, element: input.element, to: UnsafeRawBufferPointer(bytes))
    }
    try heads.all[index].run()
  }

  /// The elements of a head's output, row-major, as its last run left them.
  ///
  /// - Throws: `RuntimeError.unknownOutput` or `.wrongElement`.
  @_lifetime(borrow self)
  public func output<Element: TensorElement>(
    of head: Name, _ name: Name? = nil, as type: Element.Type = Float.self
  ) throws(RuntimeError) -> Span<Element> {
    let span = try heads.all[try index(of: head)].output(of: head, name, as: type)
    return _overrideLifetime(span, borrowing: self)
  }

  private func index(of head: Name) throws(RuntimeError) -> Int {
    guard let index = names.position(of: head) else { throw .unknownHead(head) }
    return index
  }
}
