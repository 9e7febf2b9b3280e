/// Where an input of a head's graph comes from.
public enum HeadSource: Sendable, Hashable {
  /// An output of the trunk.
  case feature(Name)
  /// An output of another head.
  case head(Name, output: Name)
}

/// What a head's outputs mean; the raw value is its number in files.
public enum TaskKind: UInt32, Sendable, CaseIterable {
  /// One of several classes; the outputs are their probabilities.
  case classification = 1
  /// Yes or no; the output is the probability of yes.
  case binary = 2
  /// Numbers in their own unit.
  case regression = 3

  /// The kind's name in recipes and reports.
  public var label: String {
    switch self {
    case .classification: "classification"
    case .binary: "binary"
    case .regression: "regression"
    }
  }
}

/// A figure that a head reached on held-out data.
public struct Metric: Sendable, Equatable {
  /// What was measured, such as `accuracy`.
  public let name: Name
  /// On which rows, such as `test`.
  public let split: Name
  /// The figure.
  public let value: Double

  /// Makes a metric.
  public init(name: Name, split: Name, value: Double) {
    self.name = name
    self.split = split
    self.value = value
  }
}

/// What a head's outputs mean and how it was trained.
public struct HeadDescription: Sendable, Equatable {
  /// What kind of answer the head gives.
  public let task: TaskKind
  /// The classes in the order of the outputs; for a binary head no, then yes; for a regression the outputs.
  public let labels: [Name]
  /// The unit of a regression's outputs, empty when there is none.
  public let unit: Name
  /// The probability from which a binary head says yes.
  public let threshold: Double
  /// The mean that training targets were shifted by.
  public let targetMean: Double
  /// The standard deviation that training targets were divided by.
  public let targetDeviation: Double
  /// The loss that the head was trained with.
  public let loss: Name
  /// The weight of that loss in the sum of all heads.
  public let lossWeight: Double
  /// What the head reached on held-out data.
  public package(set) var metrics: [Metric]
  /// The temperature that calibrates the probabilities: the graph divides the logits by it.
  public let temperature: Double
  /// The levels that the outputs of a quantile regression estimate, ascending; empty for any other head.
  public let quantiles: [Double]

  /// Describes a head.
  public init(
    task: TaskKind, labels: [Name] = [], unit: Name = "", threshold: Double = 0.5,
    targetMean: Double = 0, targetDeviation: Double = 1, loss: Name = "", lossWeight: Double = 1,
    metrics: [Metric] = [], temperature: Double = 1, quantiles: [Double] = []
  ) {
    self.task = task
    self.labels = labels
    self.unit = unit
    self.threshold = threshold
    self.targetMean = targetMean
    self.targetDeviation = targetDeviation
    self.loss = loss
    self.lossWeight = lossWeight
    self.metrics = metrics
    self.temperature = temperature
    self.quantiles = quantiles
  }
}

extension Model {
  /// One answer of a model: a graph over trunk features, and what its outputs mean.
  public struct Head: Sendable {
    /// The name, unique in the model.
    public let name: Name
    /// Where the graph's inputs come from, one for each.
    public let sources: [HeadSource]
    /// The computation.
    public let graph: Graph
    /// What the outputs mean.
    public let description: HeadDescription

    /// Makes a head.
    public init(name: Name, sources: [HeadSource], graph: Graph, description: HeadDescription) {
      self.name = name
      self.sources = sources
      self.graph = graph
      self.description = description
    }
  }
}
