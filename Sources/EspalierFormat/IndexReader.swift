internal import EspalierGraph

/// Parses the index of a part.
struct IndexReader {
  private let number: Int
  private let sections: Range<Int>
  private let sectionLimit: Int
  private let limits: ReaderLimits
  /// How many sections the index has listed so far.
  private(set) var count = 0

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - number: the part's position, counted from the end of the file.
  ///   - sections: the bytes that sections and pages have to fill.
  ///   - sectionLimit: how many sections the part may have.
  init(number: Int, sections: Range<Int>, sectionLimit: Int, limits: ReaderLimits) {
    self.number = number
    self.sections = sections
    self.sectionLimit = sectionLimit
    self.limits = limits
  }

  /// Reads the index field.
  mutating func read<Source: ByteSource>(
    _ cursor: inout Cursor<Source>, _ budget: inout ByteBudget
  ) throws(FormatError) -> PartContents {
    try cursor.expect(Layout.Tag.index)
    guard try cursor.length() == cursor.remaining else { throw cursor.malformed }
    var entries: [IndexEntry] = []
    var laying = EntryReader(part: number, offset: sections.lowerBound, end: sections.upperBound)
    var pages = PageList(sections: sections)
    var hasPages = false
    while true {
      let tag = try cursor.byte()
      switch tag {
      case Layout.Tag.entry where !hasPages:
        let entry = try laying.next(&cursor)
        try take(1)
        try budget.take(entry.memoryBytes)
        entries.append(entry)
      case Layout.Tag.requiredFeature:
        let name = try cursor.name()
        guard name == Layout.pagesFeature else { throw .unknownFeature(name) }
        guard !hasPages, entries.isEmpty else { throw cursor.malformed }
        hasPages = true
      case Layout.Tag.indexPage where hasPages:
        let page = try pages.next(&cursor)
        try take(page.count)
        try budget.take(MemoryLayout<PageEntry>.stride + 32 + page.firstName.utf8.count)
      case Layout.Tag.indexPadding:
        try cursor.padding()
        guard cursor.remaining == 0 else { throw cursor.malformed }
        if hasPages { return .pages(try pages.laidOut(cursor)) }
        guard laying.isComplete else { throw .sectionsDoNotFit(offset: sections.lowerBound) }
        return .entries(entries)
      default:
        throw cursor.malformed
      }
    }
  }

  /// Counts sections against the limit.
  private mutating func take(_ sections: Int) throws(FormatError) {
    count += sections
    guard count <= sectionLimit else {
      let others = limits.sections - sectionLimit
      throw .overLimit(.sections, found: others + count, limit: limits.sections)
    }
  }
}
