import EspalierGraph

/// The numbers of all parameters of a network in one allocation, the trained ones first, with their gradients.
final class ParameterStore {
  /// The numbers of trained parameters.
  let trainedCount: Int
  /// All numbers.
  let values: UnsafeMutableBufferPointer<Float>
  /// The gradients of the trained parameters, at the same positions.
  let gradients: UnsafeMutableBufferPointer<Float>
  /// The name, shape and place of every parameter, graph by graph.
  let entries: [(name: String, shape: [Int], range: Range<Int>)]
  private let offsets: [[Int]]

  /// Takes the numbers of a network's parameters.
  init(_ network: CompiledNetwork) {
    let graphs = [network.model.trunk.graph] + network.model.heads.map(\.graph)
    var offsets = graphs.map { graph in graph.parameters.map { _ in 0 } }
    var count = 0
    var trainedCount = 0
    for trained in [true, false] {
      for (graph, flags) in network.trainable.enumerated() {
        for (index, flag) in flags.enumerated() where flag == trained {
          offsets[graph][index] = count
          count += graphs[graph].parameters[index].elementCount
        }
      }
      if trained { trainedCount = count }
    }
    self.offsets = offsets
    self.trainedCount = trainedCount
    let prefixes = ["trunk."] + network.model.heads.map { "heads.\($0.name)." }
    entries = graphs.enumerated().flatMap { graph, list in
      list.parameters.enumerated().map { index, parameter in
        let start = offsets[graph][index]
        return (
          prefixes[graph] + parameter.name.description, parameter.type.shape.sizes,
          start..<start + parameter.elementCount
        )
      }
    }
    values = .allocate(capacity: count)
    gradients = .allocate(capacity: trainedCount)
    gradients.initialize(repeating: 0)
    for (graph, list) in graphs.enumerated() {
      for (index, parameter) in list.parameters.enumerated() {
        let start = values.baseAddress.map { $0 + offsets[graph][index] }
        start?.initialize(from: parameter.values, count: parameter.elementCount)
      }
    }
  }

  deinit {
    values.deallocate()
    gradients.deallocate()
  }

  /// Where a parameter begins; graph 0 is the trunk, graph n + 1 the n-th head.
  func offset(graph: Int, index: Int) -> Int { offsets[graph][index] }

  /// Whether a parameter is trained.
  func isTrained(graph: Int, index: Int) -> Bool { offsets[graph][index] < trainedCount }

  /// A model with the present numbers in place of those of `model`, which has the same parameters.
  func model(like model: Model) throws -> Model {
    func filled(_ graph: Graph, _ number: Int) -> Graph {
      let parameters = graph.parameters.enumerated().map { index, parameter in
        let start = offsets[number][index]
        return Parameter(
          name: parameter.name, shape: parameter.type.shape,
          values: Array(values[start..<start + parameter.elementCount]))
      }
      return Graph(
        inputs: graph.inputs, parameters: parameters, nodes: graph.nodes, outputs: graph.outputs)
    }
    return try Model(
      trunk: model.trunk.replacing(graph: filled(model.trunk.graph, 0)),
      heads: model.heads.enumerated().map { index, head in
        Model.Head(
          name: head.name, sources: head.sources, graph: filled(head.graph, index + 1),
          description: head.description)
      })
  }
}
