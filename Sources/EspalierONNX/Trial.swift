internal import EspalierGraph
internal import EspalierRuntime

/// Sizes and inputs that models are run with, and what the heads of one of them gave.
struct Trial {
  let sizes: SymbolSizes
  private let inputs: TrialInputs
  private(set) var answers: [Answer] = []

  /// Runs a model with sizes.
  init(
    _ model: Model, _ given: [GivenInput], _ sizes: SymbolSizes, seed: UInt64, _ limits: ONNXLimits
  ) throws {
    self.sizes = sizes
    inputs = try TrialInputs(given: given, of: model, sizes, seed: seed)
    let session = try session(model, heads: nil, limits, for: .reference)
    answers = session.plan.firstOutputs.map { output in
      let bytes = session.bytes(of: output)
      return Answer(
        head: output.head, type: TensorType(output.element, output.shape),
        storage: .filled(byteCount: bytes.byteCount) { target in
          bytes.withUnsafeBytes { target.copyMemory(from: $0) }
        })
    }
  }

  /// A session that has run.
  ///
  /// - Parameters:
  ///   - heads: the heads that are run; nil for all.
  ///   - purpose: whether models run as usual, or share nothing with how they do.
  func session(
    _ model: Model, heads: [Name]?, _ limits: ONNXLimits, for purpose: Plan.Purpose = .inference
  ) throws -> Session {
    let plan = try model.plan(heads, sizes, limits, for: purpose)
    var session = Session(Executable(model, plan: plan))
    // Of indices that are drawn some may name nothing; both models take the nearest position for them.
    session.clampsIndices = true
    for input in session.plan.inputs {
      guard let elements = inputs.elements(of: input.name) else { continue }
      try elements.storage.withBytes { bytes throws(RuntimeError) in
        try session.setInput(input.name, element: elements.element, bytes: bytes)
      }
    }
    try session.run()
    return session
  }
}

/// The inputs that models are run on; those that are not given are drawn, the same ones each time.
private struct TrialInputs {
  private let given: [GivenInput]
  private let givenNames: NameTable
  private let inputs: [GraphInput]
  private let inputNames: NameTable
  /// What drawn integers of each input are less than.
  private let limits: [Int]
  private let sizes: SymbolSizes
  private let seed: UInt64

  init(given: [GivenInput], of model: Model, _ sizes: SymbolSizes, seed: UInt64) throws {
    self.given = given
    givenNames = NameTable(given.map(\.name))
    inputs = model.trunk.graph.inputs
    inputNames = NameTable(inputs.map(\.name))
    limits = model.indexLimits(try model.inferTypes(sizes))
    self.sizes = sizes
    self.seed = seed
  }

  /// The elements of an input; nil for one that there is not.
  func elements(of name: Name) -> GivenInput? {
    if let index = givenNames.position(of: name) { return given[index] }
    guard let index = inputNames.position(of: name),
      let type = inputs[index].type(sizes)
    else { return nil }
    var random = InputNumbers(seed: seed &+ UInt64(index) << 32)
    return GivenInput(
      name: name, element: type.element, shape: type.shape,
      storage: random.elements(
        type.element, count: type.shape.elementCount, below: limits[index]))
  }
}

/// What a head gave.
struct Answer {
  let head: Name
  let type: TensorType
  let storage: TensorStorage
}

extension Plan {
  /// The first output of each head.
  var firstOutputs: [PlannedOutput] {
    var heads: Set<Name> = []
    return outputs.filter { heads.insert($0.head).inserted }
  }
}

extension TensorStorage {
  fileprivate func withBytes(_ body: (RawSpan) throws(RuntimeError) -> Void) throws(RuntimeError) {
    try body(bytes)
  }
}

extension Model {
  /// How it runs; refuses what takes too much memory or time, before anything is allocated.
  fileprivate func plan(
    _ heads: [Name]?, _ sizes: SymbolSizes, _ limits: ONNXLimits, for purpose: Plan.Purpose
  ) throws -> Plan {
    do throws(RuntimeError) {
      return try Plan(
        self, heads: heads, sizes: sizes, memoryBudget: limits.checkedBytes,
        operationBudget: limits.checkedOperations, for: purpose)
    } catch .outOfMemory(let needed, let limit) {
      throw ProofError.memory(needed: needed, limit: limit)
    } catch .tooManyOperations(let needed, let limit) {
      throw ProofError.operations(needed: needed, limit: limit)
    }
  }
}
