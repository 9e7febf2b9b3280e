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
  ///   - left: a model.
  ///   - right: the model that it is compared with, whose outputs are the measure.
  ///   - inputs: elements for inputs, as bytes, and what symbols are bound to by their shapes; others are drawn.
  /// - Throws: `RuntimeError` when a model does not fit the inputs.
  public init(
    _ left: Model, _ right: Model, inputs: [GivenInput] = [], memoryBudget: Int = 1 << 34
  ) throws {
    let bound = left.symbolSizes(inputs)
    // Sizes that nobody gave are tried as they were checked, and larger.
    for round in 0..<(bound.isEmpty && left.hasSymbols ? 2 : 1) {
      let sizes = left.sizes(bound, round: round)
      try compare(left, right, inputs, sizes, seed: UInt64(round + 1), memoryBudget)
    }
  }

  private mutating func compare(
    _ left: Model, _ right: Model, _ inputs: [GivenInput], _ sizes: SymbolSizes, seed: UInt64,
    _ memoryBudget: Int
  ) throws {
    let heads = left.heads.map(\.name).filter { right.head(named: $0) != nil }
    let limits = left.trunk.graph.inputs.map { left.indexLimit(of: $0.name, sizes) }
    let first = try Self.outputs(left, heads, inputs, limits, sizes, seed: seed, memoryBudget)
    let second = try Self.outputs(right, heads, inputs, limits, sizes, seed: seed, memoryBudget)
    for (head, (found, expected)) in zip(heads, zip(first, second)) {
      var difference = HeadDifference(head: head, absolute: 0, relative: 0, count: found.count)
      var magnitude = 0.0
      for (x, y) in zip(found, expected) {
        if y.isFinite { magnitude = max(magnitude, y.magnitude) }
        guard x != y, !(x.isNaN && y.isNaN) else { continue }
        let distance = (x - y).magnitude
        difference.absolute = max(difference.absolute, distance.isNaN ? .infinity : distance)
      }
      if found.count != expected.count { difference.absolute = .infinity }
      difference.relative =
        difference.absolute == 0 ? 0 : difference.absolute / max(magnitude, .leastNormalMagnitude)
      add(difference)
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

  /// The numbers that each of some heads gives; integers drawn for an input are below its limit.
  private static func outputs(
    _ model: Model, _ heads: [Name], _ inputs: [GivenInput], _ limits: [Int],
    _ sizes: SymbolSizes, seed: UInt64, _ memoryBudget: Int
  ) throws -> [[Double]] {
    var session = try Session(model, heads: heads, sizes: sizes, memoryBudget: memoryBudget)
    var random = InputNumbers(seed: seed)
    for (input, limit) in zip(model.trunk.graph.inputs, limits) {
      guard let planned = session.plan.inputs.first(where: { $0.name == input.name }) else {
        continue
      }
      if let given = inputs.first(where: { $0.name == input.name }) {
        try given.storage.withBytes { bytes throws(RuntimeError) in
          try session.setInput(input.name, element: given.element, bytes: bytes)
        }
        continue
      }
      let bytes = random.bytes(planned.element, count: planned.shape.elementCount, below: limit)
      try session.setInput(input.name, element: planned.element, bytes: bytes.span.bytes)
    }
    try session.run()
    return try heads.compactMap { name in
      guard let head = model.head(named: name) else { return nil }
      return try session.doubles(of: name, head.graph.outputs[0].name)
    }
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
