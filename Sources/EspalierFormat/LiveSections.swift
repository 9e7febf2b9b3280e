internal import CEspalierSchema
package import EspalierGraph

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
    var budget = state.budget
    return try liveSections(of: heads, signed: signed, spending: &budget)
  }

  /// The same with the memory that is left of a budget.
  package func liveSections(
    of heads: [Name]? = nil, signed: Bool = false, spending budget: inout ByteBudget
  ) throws(FormatError) -> [IndexEntry] {
    var whole = self
    whole.state.budget = budget
    defer { budget = whole.state.budget }
    try whole.expand()
    var live = LiveSections(whole)
    defer { whole.state.budget = live.loader.state.budget }
    try live.addTrunk()
    var queue = try whole.entries(of: heads)
    var names = queue.map { $0.id.name }
    while let head = queue.popLast() {
      for name in try live.add(head) {
        let place = lowerBound(names.count) { names[$0] < name }
        guard place == names.count || names[place] != name else { continue }
        names.insert(name, at: place)
        queue += try whole.entries(of: [name])
      }
    }
    for entry in try whole.entries() where !SectionKind.known.contains(entry.id.kind.rawValue) {
      let place = lowerBound(names.count) { names[$0] < entry.id.name }
      let isNamed = place < names.count && names[place] == entry.id.name
      if isNamed || entry.id.name == SectionID.trunkName { live.add(unknown: entry) }
    }
    if signed { try live.addSignatures() }
    return live.ordered
  }

  /// The sections of the trunk, and what belongs to the model as a whole, signatures aside.
  package func trunkSections() throws(FormatError) -> [IndexEntry] {
    var live = LiveSections(self)
    try live.addTrunk()
    return live.ordered
  }

  /// The sections that a head has for itself or shares with other heads, in their order.
  package func sections(of head: IndexEntry) throws(FormatError) -> [IndexEntry] {
    var live = LiveSections(self)
    _ = try live.add(head)
    return live.ordered
  }
}

/// Collects sections and those that they name; all messages that are read for it share one budget.
private struct LiveSections<Source: ByteSource> {
  private let catalog: Catalog<Source>
  fileprivate private(set) var loader: Loader<Source>
  private var entries: [IndexEntry] = []

  init(_ reader: ModelReader<Source>) {
    catalog = reader.catalog
    loader = reader.loader
  }

  /// The entries in their order, each payload once.
  var ordered: [IndexEntry] {
    var ordered: [IndexEntry] = []
    for entry in entries.sorted(by: { ($0.order, $0.part) < ($1.order, $1.part) })
    where ordered.last?.order != entry.order {
      ordered.append(entry)
    }
    return ordered
  }

  /// Adds a section that names no other.
  mutating func add(unknown entry: IndexEntry) { entries.append(entry) }

  mutating func addSignatures() throws(FormatError) {
    entries += try catalog.sections(.signature)
  }

  /// Adds the sections of the trunk, and what people should know of the model.
  mutating func addTrunk() throws(FormatError) {
    let entry = catalog.trunk
    let fields = MessageFields(section: entry.id)
    entries.append(entry)
    let weights = try loader.read(entry, by: espalier_unpack_trunk) {
      (_, trunk) throws(FormatError) in
      try fields.weights(fields.required(trunk.graph))
    }
    for reference in weights { entries.append(try catalog.weights(reference, of: entry)) }
    if let about = try catalog.last(.about) { entries.append(about) }
  }

  /// Adds the sections that a head has for itself or shares with other heads; returns the heads that it reads.
  mutating func add(_ head: IndexEntry) throws(FormatError) -> [Name] {
    let fields = MessageFields(section: head.id)
    let catalog = catalog
    let (weights, heads) = try loader.read(head, by: espalier_unpack_head) {
      (_, message) throws(FormatError) in
      let trunk = try fields.digest(message.trunk_sha256)
      guard trunk == catalog.trunk.digest else {
        throw .wrongTrunk(head: head.id.name, expected: trunk, found: catalog.trunk.digest)
      }
      var heads: [Name] = []
      for case .head(let name, _) in try fields.sources(message) { heads.append(name) }
      return (try fields.weights(fields.required(message.graph)), heads)
    }
    entries.append(head)
    for reference in weights {
      let weights = try catalog.weights(reference, of: head)
      if weights.id.name != SectionID.trunkName { entries.append(weights) }
    }
    if let example = try catalog.example(of: head) { try addExample(example) }
    return heads
  }

  private mutating func addExample(_ example: IndexEntry) throws(FormatError) {
    let fields = MessageFields(section: example.id)
    let inputs = try loader.read(example, by: espalier_unpack_example) {
      (_, message) throws(FormatError) in
      try fields.digest(message.inputs_sha256)
    }
    entries.append(example)
    entries.append(try catalog.inputs(of: example, inputs))
  }
}
