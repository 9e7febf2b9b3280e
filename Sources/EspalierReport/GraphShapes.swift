internal import EspalierGraph

/// The types of the values of a graph for one row and for two, which tells sizes that grow with the batch.
struct GraphShapes {
  private let graph: Graph
  /// The type of every value for one row.
  let types: [TensorType]
  private let doubled: [TensorType]

  /// Infers the types of the graph of a head, nil for the trunk.
  init(_ graph: Graph, head: Name? = nil) {
    self.graph = graph
    func types(batch: Int) -> [TensorType] {
      (try? graph.inferTypes(inputs: graph.inputs.map { $0.type(batch: batch) }, head: head)) ?? []
    }
    self.types = types(batch: 1)
    doubled = types(batch: 2)
  }

  /// The multiply-adds for one row.
  var multiplyAdds: Int { types.isEmpty ? 0 : graph.multiplyAdds(types: types) }

  /// The sizes of a value; those that grow with the batch say so.
  func sizes(of value: ValueID) -> [String] {
    guard types.indices.contains(value.index), doubled.indices.contains(value.index) else {
      return []
    }
    return zip(types[value.index].shape.sizes, doubled[value.index].shape.sizes).map { one, two in
      one == two ? "\(one)" : one == 1 ? "batch" : "\(one)*batch"
    }
  }

  /// The sizes of a value of one row, such as `8x8x32`.
  func rowShape(of value: ValueID) -> String { EspalierReport.rowShape(sizes(of: value)) }

  /// The element type of a value.
  func element(of value: ValueID) -> String {
    types.indices.contains(value.index) ? types[value.index].element.label : ""
  }
}

/// Sizes without the batch they begin with, joined by `x`.
func rowShape(_ sizes: [String]) -> String {
  let row = sizes.first == "batch" ? sizes.dropFirst() : sizes[...]
  return row.isEmpty ? "scalar" : row.joined(separator: "x")
}

extension Dimension {
  /// The number, or the symbol's name.
  var description: String {
    switch self {
    case .fixed(let size): "\(size)"
    case .symbol(let name): "\(name)"
    }
  }
}
