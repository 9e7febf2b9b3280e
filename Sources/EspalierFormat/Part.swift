internal import EspalierGraph

/// One part of a file, its header, trailer and index checked.
struct Part: Sendable {
  /// Its position, counted from the end of the file.
  let number: Int
  /// Its bytes in the file.
  let range: Range<Int>
  /// How many sections it has.
  let sectionCount: Int
  /// What its index lists.
  let contents: PartContents
}

/// What the index of a part lists.
enum PartContents: Sendable {
  /// The sections.
  case entries([IndexEntry])
  /// Pages, which list the sections.
  case pages([PageEntry])
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
    budget: inout ByteBudget
  ) throws(FormatError) {
    guard end >= minimumPartBytes else { throw .noTrailer(offset: end) }
    let trailer = try Trailer(source, endingAt: end)
    let place = FilePlace.index(trailer.part.lowerBound)
    var cursor = Cursor(source, trailer.index, place: place)
    var reader = IndexReader(
      number: number, sections: trailer.part.lowerBound + Layout.headerBytes..<cursor.offset,
      sectionLimit: sectionLimit, limits: limits)
    let contents = try reader.read(&cursor, &budget)
    guard cursor.crc == trailer.indexCRC else { throw .corrupt(place) }
    self.number = number
    self.contents = contents
    range = trailer.part
    sectionCount = reader.count
  }
}

extension ByteSource {
  /// The bytes of the part that ends at one, nil when none with a sound header, trailer and index does.
  ///
  /// - Throws: `FormatError` when the bytes cannot be read, or the index takes more than a budget allows.
  package func part(
    endingAt end: Int, limits: ReaderLimits, spending budget: inout ByteBudget
  ) throws(FormatError) -> Range<Int>? {
    do throws(FormatError) {
      let part = try Part(
        self, endingAt: end, number: 0, sectionLimit: limits.sections, limits: limits,
        budget: &budget)
      return part.range
    } catch {
      switch error {
      case .fileProblem, .endOfFile, .overLimit: throw error
      default: return nil
      }
    }
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
      var cursor = Cursor(source, range, place: place, after: sum)
      try cursor.skipToEnd()
      sum = cursor.crc
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
