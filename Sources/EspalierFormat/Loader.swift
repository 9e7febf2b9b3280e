internal import CEspalierSchema
internal import EspalierGraph

/// Loads one model: keeps what was decoded, and what memory is left.
struct Loader<Source: ByteSource> {
  private let source: Source
  private let limits: ReaderLimits
  private let catalog: Catalog
  private var budget: MemoryBudget
  /// The decoded weights, for each entry of the catalog.
  private var storages: [TensorStorage?]

  init(source: Source, limits: ReaderLimits, catalog: Catalog, budget: MemoryBudget) {
    self.source = source
    self.limits = limits
    self.catalog = catalog
    self.budget = budget
    storages = catalog.entries.map { _ in nil }
  }

  /// Loads the trunk, the heads of these positions and the heads that they read.
  mutating func model(heads wanted: [Int]) throws(FormatError) -> Model {
    let trunk = try trunk()
    let heads = try heads(wanted)
    do throws(GraphError) {
      return try Model(trunk: trunk, heads: heads)
    } catch {
      throw .invalidModel(error)
    }
  }

  private mutating func trunk() throws(FormatError) -> Model.Trunk {
    let entry = catalog.trunk
    let fields = MessageFields(section: entry.id)
    return try read(entry, by: espalier_unpack_trunk) { (loader, trunk) throws(FormatError) in
      let graph = try fields.required(trunk.graph)
      let storages = try loader.weights(fields.weights(graph), of: entry)
      return Model.Trunk(
        graph: try fields.graph(graph, storages: storages),
        columns: try fields.columns(trunk))
    }
  }

  /// Decodes heads and, through their sources, the heads that they read; returns them in the order of the file.
  private mutating func heads(_ wanted: [Int]) throws(FormatError) -> [Model.Head] {
    var heads: [Model.Head?] = catalog.heads.map { _ in nil }
    var isQueued = catalog.heads.map { _ in false }
    var queue: [Int] = []
    func enqueue(_ position: Int) {
      if !isQueued[position] { queue.append(position) }
      isQueued[position] = true
    }
    for position in wanted { enqueue(position) }
    var next = 0
    while next < queue.count {
      let position = queue[next]
      let head = try head(catalog.heads[position])
      for case .head(let name, _) in head.sources {
        if let source = catalog.head(named: name) { enqueue(source) }
      }
      heads[position] = head
      next += 1
    }
    return heads.compactMap { $0 }
  }

  private mutating func head(_ entry: IndexEntry) throws(FormatError) -> Model.Head {
    let fields = MessageFields(section: entry.id)
    let name = entry.id.name
    return try read(entry, by: espalier_unpack_head) { (loader, head) throws(FormatError) in
      guard try fields.name(head.name, .head) == name else { throw .badMessage(entry.id) }
      let trunk = try fields.digest(head.trunk_sha256)
      guard trunk == loader.catalog.trunk.digest else {
        throw .wrongTrunk(head: name, expected: trunk, found: loader.catalog.trunk.digest)
      }
      let graph = try fields.required(head.graph)
      let storages = try loader.weights(fields.weights(graph), of: entry)
      return Model.Head(
        name: name, sources: try fields.sources(head),
        graph: try fields.graph(graph, storages: storages),
        description: try fields.description(fields.required(head.description)))
    }
  }

  /// Decodes and unpacks a graph section, and makes of the message what `body` makes of it.
  private mutating func read<Message, Value>(
    _ entry: IndexEntry, by unpack: Unpack<Message>,
    _ body: (inout Self, Message) throws(FormatError) -> Value
  ) throws(FormatError) -> Value {
    var reader = try SectionReader(source, entry)
    guard reader.header.rawBytes <= limits.graphBytes else {
      throw .overLimit(.graphBytes, found: reader.header.rawBytes, limit: limits.graphBytes)
    }
    let payload = try decode(&reader)
    let memory = min(limits.graphMemoryBytes, budget.remaining)
    let unpacked: Unpacked<Message>
    do throws(FormatError) {
      unpacked = try Unpacked(
        payload, section: entry.id, memory: memory, failingCall: limits.failingAllocation,
        by: unpack)
    } catch {
      // The budget of the whole model may be what is too small.
      if case .overLimit(.graphMemory, let found, _) = error, memory < limits.graphMemoryBytes {
        try budget.take(found)
      }
      throw error
    }
    try budget.take(unpacked.memoryBytes)
    return try unpacked.read { (message) throws(FormatError) in try body(&self, message) }
  }

  /// The decoded weights that a graph names: from its own part, or else from the trunk's.
  private mutating func weights(
    _ references: [WeightsReference], of entry: IndexEntry
  ) throws(FormatError) -> [TensorStorage] {
    var list: [TensorStorage] = []
    for reference in references {
      list.append(try storage(position(reference, of: entry)))
    }
    return list
  }

  private func position(
    _ reference: WeightsReference, of entry: IndexEntry
  ) throws(FormatError) -> Int {
    var other: Digest?
    for part in [entry.part, catalog.trunk.part] {
      switch catalog.weights(reference, part: part) {
      case .found(let position): return position
      case .other(let digest): other = other ?? digest
      case .missing: continue
      }
    }
    throw .wrongWeights(
      SectionID(kind: .weights, name: reference.name), of: entry.id, expected: reference.digest,
      found: other)
  }

  private mutating func storage(_ position: Int) throws(FormatError) -> TensorStorage {
    if let storage = storages[position] { return storage }
    var reader = try SectionReader(source, catalog.entries[position])
    let storage = try decode(&reader)
    storages[position] = storage
    return storage
  }

  private mutating func decode(
    _ reader: inout SectionReader<Source>
  ) throws(FormatError) -> TensorStorage {
    if let lent = try reader.lent() { return lent }
    try budget.take(reader.header.rawBytes)
    let threads = limits.threads
    return try TensorStorage.filled(byteCount: reader.header.rawBytes) {
      (buffer) throws(FormatError) in
      try reader.decode(into: buffer, threads: threads)
    }
  }
}
