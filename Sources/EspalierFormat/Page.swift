internal import EspalierGraph

/// What the index says of one of its pages, and where the page and the sections that it lists lie.
struct PageEntry: Sendable {
  /// The name of the page's first entry.
  let firstName: Name
  /// How many entries the page has.
  let count: Int
  /// The sections that it lists.
  let sections: Range<Int>
  /// The whole page field.
  let range: Range<Int>
  /// The CRC-32 of these bytes.
  let crc: UInt32
}

/// The pages of one part.
struct PageList {
  private let bytes: Range<Int>
  private var pages: [PageEntry] = []
  private var sectionBytes = 0
  private var pageBytes = 0

  /// Starts a list of pages that, with the sections before them, have to fill some bytes.
  init(sections bytes: Range<Int>) {
    self.bytes = bytes
  }

  /// The next page, after its tag; the places that it has are relative to the first section and the first page.
  mutating func next<Source: ByteSource>(
    _ cursor: inout Cursor<Source>
  ) throws(FormatError) -> PageEntry {
    let length = try cursor.length()
    let end = cursor.offset + length
    try cursor.expect(Layout.Tag.firstName)
    let name = try cursor.name()
    if let last = pages.last, !SectionOrder.precedes(last.firstName, name) {
      throw cursor.malformed
    }
    try cursor.expect(Layout.Tag.pageEntries)
    let count = Int(try cursor.number())
    guard (1...Layout.maximumEntriesOfPage).contains(count) else { throw cursor.malformed }
    try cursor.expect(Layout.Tag.pageSectionBytes)
    let sections = Int(exactly: try cursor.varint()) ?? Int.max
    try cursor.expect(Layout.Tag.pageBytes)
    let page = Int(try cursor.number())
    try cursor.expect(Layout.Tag.pageCRC)
    let crc = try cursor.fixed32()
    guard cursor.offset == end, page > 0 else { throw cursor.malformed }
    let rest = bytes.count - sectionBytes - pageBytes
    guard page <= rest, sections <= rest - page else {
      throw .sectionsDoNotFit(offset: bytes.lowerBound)
    }
    let entry = PageEntry(
      firstName: name, count: count, sections: sectionBytes..<sectionBytes + sections,
      range: pageBytes..<pageBytes + page, crc: crc)
    sectionBytes += sections
    pageBytes += page
    pages.append(entry)
    return entry
  }

  /// The pages with their places in the file.
  func laidOut<Source: ByteSource>(
    _ cursor: borrowing Cursor<Source>
  ) throws(FormatError) -> [PageEntry] {
    guard !pages.isEmpty else { throw cursor.malformed }
    guard sectionBytes + pageBytes == bytes.count else {
      throw .sectionsDoNotFit(offset: bytes.lowerBound)
    }
    let start = bytes.lowerBound
    return pages.map { page in
      PageEntry(
        firstName: page.firstName, count: page.count,
        sections: page.sections.lowerBound + start..<page.sections.upperBound + start,
        range: page.range.lowerBound + start + sectionBytes..<page.range.upperBound + start
          + sectionBytes,
        crc: page.crc)
    }
  }
}

extension PageEntry {
  /// Reads the page's entries, in their order.
  ///
  /// - Parameters:
  ///   - part: the position of the part, counted from the end of the file.
  ///   - next: the first name of the page after this one.
  func entries<Source: ByteSource>(
    _ source: Source, part: Int, before next: Name?
  ) throws(FormatError) -> [IndexEntry] {
    let place = FilePlace.page(range.lowerBound)
    var cursor = Cursor(source, range, place: place)
    var entries: [IndexEntry] = []
    entries.reserveCapacity(count)
    var laying = EntryReader(part: part, offset: sections.lowerBound, end: sections.upperBound)
    try cursor.expect(Layout.Tag.page)
    guard try cursor.length() == cursor.remaining else { throw cursor.malformed }
    while cursor.remaining > 0 {
      try cursor.expect(Layout.Tag.entry)
      let entry = try laying.next(&cursor)
      if let last = entries.last, last.order >= entry.order {
        guard last.order == entry.order else { throw cursor.malformed }
        throw .duplicateSection(entry.id)
      }
      entries.append(entry)
    }
    guard cursor.crc == crc else { throw .corrupt(place) }
    guard laying.isComplete else { throw .sectionsDoNotFit(offset: sections.lowerBound) }
    guard entries.count == count, entries[0].id.name == firstName,
      next.map({ SectionOrder.precedes(entries[count - 1].id.name, $0) }) ?? true
    else { throw cursor.malformed }
    return entries
  }
}
