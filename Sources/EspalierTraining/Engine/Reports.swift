/// What every head reaches on some rows.
public struct Evaluation: Sendable {
  /// The weighted sum of the losses.
  public let objective: Double
  /// The loss of each head, without its weight.
  public let losses: [Double]
  /// The metrics of each head.
  public let metrics: [[(name: String, value: Double)]]
  /// For each head the first row of the dataset whose answer or loss is not a finite number; nil when all are.
  public let overflows: [Int?]
}

/// What happened in an epoch.
public struct EpochReport: Sendable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// The step size.
  public let learningRate: Double
  /// The mean loss of each head over the epoch's batches, while the parameters moved.
  public let trainingLosses: [Double]
  /// What the heads reach on the validation rows; nil when there are none.
  public let validation: Evaluation?
  /// Whether the epoch is the best so far.
  public let isBest: Bool
}

/// The epoch with the lowest validation objective, or the last one when there are no validation rows.
public struct BestEpoch: Sendable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// The weighted sum of its validation losses.
  public let objective: Double
  /// The numbers of all parameters after it.
  let values: [Float]
}

/// Why a training cannot start or go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// An option has a value that is not possible.
  case badOption(key: String, message: String)
  /// A loss is infinite or not a number.
  case notFinite(head: String, epoch: Int)
  /// A saved state belongs to another network.
  case stateMismatch(String)
  /// The tensors of a batch take more memory than there is.
  case outOfMemory(batch: Int, needed: Int, available: Int)

  /// What is wrong and what would be right.
  public var description: String {
    switch self {
    case .badOption(let key, let message): "\(key): \(message)"
    case .notFinite(let head, let epoch):
      "the loss of head \(head) is not finite in epoch \(epoch); lower the learning rate or scale "
        + "the input to about -1...1"
    case .outOfMemory(let batch, let needed, let available):
      "the tensors of a batch of \(batch) rows and their gradients take \(Memory.text(needed)), and this "
        + "machine has \(Memory.text(available)); lower batch_size, or make the layers smaller"
    case .stateMismatch(let what): "the saved state does not belong to this network: \(what)"
    }
  }
}

/// Sums losses over batches of different sizes.
struct LossSums {
  private var sums: [Double]
  private var rows = 0

  init(heads: Int) {
    sums = Array(repeating: 0, count: heads)
  }

  mutating func add(_ losses: [Double], rows: Int) {
    for (index, loss) in losses.enumerated() { sums[index] += loss * Double(rows) }
    self.rows += rows
  }

  var means: [Double] { sums.map { $0 / Double(max(rows, 1)) } }
}

extension TrainingOptions {
  /// Refuses options that cannot be trained with.
  func validate() throws {
    func expect(_ condition: Bool, _ key: String, _ message: String) throws {
      guard condition else { throw TrainingError.badOption(key: key, message: message) }
    }
    try expect((1...1_000_000).contains(epochs), "epochs", "\(epochs) is not within 1...1000000")
    try expect(
      (1...1 << 20).contains(batchSize), "batch_size", "\(batchSize) is not within 1...\(1 << 20)")
    try expect(
      learningRate.isFinite && learningRate > 0, "learning_rate", "\(learningRate) is not above 0")
    switch optimizer {
    case .sgd(let momentum):
      try expect((0..<1).contains(momentum), "momentum", "\(momentum) is not within 0..<1")
    case .adam(let beta1, let beta2, let epsilon):
      try expect((0..<1).contains(beta1), "beta1", "\(beta1) is not within 0..<1")
      try expect((0..<1).contains(beta2), "beta2", "\(beta2) is not within 0..<1")
      try expect(epsilon > 0 && epsilon.isFinite, "epsilon", "\(epsilon) is not above 0")
    }
  }
}
