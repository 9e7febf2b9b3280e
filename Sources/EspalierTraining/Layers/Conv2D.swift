import EspalierGraph

/// A two-dimensional channels-last convolution with a bias and an optional activation.
public struct Conv2D: Layer {
  /// The kind of layer in recipes.
  public static let kind = "conv2d"
  /// The number of output channels.
  public var filters: Int
  /// The height and width of the kernel.
  public var kernel: Int
  /// The step along height and width.
  public var stride: Int
  /// Whether the input is padded so that the output has ceil(input / stride) rows and columns.
  public var same: Bool
  /// The number of independent groups of channels.
  public var groups: Int
  /// The function of each output.
  public var activation: Activation
  /// The name under which heads may read the output.
  public var feature: String?

  /// Declares a convolution.
  public init(
    _ filters: Int, kernel: Int, stride: Int = 1, same: Bool = true, groups: Int = 1,
    activation: Activation = .linear, feature: String? = nil
  ) {
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.same = same
    self.groups = groups
    self.activation = activation
    self.feature = feature
  }

  /// Adds the layer to a graph.
  public func build(_ input: Tensor, in graph: inout GraphBuilder) throws -> Tensor {
    try expectPositive(filters, "filters")
    try expectImage(input, Self.kind)
    try expectPositive(groups, "groups")
    let channels = input.shape.last
    guard channels % groups == 0, filters % groups == 0 else {
      throw LayerError(
        key: "groups", "\(groups) groups divide neither \(channels) channels nor \(filters) filters"
      )
    }
    let window = try squareWindow(input, kernel: kernel, stride: stride, same: same)
    let shape: Shape = [kernel, kernel, channels / groups, filters]
    let fanIn = kernel * kernel * channels / groups
    let weights = try graph.weights("weights", shape, fanIn: fanIn, gain: activation.gain)
    let bias = try graph.zeros("bias", [filters])
    let convolution = Operator.Convolution(window: window, groups: groups)
    let output = try graph.add(.convolution(convolution), [input, weights, bias])
    return try activation.build(output, in: &graph)
  }
}

func expectPositive(_ value: Int, _ key: String) throws {
  guard (1...1 << 24).contains(value) else {
    throw LayerError(key: key, "\(value) \(key); 1 to \(1 << 24) are possible")
  }
}

func expectImage(_ input: Tensor, _ kind: String) throws {
  guard input.shape.rank == 4 else {
    throw LayerError(
      "\(kind) reads images of height, width and channels, but the layer before it gives "
        + "\(input.rowDescription) for each row")
  }
}

/// A window of equal sizes along height and width, checked against the input.
///
/// - Parameter key: what recipes call the window's size.
func squareWindow(
  _ input: Tensor, kernel: Int, key: String = "kernel", stride: Int, same: Bool
) throws -> Operator.Window {
  let sizes = 1...Operator.Window.maximumSize
  guard sizes.contains(kernel) else { throw LayerError(key: key, "\(kernel) is not possible") }
  guard sizes.contains(stride) else { throw LayerError(key: "stride", "\(stride) is not possible") }
  let smallest = min(input.shape[1], input.shape[2])
  guard same || kernel <= smallest else {
    throw LayerError(
      key: key, "a window of \(kernel) does not fit an input of \(input.rowDescription)")
  }
  return Operator.Window(
    kernel: [kernel, kernel], stride: [stride, stride],
    padding: same ? .same : nil)
}
