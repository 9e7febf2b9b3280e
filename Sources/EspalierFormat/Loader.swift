internal import CEspalierSchema
internal import EspalierGraph

/// What is left to a load, and what it has decoded.
struct LoadState {
  /// The memory that is left.
  var budget: ByteBudget
  /// What is left for the bytes of parameters, each counted by itself.
  var parameters: ByteBudget
  /// The decoded weights by the first byte of their sections, ascending.
  private var storages: [(offset: Int, storage: TensorStorage)] = []

  /// Starts with nothing decoded.
  init(budget: ByteBudget, parameters: ByteBudget) {
    self.budget = budget
    self.parameters = parameters
  }

  /// The decoded weights of a section, or nil.
  func storage(of entry: IndexEntry) -> TensorStorage? {
    let place = place(of: entry)
    guard place < storages.count, storages[place].offset == entry.range.lowerBound else {
      return nil
    }
    return storages[place].storage
  }

  /// Keeps the decoded weights of a section.
  mutating func keep(_ storage: TensorStorage, of entry: IndexEntry) {
    storages.insert((entry.range.lowerBound, storage), at: place(of: entry))
  }

  private func place(of entry: IndexEntry) -> Int {
    lowerBound(storages.count) { storages[$0].offset < entry.range.lowerBound }
  }
}

/// Decodes sections into the trunk and the heads of a model.
struct Loader<Source: ByteSource> {
  private let source: Source
  private let limits: ReaderLimits
  private var catalog: Catalog<Source>
  /// What is left, and what was decoded.
  private(set) var state: LoadState

  /// Goes on from a state.
  init(source: Source, limits: ReaderLimits, catalog: Catalog<Source>, state: LoadState) {
    self.source = source
    self.limits = limits
    self.catalog = catalog
    self.state = state
  }

  /// Decodes the trunk.
  mutating func trunk() throws(FormatError) -> Model.Trunk {
    let entry = catalog.trunk
    let fields = MessageFields(section: entry.id)
    return try read(entry, by: espalier_unpack_trunk) { (loader, trunk) throws(FormatError) in
      let graph = try fields.required(trunk.graph)
      return Model.Trunk(
        graph: try loader.graph(graph, of: entry), columns: try fields.columns(trunk),
        ranges: try fields.ranges(trunk))
    }
  }

  /// Heads beyond which a load reads all pages of the index once, rather than one for each name.
  private static var fewHeads: Int { 16 }

  /// Decodes heads and, through their sources, the heads that they read; returns them in the order of their declaration.
  ///
  /// - Parameter wanted: sections of heads, ascending by name.
  mutating func heads(_ wanted: [IndexEntry]) throws(FormatError) -> [Model.Head] {
    var queue = wanted
    var queued = queue.map { $0.id.name }
    var heads: [(position: UInt32, head: Model.Head)] = []
    while let entry = queue.popLast() {
      if heads.count + queue.count >= Self.fewHeads {
        catalog = try catalog.expanded(&state.budget)
      }
      let head = try head(entry)
      for case .head(let name, _) in head.head.sources {
        let place = lowerBound(queued.count) { queued[$0] < name }
        guard place == queued.count || queued[place] != name else { continue }
        queued.insert(name, at: place)
        // A source that is missing is for the model to refuse.
        if let source = try catalog.last(SectionID(kind: .head, name: name)) {
          queue.append(source)
        }
      }
      heads.append(head)
    }
    heads.sort {
      $0.position == $1.position ? $0.head.name < $1.head.name : $0.position < $1.position
    }
    return heads.map { $0.head }
  }

  /// Decodes a head, and says where it was declared; those that do not say come last.
  private mutating func head(
    _ entry: IndexEntry
  ) throws(FormatError) -> (position: UInt32, head: Model.Head) {
    let fields = MessageFields(section: entry.id)
    let name = entry.id.name
    return try read(entry, by: espalier_unpack_head) { (loader, head) throws(FormatError) in
      guard try fields.name(head.name, .head) == name else { throw .badMessage(entry.id) }
      let trunk = try fields.digest(head.trunk_sha256)
      guard trunk == loader.catalog.trunk.digest else {
        throw .wrongTrunk(head: name, expected: trunk, found: loader.catalog.trunk.digest)
      }
      let graph = try fields.required(head.graph)
      let decoded = Model.Head(
        name: name, sources: try fields.sources(head), graph: try loader.graph(graph, of: entry),
        description: try fields.description(fields.required(head.description)))
      return (head.position == 0 ? .max : head.position, decoded)
    }
  }

  /// Decodes and unpacks a message section, and makes of the message what `body` makes of it.
  mutating func read<Message, Value>(
    _ entry: IndexEntry, by unpack: Unpack<Message>,
    _ body: (inout Self, Message) throws(FormatError) -> Value
  ) throws(FormatError) -> Value {
    var reader = try SectionReader(source, entry)
    guard reader.header.rawBytes <= limits.graphBytes else {
      throw .overLimit(.graphBytes, found: reader.header.rawBytes, limit: limits.graphBytes)
    }
    let payload = try decode(&reader)
    let memory = min(limits.graphMemoryBytes, state.budget.remaining)
    let unpacked: Unpacked<Message>
    do throws(UnpackingError) {
      unpacked = try payload.withUnsafeBytes { (bytes) throws(UnpackingError) in
        try Unpacked(
          bytes, memory: memory, failingCall: limits.failingAllocation, by: unpack)
      }
    } catch {
      throw try refusal(error, of: entry.id, memory: memory)
    }
    try state.budget.take(unpacked.memoryBytes)
    return try unpacked.read { (message) throws(FormatError) in try body(&self, message) }
  }

  /// Why a message was not unpacked into so much memory.
  private mutating func refusal(
    _ error: UnpackingError, of section: SectionID, memory: Int
  ) throws(FormatError) -> FormatError {
    switch error {
    case .outOfMemory: return .outOfMemory(section)
    case .unknownField: return .unknownField(section)
    case .badMessage: return .badMessage(section)
    case .overBudget(let found):
      // The budget of the whole model may be what is too small.
      if memory < limits.graphMemoryBytes { try state.budget.take(found) }
      return .overLimit(.graphMemory, found: found, limit: memory)
    }
  }

  /// The graph of a section, with the weights that its parameters lie in decoded.
  private mutating func graph(
    _ message: Espalier__Graph, of entry: IndexEntry
  ) throws(FormatError) -> Graph {
    let fields = MessageFields(section: entry.id)
    let isUsed = fields.weightsUse(message)
    var storages: [TensorStorage?] = []
    for (index, reference) in try fields.weights(message).enumerated() {
      let section = try catalog.weights(reference, of: entry)
      storages.append(isUsed[index] ? try storage(section) : nil)
    }
    return try fields.graph(message, storages: storages, &state.parameters)
  }

  private mutating func storage(_ entry: IndexEntry) throws(FormatError) -> TensorStorage {
    if let storage = state.storage(of: entry) { return storage }
    var reader = try SectionReader(source, entry)
    let storage = try decode(&reader)
    state.keep(storage, of: entry)
    return storage
  }

  private mutating func decode(
    _ reader: inout SectionReader<Source>
  ) throws(FormatError) -> TensorStorage {
    try reader.storage(&state.budget, threads: limits.threads)
  }
}
