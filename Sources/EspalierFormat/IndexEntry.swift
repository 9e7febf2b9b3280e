internal import EspalierGraph

/// What the index says of one section, and where the section lies.
package struct IndexEntry: Sendable {
  /// What the section is called.
  package let id: SectionID
  /// The position of its part, counted from the end of the file.
  package let part: Int
  /// The whole section field.
  package let range: Range<Int>
  /// The CRC-32 of these bytes.
  package let crc: UInt32
  /// The digest of the decoded payload.
  package let digest: Digest

  /// Makes an entry.
  package init(id: SectionID, part: Int, range: Range<Int>, crc: UInt32, digest: Digest) {
    self.id = id
    self.part = part
    self.range = range
    self.crc = crc
    self.digest = digest
  }

  /// Bytes of memory that the entry takes.
  var memoryBytes: Int { MemoryLayout<IndexEntry>.stride + 32 + id.name.utf8.count }

  /// Where the section stands among those of its part.
  package var order: SectionOrder { SectionOrder(id, digest) }
}

/// Parses entries and lays their sections end to end.
struct EntryReader {
  /// The part's position, counted from the end of the file.
  let part: Int
  /// Where the next section begins.
  private(set) var offset: Int
  /// Where the last section has to end.
  let end: Int

  /// Starts with the section that begins at `offset`.
  init(part: Int, offset: Int, end: Int) {
    self.part = part
    self.offset = offset
    self.end = end
  }

  /// Whether the sections reach to the end and no further.
  var isComplete: Bool { offset == end }

  /// The next entry, after its tag.
  mutating func next<Source: ByteSource>(
    _ cursor: inout Cursor<Source>
  ) throws(FormatError) -> IndexEntry {
    let length = try cursor.length()
    let entryEnd = cursor.offset + length
    try cursor.expect(Layout.Tag.kind)
    let kind = try cursor.number()
    guard kind > 0 else { throw cursor.malformed }
    try cursor.expect(Layout.Tag.name)
    let name = try cursor.name()
    try cursor.expect(Layout.Tag.sectionBytes)
    guard let bytes = Int(exactly: try cursor.varint()), bytes > 0 else { throw cursor.malformed }
    guard bytes <= end - offset else { throw .sectionsDoNotFit(offset: offset) }
    try cursor.expect(Layout.Tag.entryCRC)
    let crc = try cursor.fixed32()
    try cursor.expect([Layout.Tag.entryDigest, UInt8(Digest.byteCount)])
    guard let digest = Digest(try cursor.bytes(Digest.byteCount)), cursor.offset == entryEnd else {
      throw cursor.malformed
    }
    let range = offset..<offset + bytes
    offset += bytes
    return IndexEntry(
      id: SectionID(kind: SectionKind(rawValue: kind), name: name), part: part, range: range,
      crc: crc, digest: digest)
  }
}
