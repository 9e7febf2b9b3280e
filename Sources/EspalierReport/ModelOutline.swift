package import EspalierGraph

/// What drawings show of a model: its inputs, the layers of its trunk, its features, and its heads.
package struct ModelOutline {
  /// Something that the trunk reads from outside.
  package struct Input {
    package let name: String
    /// The sizes of one row.
    package let shape: String
  }

  /// A trunk output that heads attach to.
  package struct Feature {
    package let name: String
    package let shape: String
    /// The layer that computes it, counted from 1; 0 and below for inputs.
    package let position: Int
  }

  /// A head in a few words.
  package struct Head {
    package let name: String
    package let task: TaskKind
    package let layers: [Layer]
    /// The sizes of the first output for one row.
    package let shape: String
    package let parameters: Int
    package let labels: [String]
    package let unit: String
    /// What it reads, with the names that are shown for it.
    package let sources: [(parent: Parent, name: String)]
    /// Where it is drawn: on the last head that it reads, otherwise on its latest feature.
    package let parent: Parent
  }

  /// What a head is drawn on.
  package enum Parent: Hashable {
    /// A position in `features`.
    case feature(Int)
    /// A position in `heads`.
    case head(Int)
  }

  package let inputs: [Input]
  package let layers: [Layer]
  package let features: [Feature]
  package let heads: [Head]
  /// The heads that are drawn on something, in order.
  package let children: [Parent: [Int]]
  /// For each head how many heads are drawn on it, directly or further on.
  package let descendants: [Int]

  /// Takes from a model what drawings show.
  package init(_ model: Model) {
    let graph = model.trunk.graph
    let shapes = GraphShapes.list(model)
    let list = LayerList(graph, shapes[0], Scaling(ofInputs: graph))
    var inputs = graph.inputs.map {
      Input(name: "\($0.name)", shape: rowShape($0.dimensions.map(\.description)))
    }
    if inputs.isEmpty { inputs = [Input(name: "constants", shape: "")] }
    self.inputs = inputs
    layers = list.layers
    let features = graph.outputs.map {
      Feature(
        name: "\($0.name)", shape: shapes[0].rowShape(of: $0.value),
        position: list.position(of: $0.value) ?? 0)
    }
    self.features = features
    heads = Self.heads(model, Array(shapes.dropFirst()), features)
    (children, descendants) = Self.branches(heads)
  }

  private static func heads(
    _ model: Model, _ shapes: [GraphShapes], _ features: [Feature]
  ) -> [Head] {
    let featureNumbers = numbers(model.trunk.graph.outputs.map { $0.name })
    let headNumbers = numbers(model.heads.map { $0.name })
    return zip(model.heads, shapes).map { head, shapes in
      let sources = head.sources.compactMap { source in
        source.parent(featureNumbers, headNumbers).map { (parent: $0, name: source.description) }
      }
      let scaling = Scaling(ofTarget: head)
      return Head(
        name: "\(head.name)", task: head.description.task,
        layers: LayerList(head.graph, shapes, scaling).layers,
        shape: head.graph.outputs.first.map { shapes.rowShape(of: $0.value) } ?? "",
        parameters: head.graph.parameterCount - scaling.elementCount,
        labels: head.description.labels.map(\.description), unit: "\(head.description.unit)",
        sources: sources,
        parent: sources.map(\.parent).reduce(sources.first?.parent ?? .feature(0)) {
          later($0, $1, features)
        })
    }
  }

  private static func numbers(_ names: [Name]) -> [Name: Int] {
    Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The one of two that is computed last.
  private static func later(_ left: Parent, _ right: Parent, _ features: [Feature]) -> Parent {
    switch (left, right) {
    case (.head(let first), .head(let second)): .head(max(first, second))
    case (.head, .feature): left
    case (.feature, .head): right
    case (.feature(let first), .feature(let second)):
      features[first].position >= features[second].position ? left : right
    }
  }

  private static func branches(_ heads: [Head]) -> ([Parent: [Int]], [Int]) {
    var children: [Parent: [Int]] = [:]
    var descendants = heads.map { _ in 0 }
    for index in heads.indices.reversed() {
      children[heads[index].parent, default: []].append(index)
      if case .head(let parent) = heads[index].parent {
        descendants[parent] += 1 + descendants[index]
      }
    }
    return (children.mapValues { $0.reversed() }, descendants)
  }

  /// How many heads are drawn on these heads and further on, these included.
  package func total(_ heads: some Sequence<Int>) -> Int {
    heads.reduce(0) { $0 + 1 + descendants[$1] }
  }
}

extension HeadSource {
  fileprivate func parent(_ features: [Name: Int], _ heads: [Name: Int]) -> ModelOutline.Parent? {
    switch self {
    case .feature(let name): features[name].map { .feature($0) }
    case .head(let name, _): heads[name].map { .head($0) }
    }
  }

  /// The feature's name, or the head's and its output's.
  package var description: String {
    switch self {
    case .feature(let name): "\(name)"
    case .head(let name, let output): "\(name).\(output)"
    }
  }
}
