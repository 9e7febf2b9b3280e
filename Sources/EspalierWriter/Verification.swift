public import EspalierFormat
internal import EspalierGraph

/// What `ModelFile.verify` found.
public struct Verification: Sendable {
  /// How many sections there are.
  public let sectionCount: Int
  /// How many parts there are.
  public let partCount: Int
  /// The sections whose payload does not have the digest that the index states.
  public let wrongDigests: [SectionID]
  /// What a signature of the model signs, made of the digests that the payloads have, whatever the index states.
  public let statement: [UInt8]
  /// Whether every part is laid out as this library would lay out its sections.
  public let isCanonical: Bool
  /// The sections that this machine's zlib would compress to other bytes.
  public let otherwiseCompressed: [SectionID]
}

extension ModelFile {
  /// Checks what readers need not: digests of all payloads, and the canonical form of all bytes.
  ///
  /// Sections of kinds that this version does not know are checked like all others.
  ///
  /// - Parameter progress: is told how many of how many sections are done.
  /// - Throws: `WriterError.unreadable` when a section is damaged, or all together would take more memory than a reader
  ///   is allowed.
  public func verify(
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(WriterError) -> Verification {
    let entries = try readable { () throws(FormatError) in try reader.entries() }
    var budget = payloadBudget
    var digests: [Int: Digest] = [:]
    var wrongDigests: [SectionID] = []
    var otherwiseCompressed: [SectionID] = []
    for (index, entry) in entries.enumerated() {
      progress(index, entries.count)
      let section = try DecodedSection(entry, source, &budget)
      digests[entry.range.lowerBound] = section.digest
      if section.digest != entry.digest { wrongDigests.append(entry.id) }
      if try !section.isStoredAsEver(source) { otherwiseCompressed.append(entry.id) }
    }
    return Verification(
      sectionCount: entries.count, partCount: reader.partRanges.count,
      wrongDigests: wrongDigests,
      statement: try statement { digests[$0.range.lowerBound, default: $0.digest] },
      isCanonical: try isCanonical(entries), otherwiseCompressed: otherwiseCompressed)
  }

  /// Whether writing the sections of every part again makes its bytes.
  private func isCanonical(_ entries: [IndexEntry]) throws(WriterError) -> Bool {
    var rest = entries[...]
    for range in reader.partRanges {
      let sections = rest.prefix { range.contains($0.range.lowerBound) }
      rest = rest.dropFirst(sections.count)
      guard zip(sections, sections.dropFirst()).allSatisfy({ $0.order < $1.order }) else {
        return false
      }
      var part = try PartWriter(ComparingSink(source, range))
      for section in sections { try part.append(section, from: source) }
      guard try part.finish().isSame else { return false }
    }
    return true
  }

  /// What a signature of the model signs: a line of text for each section that counts but signatures, in their order.
  ///
  /// The digests in it are computed: who signs what an index states would sign for bytes that he has not seen.
  ///
  /// - Throws: `WriterError.wrongDigest` when the index states another digest than a payload has, `.unreadable` when a
  ///   section is damaged.
  public func statement() throws(WriterError) -> [UInt8] {
    var budget = payloadBudget
    return try statement { (entry) throws(WriterError) in
      let digest = try DecodedSection(entry, source, &budget).digest
      guard digest == entry.digest else { throw .wrongDigest(entry.id) }
      return digest
    }
  }

  private func statement(
    _ digest: (IndexEntry) throws(WriterError) -> Digest
  ) throws(WriterError) -> [UInt8] {
    let sections = try readable { () throws(FormatError) in try reader.liveSections() }
    var text = Array("espalier statement 1\n".utf8)
    for section in sections {
      text += Array("\(section.id.kind.rawValue) ".utf8)
      text += hexadecimal(try digest(section).bytes) + [0x20] + section.id.name.utf8 + [0x0A]
    }
    return text
  }

  /// What decoding the payloads of a file may take, one after the other.
  private var payloadBudget: ByteBudget {
    ByteBudget(reader.limits.memoryBytes(ofFileOf: source.byteCount))
  }
}

/// A section with its decoded payload.
private struct DecodedSection {
  private let header: SectionHeader
  private let payload: TensorStorage
  /// The digest that the payload has.
  let digest: Digest

  init(
    _ entry: IndexEntry, _ source: FileSource, _ budget: inout ByteBudget
  ) throws(WriterError) {
    do throws(FormatError) {
      var reader = try SectionReader(source, entry)
      header = reader.header
      payload = try reader.storage(&budget)
    } catch {
      throw .unreadable(error)
    }
    digest = payload.withUnsafeBytes { SHA256.digest(of: $0) }
  }

  /// Whether compressing the payload again makes the bytes that are stored.
  func isStoredAsEver(_ source: FileSource) throws(WriterError) -> Bool {
    let again: [UInt8]
    switch header.codec {
    case .none: return true
    case .deflate: again = payload.withUnsafeBytes { Deflater(.message).deflated($0) }
    case .planes:
      again = payload.withUnsafeBytes { Planes.encoded($0, width: header.elementBytes).bytes }
    }
    var sink = ComparingSink(source, header.payload)
    try sink.write(again)
    return sink.isSame
  }
}

/// Compares what is written with what a file holds.
private struct ComparingSink: ByteSink {
  private let source: FileSource
  private let range: Range<Int>
  private var position: Int
  private var differs = false

  init(_ source: FileSource, _ range: Range<Int>) {
    self.source = source
    self.range = range
    position = range.lowerBound
  }

  /// Whether all of the range was written, and nothing else.
  var isSame: Bool { !differs && position == range.upperBound }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(WriterError) {
    guard !differs, bytes.count <= range.upperBound - position else {
      differs = true
      return
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    defer { buffer.deallocate() }
    var done = 0
    while done < bytes.count {
      let count = min(buffer.count, bytes.count - done)
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
      let place = position + done
      try readable { () throws(FormatError) in try source.read(at: place, into: piece) }
      differs = differs || !piece.elementsEqual(bytes[done..<done + count])
      done += count
    }
    position += bytes.count
  }
}
