internal import CEspalierSchema
public import EspalierGraph

/// What a file says of one of its sections.
public struct SectionInfo: Sendable, Equatable {
  /// Its kind and name.
  public let id: SectionID
  /// The position of its part in the file, from 0.
  public let part: Int
  /// Where the section begins in the file.
  public let offset: Int
  /// How its payload is stored.
  public let codec: Codec
  /// Bytes of the decoded payload.
  public let rawBytes: Int
  /// Bytes of the stored payload.
  public let storedBytes: Int
  /// The CRC-32 of the whole section.
  public let crc32: UInt32
  /// The SHA-256 digest of the decoded payload.
  public let sha256: Digest
}

/// Reads models from Espalier files, and stays open for further heads.
///
/// Opening reads and checks the framing: trailers, headers and indexes. Loading reads the sections that were asked
/// for, and nothing else; the trunk is decoded once. There is no way to read without checking: what is returned had
/// the right checksums, kept every limit and is a valid model. Digests are compared, never computed.
public struct ModelReader<Source: ByteSource> {
  private let source: Source
  /// What it may do for the file.
  package let limits: ReaderLimits
  private(set) var catalog: Catalog<Source>
  /// What is left to each load once the trunk is decoded.
  var state: LoadState
  private var trunk: Model.Trunk?

  /// Pages that together take no more are read when the file is opened, rather than one for each name.
  private static var fewPageBytes: Int { 1 << 14 }

  /// Opens a file.
  ///
  /// - Throws: `FormatError` when the framing is damaged, of an unknown version, or beyond a limit.
  public init(_ source: Source, limits: ReaderLimits = .init()) throws(FormatError) {
    var budget = ByteBudget(limits.memoryBytes(ofFileOf: source.byteCount))
    try self.init(source, limits: limits, spending: &budget)
  }

  /// Opens a file with the memory that is left of a budget.
  package init(
    _ source: Source, limits: ReaderLimits, spending budget: inout ByteBudget
  ) throws(FormatError) {
    self.source = source
    self.limits = limits
    let catalog = try Catalog(source, limits, &budget)
    self.catalog =
      catalog.pageBytes <= Self.fewPageBytes ? try catalog.expanded(&budget) : catalog
    state = LoadState(
      budget: budget,
      parameters: ByteBudget(limits.parameterBytes(ofFileOf: source.byteCount), of: .parameters))
  }

  /// The version of the layout.
  public var formatVersion: Int { Layout.version }

  /// The digest of the trunk, which heads for it name.
  public var trunkDigest: Digest { catalog.trunk.digest }

  /// The names of the heads, ascending.
  ///
  /// - Throws: `FormatError` when a page of the index is damaged.
  public func headNames() throws(FormatError) -> [Name] {
    try catalog.heads().map { $0.id.name }
  }

  /// The bytes of each part, in the order of the file.
  package var partRanges: [Range<Int>] { catalog.partRanges }

  /// What the indexes say of every section, in the order of the file.
  package func entries() throws(FormatError) -> [IndexEntry] { try catalog.allSections() }

  /// Every section of a known kind, in the order of the file, those of replaced heads included.
  ///
  /// Reads the headers of the sections and checks their sizes, but neither their payloads nor their checksums.
  public func sections() throws(FormatError) -> [SectionInfo] {
    var list: [SectionInfo] = []
    let entries = try catalog.allSections()
    let parts = partRanges.count
    for entry in entries where SectionKind.known.contains(entry.id.kind.rawValue) {
      let reader = try SectionReader(source, entry)
      list.append(
        SectionInfo(
          id: entry.id, part: parts - 1 - entry.part, offset: entry.range.lowerBound,
          codec: reader.header.codec, rawBytes: reader.header.rawBytes,
          storedBytes: reader.header.payload.count, crc32: entry.crc, sha256: entry.digest))
    }
    return list
  }

  /// Loads the trunk, unless it was loaded before, some heads and the heads that these read.
  ///
  /// Models that one reader has loaded share the trunk's numbers.
  ///
  /// - Parameter heads: the names of the heads, nil for all.
  /// - Throws: `FormatError` when a head is not in the file, a section is damaged, or the model is not valid.
  public mutating func load(heads: [Name]? = nil) throws(FormatError) -> Model {
    let wanted = try entries(of: heads)
    let trunk = try loadedTrunk()
    var loader = loader
    let heads = try loader.heads(wanted)
    do throws(GraphError) {
      return try Model(trunk: trunk, heads: heads)
    } catch {
      throw .invalidModel(error)
    }
  }

  /// Reads every page of the index, for looking at many sections.
  mutating func expand() throws(FormatError) {
    catalog = try catalog.expanded(&state.budget)
  }

  /// Decodes what is asked for, with the memory that is left.
  var loader: Loader<Source> {
    Loader(source: source, limits: limits, catalog: catalog, state: state)
  }

  private mutating func loadedTrunk() throws(FormatError) -> Model.Trunk {
    if let trunk { return trunk }
    var loader = loader
    let trunk = try loader.trunk()
    state = loader.state
    self.trunk = trunk
    return trunk
  }

  /// The sections of heads, ascending by name, each once; those of all heads for nil.
  package func entries(of heads: [Name]?) throws(FormatError) -> [IndexEntry] {
    guard let heads else { return try catalog.heads() }
    var entries: [IndexEntry] = []
    for name in heads.sorted() where entries.last?.id.name != name {
      guard let entry = try catalog.last(SectionID(kind: .head, name: name)) else {
        throw .unknownHead(name, known: try headNames())
      }
      entries.append(entry)
    }
    return entries
  }
}

extension ModelReader: Sendable where Source: Sendable {}
