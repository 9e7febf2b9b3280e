public import EspalierData

/// Everything that a training run depends on.
public struct Experiment: Sendable {
  /// The name, for reports.
  public var name: String
  /// What is trained.
  public var network: Network
  /// On which rows.
  public var split: Split
  /// How.
  public var options: TrainingOptions

  /// Describes a training run.
  public init(name: String, network: Network, split: Split = Split(), options: TrainingOptions) {
    self.name = name
    self.network = network
    self.split = split
    self.options = options
  }
}

/// How parameters follow their gradients.
public enum Optimizer: Sendable, Equatable {
  /// Stochastic gradient descent with momentum: `v ← μ v + g; w ← w − η v`.
  case sgd(momentum: Double = 0.9)
  /// Adam (Kingma and Ba, 2015) with bias correction.
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
}

/// How the learning rate changes over a run.
public enum Schedule: String, Sendable, CaseIterable {
  /// It does not.
  case constant
  /// It falls to zero along half a cosine wave (Loshchilov and Hutter, 2017).
  case cosine
}

/// How a network is trained.
public struct TrainingOptions: Sendable, Equatable {
  /// The passes over the training rows.
  public var epochs: Int
  /// The rows of a step.
  public var batchSize: Int
  /// How parameters follow their gradients.
  public var optimizer: Optimizer
  /// The step size η.
  public var learningRate: Double
  /// How the learning rate changes.
  public var schedule: Schedule
  /// The seed of the split, the initial parameters and the order of the rows.
  public var seed: UInt64

  /// Describes a training.
  public init(
    epochs: Int, batchSize: Int = 32, optimizer: Optimizer = .adam(), learningRate: Double = 1e-3,
    schedule: Schedule = .constant, seed: UInt64 = 0
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.seed = seed
  }
}
