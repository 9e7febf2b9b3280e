internal import EspalierGraph

/// The types of the values of a graph for one row and for two, which tells sizes that grow with the batch.
struct GraphShapes {
  private let graph: Graph
  /// The type of every value for one row.
  let types: [TensorType]
  private let doubled: [TensorType]

  /// Infers the types of a model's graphs: the trunk's, then its heads'.
  static func list(_ model: Model) -> [GraphShapes] {
    let one = try? model.inferTypes(SymbolSizes(batch: 1))
    let two = try? model.inferTypes(SymbolSizes(batch: 2))
    return ([model.trunk.graph] + model.heads.map(\.graph)).enumerated().map { index, graph in
      GraphShapes(graph: graph, types: one?[index] ?? [], doubled: two?[index] ?? [])
    }
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
