internal import EspalierGraph

/// What the index says of one section of a known kind, and where the section lies.
struct IndexEntry {
  let id: SectionID
  /// The position of its part, counted from the end of the file.
  let part: Int
  /// The whole section field.
  let range: Range<Int>
  /// The CRC-32 of these bytes.
  let crc: UInt32
  /// The digest of the decoded payload.
  let digest: Digest
}

/// One part of a file, its header, trailer and index checked.
struct Part {
  /// Its bytes in the file.
  let range: Range<Int>
  /// Its sections of known kinds, in the order of the file.
  let entries: [IndexEntry]
}

/// The least bytes of a part: header, an index of nothing but its padding, trailer, padded.
private let minimumPartBytes = 128

extension Part {
  /// Reads and checks header, trailer and index of the part that ends at a byte.
  ///
  /// - Parameters:
  ///   - number: its position, counted from the end of the file.
  ///   - sectionLimit: how many sections it may have.
  init<Source: ByteSource>(
    _ source: Source, endingAt end: Int, number: Int, sectionLimit: Int, limits: ReaderLimits,
    budget: inout MemoryBudget
  ) throws(FormatError) {
    guard end >= minimumPartBytes else { throw .noTrailer(offset: end) }
    let trailer = try Trailer(source, endingAt: end)
    range = trailer.part
    let place = FilePlace.index(range.lowerBound)
    var cursor = Cursor(source, trailer.index, place: place)
    var reader = IndexReader(
      number: number, offset: range.lowerBound + Layout.headerBytes, end: trailer.index.lowerBound,
      sectionLimit: sectionLimit, limits: limits)
    try reader.read(&cursor, &budget)
    guard cursor.crc == trailer.indexCRC else { throw .corrupt(place) }
    entries = reader.entries
  }
}

/// The last bytes of a part, checked together with its first.
private struct Trailer {
  let part: Range<Int>
  let index: Range<Int>
  let indexCRC: UInt32

  init<Source: ByteSource>(_ source: Source, endingAt end: Int) throws(FormatError) {
    let start = end - Layout.trailerBytes
    let place = FilePlace.part(end)
    // The trailer keeps its form in every version, so a trailer of another form is no trailer.
    var cursor = Cursor(source, start..<end - 5, place: place)
    let fields: Fields
    do throws(FormatError) {
      fields = try Fields(&cursor)
    } catch {
      if case .malformed = error { throw .noTrailer(offset: end) }
      throw error
    }
    var last = Cursor(source, end - 5..<end, place: place)
    guard try last.byte() == Layout.Tag.trailerCRC else { throw .noTrailer(offset: end) }
    let crc = try last.fixed32()

    guard let partBytes = Int(exactly: fields.partBytes),
      let indexBytes = Int(exactly: fields.indexBytes),
      partBytes >= minimumPartBytes, partBytes <= end, partBytes % Layout.alignment == 0,
      indexBytes >= 2, indexBytes <= partBytes - Layout.headerBytes - Layout.trailerBytes
    else { throw .partDoesNotFit(offset: end) }
    part = end - partBytes..<end
    index = start - indexBytes..<start
    indexCRC = fields.indexCRC
    try Self.checkHeader(source, part.lowerBound, fields, crc: crc, trailer: start..<end - 5)
  }

  /// The fields before the checksum.
  private struct Fields {
    let partBytes: UInt64
    let indexBytes: UInt64
    let indexCRC: UInt32
    let version: UInt32

    init<Source: ByteSource>(_ cursor: inout Cursor<Source>) throws(FormatError) {
      try cursor.expect([Layout.Tag.trailer, UInt8(Layout.trailerBytes - 2), Layout.Tag.partBytes])
      partBytes = try cursor.fixed64()
      try cursor.expect(Layout.Tag.indexBytes)
      indexBytes = try cursor.fixed64()
      try cursor.expect(Layout.Tag.indexCRC)
      indexCRC = try cursor.fixed32()
      try cursor.expect(Layout.Tag.trailerVersion)
      version = try cursor.fixed32()
      try cursor.expect([Layout.Tag.trailerMagic, UInt8(Layout.trailerMagic.count)])
      try cursor.expect(Layout.trailerMagic)
    }
  }

