public import EspalierGraph

/// What a file says of one of its sections.
public struct SectionInfo: Sendable, Equatable {
  /// Its kind and name.
  public let id: SectionID
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
  /// Where its bytes lie in the file.
  public let range: Range<Int>
  /// Its part, counted from the end of the file.
  public let part: Int
}

/// Reads models from Espalier files.
///
/// Opening reads and checks the framing: trailers, headers and indexes. Loading reads the sections that were asked
/// for, and nothing else. There is no way to read without checking: what is returned had the right checksums, kept
/// every limit and is a valid model. Digests are compared, never computed.
public struct ModelReader<Source: ByteSource> {
  private let source: Source
  private let limits: ReaderLimits
  private let budget: MemoryBudget
  private let catalog: Catalog

  /// Opens a file.
  ///
  /// - Throws: `FormatError` when the framing is damaged, of an unknown version, or beyond a limit.
  public init(_ source: Source, limits: ReaderLimits = .init()) throws(FormatError) {
    self.source = source
    self.limits = limits
    var budget = MemoryBudget(limits.memoryBytes)
    catalog = try Catalog(source, limits, &budget)
    self.budget = budget
  }

  /// The version of the layout.
  public var formatVersion: Int { Layout.version }

  /// What the indexes say of every section of a known kind.
  package var entries: [IndexEntry] { catalog.entries }

  /// The names of the heads, in the order of the file; of heads of one name the last counts.
  public var headNames: [Name] { catalog.heads.map { $0.id.name } }

  /// The digest of the trunk, which heads for it name.
  public var trunkDigest: Digest { catalog.trunk.digest }

  /// Every section of a known kind, in the order of the file, those of replaced heads included.
  ///
  /// Reads the headers of the sections and checks their sizes, but neither their payloads nor their checksums.
  public func sections() throws(FormatError) -> [SectionInfo] {
    var list: [SectionInfo] = []
    for entry in catalog.entries {
      let reader = try SectionReader(source, entry)
      list.append(
        SectionInfo(
          id: entry.id, codec: reader.header.codec, rawBytes: reader.header.rawBytes,
          storedBytes: reader.header.payload.count, crc32: entry.crc, sha256: entry.digest,
          range: entry.range, part: entry.part))
    }
    return list
  }

  /// Loads the trunk, some heads and the heads that these read.
  ///
  /// - Parameter heads: the names of the heads, nil for all.
  /// - Throws: `FormatError` when a head is not in the file, a section is damaged, or the model is not valid.
  public func load(heads: [Name]? = nil) throws(FormatError) -> Model {
    var wanted = Array(catalog.heads.indices)
    if let heads {
      wanted = []
      for name in heads {
        guard let position = catalog.head(named: name) else {
          throw .unknownHead(name, known: headNames)
        }
        wanted.append(position)
      }
    }
    var loader = Loader(source: source, limits: limits, catalog: catalog, budget: budget)
    return try loader.model(heads: wanted)
  }
}

extension ModelReader: Sendable where Source: Sendable {}
