extension Model {
  /// The heads in an order in which each reads only earlier ones, otherwise in the order given.
  static func ordered(_ heads: [Head]) throws(GraphError) -> [Head] {
    try expectDistinct(heads.map { $0.name }, .head, head: nil)
    if heads.contains(where: { $0.name == Trunk.reservedName }) {
      throw .reservedName(Trunk.reservedName)
    }
    let names = HeadNames(heads)
    var readers: [[Int]] = heads.map { _ in [] }
    var waiting: [Int] = heads.map { _ in 0 }
    for (reader, head) in heads.enumerated() {
      for case .head(let name, let output) in head.sources {
        guard let source = names.position(of: name) else {
          throw .unknownSource(head: name, output: output, reader: head.name)
        }
        readers[source].append(reader)
        waiting[reader] += 1
      }
    }
    var order = heads.indices.filter { waiting[$0] == 0 }
    var next = 0
    while next < order.count {
      for reader in readers[order[next]] {
        waiting[reader] -= 1
        if waiting[reader] == 0 { order.append(reader) }
      }
      next += 1
    }
    if let stuck = heads.indices.first(where: { waiting[$0] > 0 }) {
      throw .cycle(heads[stuck].name)
    }
    return order.map { heads[$0] }
  }

  /// Checks each head's graph, and that it reads what it declares to read.
  func validateHeads() throws(GraphError) {
    let trunkTypes = try trunk.graph.inferTypes(
      inputs: trunk.graph.inputs.map { $0.type(batch: Graph.probeBatch) })
    let names = HeadNames(heads)
    var outputTypes: [[TensorType]] = []
    for head in heads {
      let types = try head.graph.validate(head: head.name)
      guard head.sources.count == head.graph.inputs.count else {
        throw .tooMany(
          .input, count: head.sources.count, limit: head.graph.inputs.count, head: head.name)
      }
      for (source, input) in zip(head.sources, head.graph.inputs) {
        let found = try type(of: source, reader: head.name, names, trunkTypes, outputTypes)
        let declared = input.type(batch: Graph.probeBatch)
        guard found == declared else {
          throw .featureMismatch(
            input.name, found: found.shape, declared: declared.shape, head: head.name)
        }
      }
      let outputs = head.graph.outputs.map { types[$0.value.index] }
      try head.validateDescription(outputTypes: outputs)
      outputTypes.append(outputs)
    }
  }

  private func type(
    of source: HeadSource, reader: Name, _ names: HeadNames, _ trunkTypes: [TensorType],
    _ outputTypes: [[TensorType]]
  ) throws(GraphError) -> TensorType {
    switch source {
    case .feature(let name):
      guard let output = trunk.graph.outputs.first(where: { $0.name == name }) else {
        throw .unknownFeature(name, head: reader)
      }
      return trunkTypes[output.value.index]
    case .head(let name, let output):
      guard let head = names.position(of: name), head < outputTypes.count,
        let index = heads[head].graph.outputs.firstIndex(where: { $0.name == output })
      else { throw .unknownSource(head: name, output: output, reader: reader) }
      return outputTypes[head][index]
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
