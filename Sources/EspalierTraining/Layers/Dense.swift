import EspalierGraph

/// A fully connected layer of `units` outputs, with a bias and an optional activation.
public struct Dense: Layer {
  /// The kind of layer in recipes.
  public static let kind = "dense"
  /// The number of outputs.
  public var units: Int
  /// The function of each output.
  public var activation: Activation
  /// The name under which heads may read the output.
  public var feature: String?

  /// Declares a fully connected layer.
  public init(_ units: Int, activation: Activation = .linear, feature: String? = nil) {
    self.units = units
    self.activation = activation
    self.feature = feature
  }

  /// Adds the layer to a graph.
  public func build(_ input: Tensor, in graph: inout GraphBuilder) throws -> Tensor {
    guard units > 0 else { throw LayerError(key: "units", "\(units) units; at least 1 is needed") }
    guard input.shape.rank == 2 else {
      throw LayerError(
        "a dense layer reads rows of numbers, but the layer before it gives "
          + "\(input.rowDescription) for each row; put flatten before it")
    }
    let inputs = input.shape.last
    let weights = try graph.weights(
      "weights", [inputs, units], fanIn: inputs, gain: activation.gain)
    let bias = try graph.zeros("bias", [units])
    let output = try graph.add(.dense(.init()), [input, weights, bias])
    return try activation.build(output, in: &graph)
  }
}