  /// Checks the checksum over header and trailer, then the version, then the header.
  private static func checkHeader<Source: ByteSource>(
    _ source: Source, _ offset: Int, _ fields: Fields, crc: UInt32, trailer: Range<Int>
  ) throws(FormatError) {
    let place = FilePlace.part(offset)
    let header = offset..<offset + Layout.headerBytes
    var sum: UInt32 = 0
    for range in [header, trailer] {
      var cursor = Cursor(source, range, place: place)
      let bytes = try cursor.bytes(range.count)
      sum = bytes.withUnsafeBytes { crc32Checksum($0, after: sum) }
    }
    guard sum == crc else { throw .corrupt(place) }
    guard fields.version == Layout.version else {
      throw .unknownVersion(found: Int(clamping: fields.version), supported: Layout.version)
    }
    var cursor = Cursor(source, header, place: place)
    try cursor.expect([Layout.Tag.header, UInt8(Layout.headerBytes - 2)])
    try cursor.expect([Layout.Tag.headerMagic, UInt8(Layout.headerMagic.count)])
    try cursor.expect(Layout.headerMagic)
    try cursor.expect(Layout.Tag.headerVersion)
    guard try cursor.fixed32() == fields.version else { throw cursor.malformed }
  }
}

/// Parses an index and lays its sections end to end.
private struct IndexReader {
  let number: Int
  /// Where the next section begins.
  var offset: Int
  /// Where the last section has to end.
  let end: Int
  let sectionLimit: Int
  let limits: ReaderLimits
  var entries: [IndexEntry] = []
  private var count = 0

  init(number: Int, offset: Int, end: Int, sectionLimit: Int, limits: ReaderLimits) {
    self.number = number
    self.offset = offset
    self.end = end
    self.sectionLimit = sectionLimit
    self.limits = limits
  }

  mutating func read<Source: ByteSource>(
    _ cursor: inout Cursor<Source>, _ budget: inout MemoryBudget
  ) throws(FormatError) {
    try cursor.expect(Layout.Tag.index)
    guard try cursor.length() == cursor.remaining else { throw cursor.malformed }
    while true {
      switch try cursor.byte() {
      case Layout.Tag.entry:
        try entry(&cursor, &budget)
      case Layout.Tag.requiredFeature:
        throw .unknownFeature(try cursor.name())
      case Layout.Tag.indexPadding:
        try cursor.padding()
        guard cursor.remaining == 0, offset == end else { throw cursor.malformed }
        return
      default:
        throw cursor.malformed
      }
    }
  }

  private mutating func entry<Source: ByteSource>(
    _ cursor: inout Cursor<Source>, _ budget: inout MemoryBudget
  ) throws(FormatError) {
    count += 1
    guard count <= sectionLimit else {
      let others = limits.sections - sectionLimit
      throw .overLimit(.sections, found: others + count, limit: limits.sections)
    }
    let length = try cursor.length()
    let entryEnd = cursor.offset + length
    try cursor.expect(Layout.Tag.kind)
    let kind = try cursor.number()
    try cursor.expect(Layout.Tag.name)
    let name = try cursor.name()
    try cursor.expect(Layout.Tag.sectionBytes)
    guard let bytes = Int(exactly: try cursor.varint()), bytes > 0, bytes <= end - offset else {
      throw cursor.malformed
    }
    try cursor.expect(Layout.Tag.entryCRC)
    let crc = try cursor.fixed32()
    try cursor.expect([Layout.Tag.entryDigest, UInt8(Digest.byteCount)])
    guard let digest = Digest(try cursor.bytes(Digest.byteCount)), cursor.offset == entryEnd else {
      throw cursor.malformed
    }
    let range = offset..<offset + bytes
    offset += bytes
    guard let known = SectionKind(rawValue: kind) else { return }
    try budget.take(MemoryLayout<IndexEntry>.stride + 32 + name.utf8.count)
    entries.append(
      IndexEntry(
        id: SectionID(kind: known, name: name), part: number, range: range, crc: crc,
        digest: digest))
  }
}
