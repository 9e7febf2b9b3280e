internal import CEspalierSchema
package import EspalierGraph

/// What a head's section names.
private struct HeadLinks {
  let weights: [WeightsReference]
  let heads: [Name]
}

extension ModelReader {
  /// The sections that a file of some heads and of what they need is made of, in their order.
  ///
  /// - Parameters:
  ///   - heads: the heads, nil for all.
  ///   - signed: whether signatures come along, which hold for all heads only.
  /// - Throws: `FormatError` when a head is not in the file, or a graph section is damaged.
  package func liveSections(
    of heads: [Name]? = nil, signed: Bool = false
  ) throws(FormatError) -> [IndexEntry] {
    try expanded().sections(of: heads, signed: signed)
  }

  private func sections(
    of heads: [Name]?, signed: Bool
  ) throws(FormatError) -> [IndexEntry] {
    var live = try trunkSections()
    var queue = try entries(of: heads)
    var names = queue.map { $0.id.name }
    while let head = queue.popLast() {
      live += try sections(of: head)
      for name in try links(of: head).heads {
        let place = lowerBound(names.count) { names[$0] < name }
        guard place == names.count || names[place] != name else { continue }
        names.insert(name, at: place)
        queue += try entries(of: [name])
      }
    }
    for entry in try entries() where !SectionKind.known.contains(entry.id.kind.rawValue) {
      let place = lowerBound(names.count) { names[$0] < entry.id.name }
      let isNamed = place < names.count && names[place] == entry.id.name
      if isNamed || entry.id.name == SectionID.trunkName { live.append(entry) }
    }
    if signed { live += try catalog.sections(.signature) }
    return Self.ordered(live)
  }

  /// The sections of the trunk, and what belongs to the model as a whole, signatures aside.
  package func trunkSections() throws(FormatError) -> [IndexEntry] {
    let entry = catalog.trunk
    let fields = MessageFields(section: entry.id)
    var loader = loader
    let weights = try loader.read(entry, by: espalier_unpack_trunk) {
      (_, trunk) throws(FormatError) in
      try fields.weights(fields.required(trunk.graph))
    }
    var sections = [entry]
    for reference in weights { sections.append(try catalog.weights(reference, of: entry)) }
    if let about = try catalog.last(.about) { sections.append(about) }
    return Self.ordered(sections)
  }

  /// The sections that a head has for itself or shares with other heads, in their order.
  package func sections(of head: IndexEntry) throws(FormatError) -> [IndexEntry] {
    var sections = [head]
    for reference in try links(of: head).weights {
      let weights = try catalog.weights(reference, of: head)
      if weights.id.name != SectionID.trunkName { sections.append(weights) }
    }
    if let example = try catalog.example(of: head) {
      sections.append(example)
      let fields = MessageFields(section: example.id)
      var loader = loader
      let inputs = try loader.read(example, by: espalier_unpack_example) {
        (_, message) throws(FormatError) in
        try fields.digest(message.inputs_sha256)
      }
      sections.append(try catalog.inputs(of: example, inputs))
    }
    return Self.ordered(sections)
  }

  private func links(of head: IndexEntry) throws(FormatError) -> HeadLinks {
    let fields = MessageFields(section: head.id)
    var loader = loader
    return try loader.read(head, by: espalier_unpack_head) { (_, message) throws(FormatError) in
      let trunk = try fields.digest(message.trunk_sha256)
      guard trunk == trunkDigest else {
        throw .wrongTrunk(head: head.id.name, expected: trunk, found: trunkDigest)
      }
      var heads: [Name] = []
      for case .head(let name, _) in try fields.sources(message) { heads.append(name) }
      return HeadLinks(
        weights: try fields.weights(fields.required(message.graph)), heads: heads)
    }
  }

  /// The entries in their order, each payload once.
  private static func ordered(_ entries: [IndexEntry]) -> [IndexEntry] {
    var ordered: [IndexEntry] = []
    for entry in entries.sorted(by: { ($0.order, $0.part) < ($1.order, $1.part) })
    where ordered.last?.order != entry.order {
      ordered.append(entry)
    }
    return ordered
  }
}
