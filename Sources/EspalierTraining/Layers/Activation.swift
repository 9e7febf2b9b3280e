import EspalierGraph

/// A function of each element; as a layer, or at the end of one.
public enum Activation: String, Layer, CaseIterable {
  /// The element as it is.
  case linear
  /// `max(x, 0)`.
  case relu
  /// `1 / (1 + e⁻ˣ)`.
  case sigmoid
  /// The hyperbolic tangent.
  case tanh

  /// The kind of layer in recipes.
  public static let kind = "activation"
  /// The name under which heads may read the output.
  public var feature: String? { nil }

  /// What the variance of initial weights is multiplied by so that activations keep their scale (He et al., 2015, for
  /// relu; LeCun et al., 1998, for the others).
  var gain: Double { self == .relu ? 2 : 1 }

  /// Adds the layer to a graph.
  public func build(_ input: Tensor, in graph: inout GraphBuilder) throws -> Tensor {
    switch self {
    case .linear: input
    case .relu: try graph.add(.unary(.init(.relu)), [input])
    case .sigmoid: try graph.add(.unary(.init(.sigmoid)), [input])
    case .tanh: try graph.add(.unary(.init(.tanh)), [input])
    }
  }
}
