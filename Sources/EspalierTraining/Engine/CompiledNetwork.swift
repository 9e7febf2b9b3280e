internal import EspalierData
import EspalierGraph

/// A declared network as a model whose heads end in logits or standardised values, and which parameters are trained.
struct CompiledNetwork: Sendable {
  /// The model; its heads stand in the order of the declaration and have one output each.
  let model: Model
  /// For the trunk's graph and then each head's, whether each parameter is trained.
  let trainable: [[Bool]]

  /// Builds the graphs and draws the initial parameters.
  ///
  /// - Throws: `NetworkError` for the first layer that does not fit.
  init(_ network: Network, seed: UInt64) throws {
    let random = RandomSource(seed: seed).derived("parameters")
    var trunk = try TrunkBuilder(network, random: random)
    var heads: [(head: Model.Head, trainable: [Bool])] = []
    // Compared as text, as the keys of recipes and records are.
    var names: Set<String> = []
    for head in network.heads {
      guard names.insert(head.name).inserted else {
        throw NetworkError(
          place: .head(head.name, layer: nil), "two heads are named \(head.name)")
      }
      let feature = try trunk.feature(readBy: head)
      heads.append(try Self.build(head, reading: feature, random: random))
    }
    let (graph, trunkTrainable) = trunk.finish()
    model = try Model(
      trunk: Model.Trunk(graph: graph, columns: [network.input.tableColumns]),
      heads: heads.map(\.head))
    trainable = [trunkTrainable] + heads.map(\.trainable)
  }

  private static func build(
    _ head: Head, reading feature: (name: String, tensor: Tensor), random: RandomSource
  ) throws -> (head: Model.Head, trainable: [Bool]) {
    var builder = GraphBuilder(random: random.derived("head " + head.name))
    let row = Shape(Array(feature.tensor.shape.sizes.dropFirst()))
    var tensor = builder.input(
      Name(feature.name), row: row, isTrained: feature.tensor.isTrained)
    for (index, layer) in head.layers.enumerated() {
      tensor = try build(
        layer, tensor, at: .head(head.name, layer: index), in: &builder)
    }
    let count = head.task.outputCount
    guard tensor.shape.rank == 2, tensor.shape.last == count else {
      let last = head.layers.isEmpty ? nil : head.layers.count - 1
      throw NetworkError(
        place: .head(head.name, layer: last), key: head.layers.last is Dense ? "units" : nil,
        "the head gives \(tensor.rowDescription) numbers for each row, but its task "
          + "needs \(count)" + (head.layers.last is Dense ? "" : "; end it with dense: \(count)"))
    }
    guard tensor.isTrained else {
      throw NetworkError(
        place: .head(head.name, layer: nil),
        "no layer before its output has parameters; there is nothing to train")
    }
    guard head.loss.fits(head.task) else {
      throw NetworkError(
        place: .head(head.name, layer: nil), key: "loss",
        "\(head.loss.name) does not fit the task; \(head.task.usualLoss.name) does")
    }
    guard head.weight.isFinite, head.weight >= 0 else {
      throw NetworkError(
        place: .head(head.name, layer: nil), key: "weight",
        "a weight of \(head.weight) is not possible; it must be 0 or more")
    }
    let (graph, trainable) = builder.finish(outputs: [(head.task.trainedOutput, tensor)])
    let built = Model.Head(
      name: Name(head.name), sources: [.feature(Name(feature.name))], graph: graph,
      description: HeadDescription(task: head.task.kind))
    return (built, trainable)
  }

  /// Builds one layer, turning a `LayerError` into a `NetworkError` with its place.
  static func build(
    _ layer: any Layer, _ input: Tensor, at place: NetworkPlace, in graph: inout GraphBuilder
  ) throws -> Tensor {
    graph.beginLayer(type(of: layer).kind)
    do {
      return try layer.build(input, in: &graph)
    } catch let error as LayerError {
      throw NetworkError(place: place, key: error.key, error.description)
    }
  }
}

/// Builds the trunk's graph and hands out its features.
private struct TrunkBuilder {
  /// The name of the last layer's output.
  static let lastFeature = "trunk"

  private var builder: GraphBuilder
  private var features: [(name: String, tensor: Tensor)] = []
  private var used: Set<Name> = []

  init(_ network: Network, random: RandomSource) throws {
    let input = network.input
    let isPossible =
      !input.shape.isEmpty && input.shape.count < Shape.maximumRank
      && input.shape.allSatisfy { (1...1 << 24).contains($0) }
    guard isPossible, let count = Shape(input.shape).checkedElementCount else {
      throw NetworkError(
        place: .input, key: "shape", "\(input.shape) is not a possible shape of a row")
    }
    guard count == input.columns.count else {
      throw NetworkError(
        place: .input, key: "shape",
        "\(Shape(input.shape)) is \(count) numbers for each row, but \(input.columns.count) "
          + "columns are given")
    }
    builder = GraphBuilder(random: random.derived("trunk"))
    var tensor = builder.input(Name(input.name), row: Shape(input.shape))
    tensor = try builder.normalized(tensor, scale: input.scale, offset: input.offsetInside)
    for (index, layer) in network.trunk.layers.enumerated() {
      let place = NetworkPlace.trunk(layer: index)
      tensor = try CompiledNetwork.build(layer, tensor, at: place, in: &builder)
      guard let name = layer.feature else { continue }
      guard !name.isEmpty, name != Self.lastFeature, !hasFeature(Name(name))
      else {
        throw NetworkError(
          place: place, key: "feature", "the feature name \(name) is taken")
      }
      features.append((name, tensor))
    }
    features.append((Self.lastFeature, tensor))
  }

  private func hasFeature(_ name: Name) -> Bool { features.contains { Name($0.name) == name } }

  mutating func feature(readBy head: Head) throws -> (name: String, tensor: Tensor) {
    let wanted = head.feature ?? Self.lastFeature
    guard let feature = features.first(where: { Name($0.name) == Name(wanted) }) else {
      throw NetworkError(
        place: .head(head.name, layer: nil), key: "reads",
        "the trunk has no feature \(wanted); it has "
          + features.map(\.name).joined(separator: ", "))
    }
    used.insert(Name(feature.name))
    return feature
  }

  func finish() -> (graph: Graph, trainable: [Bool]) {
    builder.finish(outputs: features.filter { used.contains(Name($0.name)) })
  }
}

extension GraphBuilder {
  /// Multiplies by a scale and adds an offset, leaving out what changes nothing.
  mutating func normalized(_ input: Tensor, scale: Double, offset: Double) throws -> Tensor {
    beginLayer("normalization")
    var tensor = input
    if scale != 1 {
      tensor = try add(.binary(.init(.multiply)), [tensor, constant("scale", [1], [Float(scale)])])
    }
    if offset != 0 {
      tensor = try add(.binary(.init(.add)), [tensor, constant("offset", [1], [Float(offset)])])
    }
    return tensor
  }
}

extension Task {
  /// The task's kind in files.
  var kind: TaskKind {
    switch self {
    case .classification: .classification
    case .binary: .binary
    case .regression: .regression
    }
  }

  /// What the last layer's output is called.
  var trainedOutput: String {
    switch self {
    case .classification: "logits"
    case .binary: "logit"
    case .regression: "value"
    }
  }
}
