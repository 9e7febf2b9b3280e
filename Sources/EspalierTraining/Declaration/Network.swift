public import EspalierData

/// A declared network: its inputs, one trunk, and the heads.
///
/// ```swift
/// let network = Network {
///   Input("image", shape: [8, 8, 1], columns: pixels, scale: 1 / 16)
///   Trunk {
///     Conv2D(16, kernel: 3, activation: .relu)
///     Flatten()
///   }
///   Head("digit", .classification(labels: digits)) { Dense(10) }
/// }
/// ```
public struct Network: Sendable {
  /// What is fed to the trunk.
  public var input: Input
  /// The shared layers.
  public var trunk: Trunk
  /// The answers.
  public var heads: [Head]

  /// Makes a network of its parts.
  public init(input: Input, trunk: Trunk, heads: [Head]) {
    self.input = input
    self.trunk = trunk
    self.heads = heads
  }

  /// Makes a network of an input, a trunk and heads, in this order.
  public init(@NetworkBuilder _ parts: () -> Network) {
    self = parts()
  }
}

/// Collects the parts of a network declaration.
@resultBuilder public enum NetworkBuilder {
  /// Joins the parts.
  public static func buildBlock(_ input: Input, _ trunk: Trunk, _ heads: Head...) -> Network {
    Network(input: input, trunk: trunk, heads: heads)
  }
}

/// An input tensor that is made of table columns.
public struct Input: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The sizes without the batch, such as `[8, 8, 1]` for height, width, channels.
  public var shape: [Int]
  /// The table columns of one row's elements, row-major.
  public var columns: [String]
  /// What every element is multiplied by inside the network.
  public var scale: Double
  /// What is added to every element after the scale; see `mean` for where a large one is added.
  public var offset: Double

  /// Declares an input; the network computes `number · scale + offset` first, of the numbers of the table.
  public init(
    _ name: String, shape: [Int], columns: [String], scale: Double = 1, offset: Double = 0
  ) {
    self.name = name
    self.shape = shape
    self.columns = columns
    self.scale = scale
    self.offset = offset
  }
}

/// The layers that all heads share.
public struct Trunk: Sendable {
  /// The layers, each reading the one before it.
  public var layers: [any Layer]

  /// Declares the trunk.
  public init(layers: [any Layer]) {
    self.layers = layers
  }

  /// Declares the trunk.
  public init(@LayerBuilder _ layers: () -> [any Layer]) {
    self.layers = layers()
  }
}

/// One answer: its layers, the task that they are trained for, and how.
public struct Head: Sendable {
  /// The name.
  public var name: String
  /// What kind of answer it is.
  public var task: Task
  /// The table column of the target.
  public var target: String
  /// The feature that the first layer reads; nil for the trunk's last layer.
  public var feature: String?
  /// What is minimised.
  public var loss: any Loss
  /// The weight of the loss in the sum over the heads.
  public var weight: Double
  /// The layers; the last one gives the logits of a classification or the values of a regression.
  public var layers: [any Layer]

  /// Declares a head.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - task: what kind of answer it is.
  ///   - target: the table column of the target; the head's name when nil.
  ///   - feature: the feature that the first layer reads; the trunk's last layer when nil.
  ///   - loss: what is minimised; the task's usual loss when nil.
  ///   - weight: the weight of the loss in the sum over the heads.
  ///   - layers: the layers.
  public init(
    _ name: String, _ task: Task, target: String? = nil, feature: String? = nil,
    loss: (any Loss)? = nil, weight: Double = 1, @LayerBuilder _ layers: () -> [any Layer]
  ) {
    self.init(
      name: name, task: task, target: target, feature: feature, loss: loss, weight: weight,
      layers: layers())
  }

  /// Declares a head of a list of layers.
  public init(
    name: String, task: Task, target: String? = nil, feature: String? = nil,
    loss: (any Loss)? = nil, weight: Double = 1, layers: [any Layer]
  ) {
    self.name = name
    self.task = task
    self.target = target ?? name
    self.feature = feature
    self.loss = loss ?? task.usualLoss
    self.weight = weight
    self.layers = layers
  }
}
