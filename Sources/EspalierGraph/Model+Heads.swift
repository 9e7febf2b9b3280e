extension Model {
  /// The heads in the order given, but that each stands behind those that it reads.
  static func ordered(_ heads: [Head]) throws(GraphError) -> [Head] {
    try expectDistinct(heads.map { $0.name }, .head, head: nil)
    if heads.contains(where: { $0.name == Trunk.reservedName }) {
      throw .reservedName(Trunk.reservedName)
    }
    let names = HeadNames(heads)
    var order: [Int] = []
    var state: [Visit] = heads.map { _ in .waiting }
    for first in heads.indices where state[first] == .waiting {
      // Heads that wait for the one above them, with what is left of their sources.
      var path: [(head: Int, source: Int)] = [(first, 0)]
      state[first] = .open
      while let (head, source) = path.last {
        guard source < heads[head].sources.count else {
          state[head] = .done
          order.append(head)
          path.removeLast()
          continue
        }
        path[path.count - 1].source += 1
        guard case .head(let name, let output) = heads[head].sources[source] else { continue }
        guard let read = names.position(of: name) else {
          throw .unknownSource(head: name, output: output, reader: heads[head].name)
        }
        switch state[read] {
        case .done: break
        case .open: throw .cycle(heads[read].name)
        case .waiting:
          state[read] = .open
          path.append((read, 0))
        }
      }
    }
    return order.map { heads[$0] }
  }

  /// Checks each head's graph, and that it reads what it declares to read.
  func validateHeads() throws(GraphError) {
    let sources = SourceTypes(
      self, trunk: try trunk.graph.inferTypes(inputs: try trunk.graph.inputTypes(.probes)))
    var outputs: [[TensorType]] = []
    for head in heads {
      let types = try head.graph.validate(head: head.name) { () throws(GraphError) in
        let found = try sources.inputs(of: head, heads: outputs)
        for (type, input) in zip(found, head.graph.inputs) where !input.admits(type) {
          throw .featureMismatch(input, found: type, head: head.name)
        }
        return found
      }
      outputs.append(head.graph.outputs.map { types[$0.value.index] })
      try head.validateDescription(outputTypes: outputs[outputs.count - 1])
    }
  }

  /// The type of every value of the trunk, then of each head, when symbols have these sizes.
  ///
  /// - Throws: `GraphError` for the first node that these sizes do not fit.
  public func inferTypes(_ sizes: SymbolSizes) throws(GraphError) -> [[TensorType]] {
    var types = [try trunk.graph.inferTypes(inputs: try trunk.graph.inputTypes(sizes))]
    let sources = SourceTypes(self, trunk: types[0])
    var outputs: [[TensorType]] = []
    for head in heads {
      let values = try head.graph.inferTypes(
        inputs: try sources.inputs(of: head, heads: outputs), head: head.name)
      outputs.append(head.graph.outputs.map { values[$0.value.index] })
      types.append(values)
    }
    return types
  }
}

/// How far the order of heads has come with one of them.
private enum Visit {
  case waiting
  case open
  case done
}

/// The types of what heads read.
private struct SourceTypes {
  private let heads: [Model.Head]
  private let names: HeadNames
  private let trunk: Graph
  private let trunkTypes: [TensorType]

  init(_ model: Model, trunk types: [TensorType]) {
    heads = model.heads
    names = HeadNames(model.heads)
    trunk = model.trunk.graph
    trunkTypes = types
  }

  /// The types of a head's inputs, when the outputs of the heads before it have these.
  func inputs(
    of head: Model.Head, heads outputs: [[TensorType]]
  ) throws(GraphError) -> [TensorType] {
    guard head.sources.count == head.graph.inputs.count else {
      throw .tooMany(
        .input, count: head.sources.count, limit: head.graph.inputs.count, head: head.name)
    }
    var types: [TensorType] = []
    for source in head.sources { types.append(try type(of: source, reader: head.name, outputs)) }
    return types
  }

  private func type(
    of source: HeadSource, reader: Name, _ outputs: [[TensorType]]
  ) throws(GraphError) -> TensorType {
    switch source {
    case .feature(let name):
      guard let output = trunk.outputs.first(where: { $0.name == name }) else {
        throw .unknownFeature(name, head: reader)
      }
      return trunkTypes[output.value.index]
    case .head(let name, let output):
      guard let head = names.position(of: name), head < outputs.count,
        let index = heads[head].graph.outputs.firstIndex(where: { $0.name == output })
      else { throw .unknownSource(head: name, output: output, reader: reader) }
      return outputs[head][index]
    }
  }
}

/// Finds heads by name, in the logarithm of their number: a file may have many, each reading others.
private struct HeadNames {
  private let heads: [Model.Head]
  /// Positions in `heads`, ascending by name.
  private let sorted: [Int]

  init(_ heads: [Model.Head]) {
    self.heads = heads
    sorted = heads.indices.sorted { heads[$0].name < heads[$1].name }
  }

  /// The position of the head of a name, or nil.
  func position(of name: Name) -> Int? {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if heads[sorted[middle]].name < name { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && heads[sorted[low]].name == name ? sorted[low] : nil
  }
}
