public import EspalierGraph
internal import EspalierRuntime

/// How far the outputs of a head are apart in two models.
public struct HeadDifference: Sendable, Equatable {
  /// The head.
  public let head: Name
  /// The largest absolute difference; infinite where one is a number and the other is not.
  public var absolute: Double
  /// The largest absolute difference by the largest magnitude.
  public var relative: Double
  /// How many numbers were compared.
  public var count: Int
}

/// Runs two models on the same inputs.
public struct ModelComparison: Sendable {
  /// A difference for each head, the largest of all runs.
  public private(set) var differences: [HeadDifference] = []

  /// Compares the first outputs of heads that both models have, from the same inputs.
  ///
  /// - Parameters:
  ///   - left: a model, which has the inputs and the heads of the other one, and may have more.
  ///   - right: the model that it is compared with, whose outputs are the measure.
  ///   - inputs: elements for inputs, as bytes, and what symbols are bound to by their shapes; others are drawn.
  ///   - limits: the most that running a model may take.
  /// - Throws: `RuntimeError` when a model does not fit the inputs, `ProofError` when running takes too much.
  public init(
    _ left: Model, _ right: Model, inputs: [GivenInput] = [], limits: ONNXLimits = ONNXLimits()
  ) throws {
    let bound = left.symbolSizes(inputs)
    // Sizes that nobody gave are tried as they were checked, and larger.
    for round in 0..<(bound.isEmpty && left.hasSymbols ? 2 : 1) {
      let sizes = left.sizes(bound, round: round)
      try compare(left, right, inputs, sizes, seed: UInt64(round + 1), limits)
    }
  }

  private mutating func compare(
    _ left: Model, _ right: Model, _ inputs: [GivenInput], _ sizes: SymbolSizes, seed: UInt64,
    _ limits: ONNXLimits
  ) throws {
    let heads = right.heads.map(\.name).filter { left.head(named: $0) != nil }
    for model in [left, right] { _ = try model.checkedPlan(heads, sizes, limits) }
    let inputs = ProofInputs(given: inputs, left, right, sizes, seed: seed)
    // What the measure gives is kept while the other model runs, which needs less memory the better it is optimized.
    let answers = try Self.answers(of: right, heads, inputs, sizes, limits)
    let session = try Self.ran(left, heads, inputs, sizes, limits)
    for (head, expected) in zip(heads, answers) {
      let element = session.element(of: head)
      let bytes = try session.outputBytes(of: head)
      bytes.withUnsafeBytes { add(HeadDifference(head, element, $0, expected)) }
    }
  }

  private mutating func add(_ difference: HeadDifference) {
    guard let index = differences.firstIndex(where: { $0.head == difference.head }) else {
      return differences.append(difference)
    }
    differences[index].absolute = max(differences[index].absolute, difference.absolute)
    differences[index].relative = max(differences[index].relative, difference.relative)
    differences[index].count += difference.count
  }

  /// A copy of what each head gives.
  private static func answers(
    of model: Model, _ heads: [Name], _ inputs: ProofInputs, _ sizes: SymbolSizes,
    _ limits: ONNXLimits
  ) throws -> [Answer] {
    let session = try ran(model, heads, inputs, sizes, limits)
    return try heads.map { head in
      let bytes = try session.outputBytes(of: head)
      return Answer(
        element: session.element(of: head),
        storage: .filled(byteCount: bytes.byteCount) { target in
          bytes.withUnsafeBytes { target.copyMemory(from: $0) }
        })
    }
  }

