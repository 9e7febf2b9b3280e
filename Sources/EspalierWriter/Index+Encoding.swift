internal import EspalierFormat
internal import EspalierGraph

/// A section that was written.
struct WrittenEntry {
  let id: SectionID
  let byteCount: Int
  let crc: UInt32
  let digest: Digest

  /// The entries of each page: a page ends with a name once it has enough.
  static func pages(_ entries: [WrittenEntry]) throws(WriterError) -> [ArraySlice<WrittenEntry>] {
    var pages: [ArraySlice<WrittenEntry>] = []
    var start = 0
    for index in entries.indices.dropFirst()
    where index - start >= Layout.entriesOfPage
      && entries[index].id.name != entries[index - 1].id.name
    {
      pages.append(entries[start..<index])
      start = index
    }
    pages.append(entries[start...])
    for page in pages where page.count > Layout.maximumEntriesOfPage {
      throw .tooManySections(page.count, limit: Layout.maximumEntriesOfPage)
    }
    return pages
  }

  /// The page field of entries.
  static func page(of entries: ArraySlice<WrittenEntry>) -> [UInt8] {
    var page = ProtobufEncoder()
    page.element(5) {
      for entry in entries { $0.element(1) { $0.entry(entry) } }
    }
    return page.bytes
  }
}

extension ProtobufEncoder {
  /// An `IndexEntry` message.
  mutating func entry(_ entry: WrittenEntry) {
    number(1, entry.id.kind.rawValue)
    name(2, entry.id.name)
    number(3, entry.byteCount)
    raw([Layout.Tag.entryCRC])
    fixed32(entry.crc)
    element(5, entry.digest.bytes)
  }

  /// A `PageEntry` message.
  mutating func page(_ entries: ArraySlice<WrittenEntry>, bytes: [UInt8]) {
    name(1, entries[entries.startIndex].id.name)
    number(2, entries.count)
    number(3, entries.reduce(0) { $0 + $1.byteCount })
    number(4, bytes.count)
    raw([Layout.Tag.pageCRC])
    fixed32(bytes.withUnsafeBytes { crc32Checksum($0) })
  }
}
