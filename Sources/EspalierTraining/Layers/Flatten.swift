import EspalierGraph

/// Turns each row's tensor into one axis of numbers, row-major.
public struct Flatten: Layer {
  /// The kind of layer in recipes.
  public static let kind = "flatten"
  /// The name under which heads may read the output.
  public var feature: String?

  /// Declares a flattening.
  public init(feature: String? = nil) {
    self.feature = feature
  }

  /// Adds the layer to a graph.
  public func build(_ input: Tensor, in graph: inout GraphBuilder) throws -> Tensor {
    let sizes = [Operator.Reshape.copied, Operator.Reshape.inferred]
    return try graph.add(.reshape(.init(sizes)), [input])
  }
}