  /// A session that has run.
  private static func ran(
    _ model: Model, _ heads: [Name], _ inputs: ProofInputs, _ sizes: SymbolSizes,
    _ limits: ONNXLimits
  ) throws -> Session {
    var session = try Session(
      model, heads: heads, sizes: sizes, memoryBudget: limits.checkedBytes)
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

/// The inputs that two models are run on; those that are not given are drawn, the same ones each time.
private struct ProofInputs {
  private let given: [GivenInput]
  private let inputs: [GraphInput]
  /// What integers of each input are less than.
  private let limits: [Int]
  private let sizes: SymbolSizes
  private let seed: UInt64

  init(given: [GivenInput], _ left: Model, _ right: Model, _ sizes: SymbolSizes, seed: UInt64) {
    self.given = given
    inputs = right.trunk.graph.inputs
    limits = inputs.map {
      min(left.indexLimit(of: $0.name, sizes), right.indexLimit(of: $0.name, sizes))
    }
    self.sizes = sizes
    self.seed = seed
  }

  /// The elements of an input; nil for one that there is not.
  func elements(of name: Name) -> GivenInput? {
    if let given = given.first(where: { $0.name == name }) { return given }
    guard let index = inputs.firstIndex(where: { $0.name == name }),
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
private struct Answer {
  let element: ElementType
  let storage: TensorStorage
}

extension Session {
  /// The type of a head's first output.
  fileprivate borrowing func element(of head: Name) -> ElementType {
    plan.outputs.first { $0.head == head }?.element ?? .float32
  }
}

extension HeadDifference {
  /// Compares what a head gave in two models.
  fileprivate init(
    _ head: Name, _ element: ElementType, _ found: UnsafeRawBufferPointer, _ expected: Answer
  ) {
    let count = found.count / element.byteCount
    let expectedCount = expected.storage.byteCount / expected.element.byteCount
    var absolute = count == expectedCount ? 0 : Double.infinity
    var magnitude = 0.0
    expected.storage.withUnsafeBytes { bytes in
      for index in 0..<min(count, expectedCount) {
        let x = element.number(in: found, at: index)
        let y = expected.element.number(in: bytes, at: index)
        if y.isFinite { magnitude = max(magnitude, y.magnitude) }
        guard x != y, !(x.isNaN && y.isNaN) else { continue }
        let distance = (x - y).magnitude
        absolute = max(absolute, distance.isNaN ? .infinity : distance)
      }
    }
    self.init(
      head: head, absolute: absolute,
      relative: absolute == 0 ? 0 : absolute / max(magnitude, .leastNormalMagnitude), count: count)
  }
}

/// Elements for an input.
public struct GivenInput: Sendable {
  /// The input.
  public let name: Name
  /// The type of the elements.
  public let element: ElementType
  /// The sizes.
  public let shape: Shape
  /// The elements.
  public let storage: TensorStorage

  /// Gives an input.
  public init(name: Name, element: ElementType, shape: Shape, storage: TensorStorage) {
    self.name = name
    self.element = element
    self.shape = shape
    self.storage = storage
  }
}

extension TensorStorage {
  fileprivate func withBytes(_ body: (RawSpan) throws(RuntimeError) -> Void) throws(RuntimeError) {
    try body(bytes)
  }
}

/// Why two models are not compared.
public enum ProofError: Error, Sendable, Equatable {
  /// The tensors of a model need more memory than may be used.
  case memory(needed: Int, limit: Int)
  /// A model needs more operations than may be done.
  case operations(needed: Int, limit: Int)
}

extension ProofError: CustomStringConvertible {
  /// What it would take, in words.
  public var description: String {
    switch self {
    case .memory(let needed, let limit):
      "running it takes \(needed == .max ? "more bytes of memory than can be counted" : "\(needed) bytes of memory"), "
        + "but \(limit) are allowed"
    case .operations(let needed, let limit):
      "running it takes \(needed == .max ? "more operations than can be counted" : "\(needed) operations"), "
        + "but \(limit) are allowed"
    }
  }
}

extension Model {
  /// How it runs; refuses what takes too much memory or time, before anything is allocated.
  fileprivate func checkedPlan(
    _ heads: [Name], _ sizes: SymbolSizes, _ limits: ONNXLimits
  ) throws -> Plan {
    let plan: Plan
    do throws(RuntimeError) {
      plan = try Plan(self, heads: heads, sizes: sizes, memoryBudget: limits.checkedBytes)
    } catch .outOfMemory(let needed, let limit) {
      throw ProofError.memory(needed: needed, limit: limit)
    }
    let operations = try operations(sizes)
    guard operations <= limits.checkedOperations else {
      throw ProofError.operations(needed: operations, limit: limits.checkedOperations)
    }
    return plan
  }

  /// Operations that running all heads takes, about.
  private func operations(_ sizes: SymbolSizes) throws -> Int {
    var sum = 0
    for (graph, types) in zip([trunk.graph] + heads.map(\.graph), try inferTypes(sizes)) {
      for (index, node) in graph.nodes.enumerated() {
        let needed = node.operator.operations(
          inputs: node.inputs.map { types[$0.index] },
          output: types[graph.value(ofNode: index).index])
        sum = sum.saturatingSum(needed)
      }
    }
    return sum
  }
}
