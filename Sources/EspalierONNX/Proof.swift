public import EspalierGraph
internal import EspalierRuntime

/// How far the outputs of a head are apart in two models.
public struct HeadDifference: Sendable, Equatable {
  /// The head.
  public let head: Name
  /// The largest absolute difference; infinite where one is a number and the other is not, or the shapes differ.
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
    try self.init(
      { { _ in left } }, { { _ in right } }, at: Self.sizes(for: right, inputs, limits: limits),
      inputs: inputs, limits: limits)
  }

  /// The sizes that models are compared with: those of given inputs; when they bind no symbol, those that the model is
  /// checked with, odd ones with a batch of one, and large ones.
  public static func sizes(
    for model: Model, _ inputs: [GivenInput] = [], limits: ONNXLimits = ONNXLimits()
  ) -> [SymbolSizes] {
    model.trialSizes(inputs, limits)
  }

  /// Compares models that are not in memory at the same time, of which there may be another one for each size: all of
  /// `right` are made, run and let go of before `left` are made.
  ///
  /// - Parameters:
  ///   - left: gives what gives the model for sizes.
  ///   - right: gives what gives the model that it is compared with for sizes.
  ///   - sizes: the sizes, one after the other.
  public init(
    _ left: () throws -> (SymbolSizes) throws -> Model,
    _ right: () throws -> (SymbolSizes) throws -> Model,
    at sizes: [SymbolSizes], inputs: [GivenInput] = [], limits: ONNXLimits = ONNXLimits()
  ) throws {
    let trials = try Self.trials(try right(), at: sizes, inputs, limits)
    let made = try left()
    for trial in trials {
      let model = try made(trial.sizes)
      let heads = Set(model.heads.map(\.name))
      let answers = trial.answers.filter { heads.contains($0.head) }
      let session = try trial.session(
        model, heads: answers.count == heads.count ? nil : answers.map(\.head), limits)
      let outputs = Dictionary(
        uniqueKeysWithValues: session.plan.firstOutputs.map { ($0.head, $0) })
      let found = answers.compactMap { answer in
        outputs[answer.head].map { output in
          session.bytes(of: output).withUnsafeBytes { HeadDifference(output, $0, answer) }
        }
      }
      differences =
        differences.isEmpty ? found : zip(differences, found).map { $0.largest(with: $1) }
    }
  }

  private static func trials(
    _ made: (SymbolSizes) throws -> Model, at sizes: [SymbolSizes], _ inputs: [GivenInput],
    _ limits: ONNXLimits
  ) throws -> [Trial] {
    try sizes.enumerated().map { round, sizes in
      try Trial(try made(sizes), inputs, sizes, seed: UInt64(round + 1), limits)
    }
  }
}

extension Shape {
  /// Whether a shape is the same but for axes of size 1, which documents drop where nothing says which of them.
  func isSame(as other: Shape) -> Bool {
    sizes.filter { $0 != 1 } == other.sizes.filter { $0 != 1 }
  }
}

extension HeadDifference {
  /// Compares what a head gave in two models.
  fileprivate init(
    _ output: PlannedOutput, _ found: UnsafeRawBufferPointer, _ expected: Answer
  ) {
    let count = output.shape.elementCount
    var absolute = output.shape.isSame(as: expected.type.shape) ? 0 : Double.infinity
    var magnitude = 0.0
    expected.storage.withUnsafeBytes { bytes in
      for index in 0..<min(count, expected.type.shape.elementCount) {
        let x = output.element.number(in: found, at: index)
        let y = expected.type.element.number(in: bytes, at: index)
        if y.isFinite { magnitude = max(magnitude, y.magnitude) }
        guard x != y, !(x.isNaN && y.isNaN) else { continue }
        let distance = (x - y).magnitude
        absolute = max(absolute, distance.isNaN ? .infinity : distance)
      }
    }
    self.init(
      head: expected.head, absolute: absolute,
      relative: absolute == 0 ? 0 : absolute / max(magnitude, .leastNormalMagnitude), count: count)
  }

  /// The larger differences of two runs.
  fileprivate func largest(with other: HeadDifference) -> HeadDifference {
    HeadDifference(
      head: head, absolute: max(absolute, other.absolute), relative: max(relative, other.relative),
      count: count + other.count)
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
