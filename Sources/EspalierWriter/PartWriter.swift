package import EspalierFormat
internal import EspalierGraph

/// Lays out one part: header, sections, pages of the index, index, trailer.
///
/// The caller appends sections in `SectionOrder`; the part begins on a boundary of the file.
package struct PartWriter<Sink: ByteSink> {
  private var sink: Sink
  /// How many bytes of the part were written.
  private var offset = 0
  private var header: [UInt8] = []
  private var entries: [WrittenEntry] = []

  /// Begins a part after what the sink holds.
  package init(_ sink: Sink) throws(WriterError) {
    self.sink = sink
    var encoder = ProtobufEncoder()
    encoder.element(1) {
      $0.element(1, Layout.headerMagic)
      $0.raw([Layout.Tag.headerVersion])
      $0.fixed32(UInt32(Layout.version))
    }
    header = encoder.bytes
    try write(header)
  }

  /// How many sections were written.
  var sectionCount: Int { entries.count }

  private mutating func write(_ bytes: [UInt8]) throws(WriterError) {
    try sink.write(bytes)
    offset += bytes.count
  }

  /// Appends a section.
  package mutating func append(_ section: EncodedSection) throws(WriterError) {
    let start = EncodedSection.start(
      section.fields, payloadBytes: section.payload.count, isAligned: section.isAligned,
      offset: offset)
    let crc = section.payload.withUnsafeBytes { payload in
      crc32Checksum(payload, after: start.withUnsafeBytes { crc32Checksum($0) })
    }
    try write(start)
    try write(section.payload)
    entries.append(
      WrittenEntry(
        id: section.id, byteCount: start.count + section.payload.count, crc: crc,
        digest: section.digest))
  }

  /// Appends a section field that was made elsewhere.
  package mutating func append(
    _ bytes: [UInt8], id: SectionID, digest: Digest
  ) throws(WriterError) {
    let crc = bytes.withUnsafeBytes { crc32Checksum($0) }
    try write(bytes)
    entries.append(WrittenEntry(id: id, byteCount: bytes.count, crc: crc, digest: digest))
  }

  /// Appends a section of another file, byte for byte but for the padding before a payload on a boundary.
  ///
  /// - Throws: `WriterError.unreadable` when the section is damaged.
  package mutating func append<Source: ByteSource>(
    _ entry: IndexEntry, from source: Source
  ) throws(WriterError) {
    let copy = try SectionCopy(entry, source, offset: offset)
    var crc = copy.start.withUnsafeBytes { crc32Checksum($0) }
    try sink.write(copy.start)
    var sum: UInt32 = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { buffer.deallocate() }
    var position = entry.range.lowerBound
    while position < entry.range.upperBound {
      let count = min(buffer.count, entry.range.upperBound - position)
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
      do throws(FormatError) {
        try source.read(at: position, into: piece)
      } catch {
        throw .unreadable(error)
      }
      sum = crc32Checksum(UnsafeRawBufferPointer(piece), after: sum)
      let skipped = min(max(copy.body.lowerBound - position, 0), count)
      let kept = UnsafeRawBufferPointer(rebasing: piece[skipped...])
      crc = crc32Checksum(kept, after: crc)
      try sink.write(kept)
      position += count
    }
    guard sum == entry.crc else { throw .unreadable(.corrupt(.section(entry.id))) }
    let byteCount = copy.start.count + copy.body.count
    offset += byteCount
    entries.append(
      WrittenEntry(id: entry.id, byteCount: byteCount, crc: crc, digest: entry.digest))
  }

  /// Ends the part; returns the sink.
  package consuming func finish() throws(WriterError) -> Sink {
    let limit = ReaderLimits().sections
    guard entries.count <= limit else { throw .tooManySections(entries.count, limit: limit) }
    var body = ProtobufEncoder()
    if entries.count <= Layout.entriesOfIndex {
      for entry in entries { body.element(1) { $0.entry(entry) } }
    } else {
      body.element(2, Layout.pagesFeature.utf8)
      for group in try WrittenEntry.pages(entries) {
        let page = WrittenEntry.page(of: group)
        try write(page)
        body.element(3) { $0.page(group, bytes: page) }
      }
    }
    let index = index(body.bytes)
    try write(index)
    try write(trailer(index))
    return sink
  }

  /// The index field, padded so that it ends on a boundary.
  private func index(_ body: [UInt8]) -> [UInt8] {
    func index(padding: Int) -> ProtobufEncoder {
      var index = ProtobufEncoder()
      index.raw([Layout.Tag.index])
      index.varint(UInt64(body.count + 2 + padding))
      index.raw(body)
      index.element(15, [UInt8](repeating: 0, count: padding))
      return index
    }
    let least = index(padding: 0).bytes.count
    let missing = -(offset + least) & (Layout.alignment - 1)
    // A longer padding may take a byte more for the length of the index.
    let padding = [missing, missing - 1, missing + Layout.alignment - 1].first {
      $0 >= 0 && (offset + index(padding: $0).bytes.count) % Layout.alignment == 0
    }
    guard let padding else { preconditionFailure("no padding reaches the boundary") }
    return index(padding: padding).bytes
  }

  /// The trailer field, after header, sections and index were written.
  private func trailer(_ index: [UInt8]) -> [UInt8] {
    var trailer = ProtobufEncoder()
    trailer.raw([Layout.Tag.trailer, UInt8(Layout.trailerBytes - 2), Layout.Tag.partBytes])
    trailer.fixed64(UInt64(offset + Layout.trailerBytes))
    trailer.raw([Layout.Tag.indexBytes])
    trailer.fixed64(UInt64(index.count))
    trailer.raw([Layout.Tag.indexCRC])
    trailer.fixed32(index.withUnsafeBytes { crc32Checksum($0) })
    trailer.raw([Layout.Tag.trailerVersion])
    trailer.fixed32(UInt32(Layout.version))
    trailer.element(5, Layout.trailerMagic)
    let checked = header + trailer.bytes
    trailer.raw([Layout.Tag.trailerCRC])
    trailer.fixed32(checked.withUnsafeBytes { crc32Checksum($0) })
    return trailer.bytes
  }
}

/// How a section of another file is written at an offset.
private struct SectionCopy {
  /// What comes before the bytes that are copied.
  let start: [UInt8]
  /// The bytes of the other file that are copied.
  let body: Range<Int>

  init<Source: ByteSource>(
    _ entry: IndexEntry, _ source: Source, offset: Int
  ) throws(WriterError) {
    let header: SectionHeader
    do throws(FormatError) {
      header = try SectionReader(source, entry).header
    } catch {
      // A kind that a later version has made may come with a codec that it has made, too.
      guard SectionKind.known.contains(entry.id.kind.rawValue) else {
        (start, body) = ([], entry.range)
        return
      }
      throw .unreadable(error)
    }
    guard header.codec == .none else {
      (start, body) = ([], entry.range)
      return
    }
    let fields = EncodedSection.fields(entry.id, .none, rawBytes: header.rawBytes)
    start = EncodedSection.start(
      fields.bytes, payloadBytes: header.rawBytes, isAligned: true, offset: offset)
    body = header.payload
  }
}
