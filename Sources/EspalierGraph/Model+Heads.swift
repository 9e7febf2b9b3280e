extension Model {
  /// The heads in the order given, but that each stands behind those that it reads.
  static func ordered(_ heads: [Head]) throws(GraphError) -> [Head] {
    try expectDistinct(heads.map { $0.name }, .head, head: nil)
    if heads.contains(where: { $0.name == Trunk.reservedName }) {
      throw .reservedName(Trunk.reservedName)
    }
    let names = NameTable(heads.map { $0.name })
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

  /// Checks each head's graph, and that it reads what it declares to read; returns for each head what it reads.
  static func validated(
    _ heads: [Head], on trunk: Trunk, trunkTypes: [TensorType], names: NameTable
  ) throws(GraphError) -> [[SourceValue]] {
    let finder = SourceFinder(heads, trunk: trunk, names: names)
    var types = [trunkTypes]
    var sources: [[SourceValue]] = []
    for (index, head) in heads.enumerated() {
      var read: [SourceValue] = []
      let values = try head.graph.validate(head: head.name) { () throws(GraphError) in
        read = try finder.sources(of: index)
        let found = read.map { types[$0.graph][$0.value.index] }
        for (type, input) in zip(found, head.graph.inputs) where !input.admits(type) {
          throw .featureMismatch(input, found: type, head: head.name)
        }
        return found
      }
      try head.validateDescription(outputTypes: head.graph.outputs.map { values[$0.value.index] })
      types.append(values)
      sources.append(read)
    }
    return sources
  }

  /// The type of every value of the trunk, then of each head, when symbols have these sizes.
  ///
  /// - Throws: `GraphError` for the first node that these sizes do not fit.
  public func inferTypes(_ sizes: SymbolSizes) throws(GraphError) -> [[TensorType]] {
    var types = [try trunk.graph.inferTypes(inputs: try trunk.graph.inputTypes(sizes))]
    for (head, sources) in zip(heads, sources) {
      types.append(
        try head.graph.inferTypes(
          inputs: sources.map { types[$0.graph][$0.value.index] }, head: head.name))
    }
    return types
  }
}

/// A value of the trunk or of a head that another head reads.
package struct SourceValue: Sendable {
  /// Whose value it is: 0 for the trunk, n + 1 for the model's n-th head.
  package let graph: Int
  /// The value, an output of that graph.
  package let value: ValueID
}

/// How far the order of heads has come with one of them.
private enum Visit {
  case waiting
  case open
  case done
}

/// Finds what heads read.
private struct SourceFinder {
  private let heads: [Model.Head]
  private let names: NameTable
  private let features: [GraphOutput]
  private let featureNames: NameTable
  /// For each head that other heads read, the names of its outputs.
  private let outputNames: [NameTable?]

  init(_ heads: [Model.Head], trunk: Model.Trunk, names: NameTable) {
    self.heads = heads
    self.names = names
    features = trunk.graph.outputs
    featureNames = NameTable(features.map { $0.name })
    var isRead = heads.map { _ in false }
    for head in heads {
      for case .head(let name, _) in head.sources {
        if let index = names.position(of: name) { isRead[index] = true }
      }
    }
    outputNames = zip(heads, isRead).map { head, isRead in
      isRead ? NameTable(head.graph.outputs.map { $0.name }) : nil
    }
  }

  /// The value for each input of a head, which only reads heads before it.
  func sources(of index: Int) throws(GraphError) -> [SourceValue] {
    let head = heads[index]
    guard head.sources.count == head.graph.inputs.count else {
      throw .tooMany(
        .input, count: head.sources.count, limit: head.graph.inputs.count, head: head.name)
    }
    var values: [SourceValue] = []
    for source in head.sources { values.append(try value(of: source, reader: head.name)) }
    return values
  }

  private func value(
    of source: HeadSource, reader: Name
  ) throws(GraphError) -> SourceValue {
    switch source {
    case .feature(let name):
      guard let output = featureNames.position(of: name) else {
        throw .unknownFeature(name, head: reader)
      }
      return SourceValue(graph: 0, value: features[output].value)
    case .head(let name, let output):
      guard let head = names.position(of: name),
        let index = outputNames[head]?.position(of: output)
      else { throw .unknownSource(head: name, output: output, reader: reader) }
      return SourceValue(graph: head + 1, value: heads[head].graph.outputs[index].value)
    }
  }
}
