import EspalierGraph

/// The largest element of each window, for each channel.
public struct MaxPool2D: Layer {
  /// The kind of layer in recipes.
  public static let kind = "max_pool2d"
  /// The height and width of the window.
  public var size: Int
  /// The step along height and width.
  public var stride: Int
  /// The name under which heads may read the output.
  public var feature: String?

  /// Declares a pooling; the stride is the window's size when nil.
  public init(_ size: Int, stride: Int? = nil, feature: String? = nil) {
    self.size = size
    self.stride = stride ?? size
    self.feature = feature
  }

  /// Adds the layer to a graph.
  public func build(_ input: Tensor, in graph: inout GraphBuilder) throws -> Tensor {
    try pool(.maximum, input, size: size, stride: stride, kind: Self.kind, in: &graph)
  }
}

/// The mean of each window, for each channel.
public struct AveragePool2D: Layer {
  /// The kind of layer in recipes.
  public static let kind = "average_pool2d"
  /// The height and width of the window.
  public var size: Int
  /// The step along height and width.
  public var stride: Int
  /// The name under which heads may read the output.
  public var feature: String?

  /// Declares a pooling; the stride is the window's size when nil.
  public init(_ size: Int, stride: Int? = nil, feature: String? = nil) {
    self.size = size
    self.stride = stride ?? size
    self.feature = feature
  }

  /// Adds the layer to a graph.
  public func build(_ input: Tensor, in graph: inout GraphBuilder) throws -> Tensor {
    try pool(.average, input, size: size, stride: stride, kind: Self.kind, in: &graph)
  }
}

private func pool(
  _ function: Operator.Pooling.Function, _ input: Tensor, size: Int, stride: Int, kind: String,
  in graph: inout GraphBuilder
) throws -> Tensor {
  try expectImage(input, kind)
  let window = try squareWindow(input, kernel: size, key: "size", stride: stride, same: false)
  return try graph.add(.pooling(.init(function, window: window)), [input])
}
