/// A piece of a network that turns one tensor into another.
public protocol Layer: Sendable {
  /// The kind of layer, as it is called in recipes; layers are named after it in messages and files.
  static var kind: String { get }

  /// The name under which heads may read the output, or nil.
  var feature: String? { get }

  /// Adds the layer's nodes and parameters to a graph.
  ///
  /// - Parameters:
  ///   - input: the tensor that the layer reads.
  ///   - graph: the graph that grows.
  /// - Returns: the layer's output.
  /// - Throws: `LayerError` when the input's shape does not fit.
  func build(_ input: Tensor, in graph: inout GraphBuilder) throws -> Tensor
}

/// Why a layer does not fit where it stands.
public struct LayerError: Error, Equatable, CustomStringConvertible {
  /// The layer's parameter that is wrong, as it is called in recipes; nil when the layer as a whole does not fit.
  public let key: String?
  /// What is wrong and what would be right.
  public let description: String

  /// Makes an error.
  public init(key: String? = nil, _ description: String) {
    self.key = key
    self.description = description
  }
}

/// Collects the layers of a trunk or head; `if` and `for` work.
@resultBuilder public enum LayerBuilder {
  /// One layer.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// Layers in a row.
  public static func buildBlock(_ layers: [any Layer]...) -> [any Layer] { layers.flatMap { $0 } }
  /// Layers behind an `if`.
  public static func buildOptional(_ layers: [any Layer]?) -> [any Layer] { layers ?? [] }
  /// Layers of the first branch.
  public static func buildEither(first layers: [any Layer]) -> [any Layer] { layers }
  /// Layers of the second branch.
  public static func buildEither(second layers: [any Layer]) -> [any Layer] { layers }
  /// Layers of a loop.
  public static func buildArray(_ layers: [[any Layer]]) -> [any Layer] { layers.flatMap { $0 } }
}
