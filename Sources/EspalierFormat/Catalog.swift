internal import EspalierGraph

/// The sections of a file, found by name.
///
/// Entries of small parts are kept; those of parts with pages are read when they are looked for, one page at a time.
struct Catalog<Source: ByteSource> {
  private let source: Source
  private let parts: [Part]
  /// The entries of all parts without pages, ascending by name, kind, part and digest; the last part has number 0.
  private let entries: [IndexEntry]
  /// The parts with pages, the last one first.
  private let paged: [PagedPart]
  /// The trunk that counts: the last one.
  let trunk: IndexEntry

  private struct PagedPart {
    let number: Int
    let pages: [PageEntry]
  }

  /// The bytes of each part, in the order of the file.
  var partRanges: [Range<Int>] { parts.reversed().map { $0.range } }

  /// Reads all parts, from the last to the first.
  init(
    _ source: Source, _ limits: ReaderLimits, _ budget: inout ByteBudget
  ) throws(FormatError) {
    self.source = source
    parts = try Self.parts(source, limits, &budget)
    var entries: [IndexEntry] = []
    var paged: [PagedPart] = []
    for part in parts {
      switch part.contents {
      case .entries(let list): entries += list
      case .pages(let pages): paged.append(PagedPart(number: part.number, pages: pages))
      }
    }
    entries.sort { Key($0) < Key($1) }
    self.entries = entries
    self.paged = paged
    try Self.expectDistinct(entries)
    trunk = try Self.trunk(source, entries, paged)
  }

  /// The same sections, those of pages read and kept.
  private init(_ catalog: Catalog, entries: [IndexEntry]) {
    source = catalog.source
    parts = catalog.parts
    self.entries = entries
    paged = []
    trunk = catalog.trunk
  }

  /// Bytes of all pages.
  var pageBytes: Int {
    paged.reduce(0) { $0 + $1.pages.reduce(0) { $0 + $1.range.count } }
  }

  /// The catalog with every page read, for looking up many names.
  func expanded(_ budget: inout ByteBudget) throws(FormatError) -> Catalog {
    if paged.isEmpty { return self }
    var all = try allSections()
    for entry in all { try budget.take(entry.memoryBytes) }
    all.sort { Key($0) < Key($1) }
    return Catalog(self, entries: all)
  }

  private static func parts(
    _ source: Source, _ limits: ReaderLimits, _ budget: inout ByteBudget
  ) throws(FormatError) -> [Part] {
    var parts: [Part] = []
    var sections = 0
    var end = source.byteCount
    repeat {
      guard parts.count < limits.parts else {
        throw .overLimit(.parts, found: parts.count + 1, limit: limits.parts)
      }
      try budget.take(MemoryLayout<Part>.stride)
      let part = try Part(
        source, endingAt: end, number: parts.count, sectionLimit: limits.sections - sections,
        limits: limits, budget: &budget)
      sections += part.sectionCount
      end = part.range.lowerBound
      parts.append(part)
    } while end > 0
    return parts
  }

  private static func expectDistinct(_ sorted: [IndexEntry]) throws(FormatError) {
    for (entry, next) in zip(sorted, sorted.dropFirst()) where entry.clashes(with: next) {
      throw .duplicateSection(entry.id)
    }
  }

  /// The trunk of the last part that has one, after checking that all parts mean the same.
  private static func trunk(
    _ source: Source, _ entries: [IndexEntry], _ paged: [PagedPart]
  ) throws(FormatError) -> IndexEntry {
    var trunks = entries.filter { $0.id == .trunk }
    for part in paged where part.pages[0].firstName == SectionID.trunkName {
      let first = try part.pages[0].entries(
        source, part: part.number, before: part.pages.dropFirst().first?.firstName)
      trunks += first.filter { $0.id == .trunk }
    }
    guard let last = trunks.min(by: { $0.part < $1.part }) else { throw .noTrunk }
    for other in trunks where other.digest != last.digest {
      throw .differentTrunks(other.digest, last.digest)
    }
    return last
  }

  /// The sections of a name, those of the last part first.
  func sections(_ id: SectionID) throws(FormatError) -> [IndexEntry] {
    var found = Array(entries[place(of: Key(id))...].prefix { $0.id == id })
    for part in paged { found += try page(of: id.name, in: part).filter { $0.id == id } }
    return paged.isEmpty ? found : found.sorted { Key($0) < Key($1) }
  }

  /// The section of a name in the last part that has one, or nil.
  func last(_ id: SectionID) throws(FormatError) -> IndexEntry? {
    try first(from: Key(id)) { $0.id == id }
  }

  /// The section of a name, a part and a digest, or nil.
  private func section(
    _ id: SectionID, part: Int, _ digest: Digest
  ) throws(FormatError) -> IndexEntry? {
    let wanted = Key(id, part: part, digest)
    return try first(from: wanted) { Key($0) == wanted }
  }

  /// The first of the sections from a place on, if it is one that is wanted.
  private func first(
    from key: Key, where isWanted: (IndexEntry) -> Bool
  ) throws(FormatError) -> IndexEntry? {
    let place = place(of: key)
    var first = place < entries.count ? entries[place] : nil
    for part in paged {
      for entry in try page(of: key.name, in: part) where !(Key(entry) < key) {
        if first.map({ Key(entry) < Key($0) }) ?? true { first = entry }
      }
    }
    return first.flatMap { isWanted($0) ? $0 : nil }
  }

  /// Where the entries from a place on begin.
  private func place(of key: Key) -> Int { lowerBound(entries.count) { Key(entries[$0]) < key } }

  /// The entries of the page that would list the sections of a name.
  private func page(of name: Name, in part: PagedPart) throws(FormatError) -> [IndexEntry] {
    let after = lowerBound(part.pages.count) {
      !SectionOrder.precedes(name, part.pages[$0].firstName)
    }
    return after > 0 ? try entries(ofPage: after - 1, in: part) : []
  }

  private func entries(
    ofPage index: Int, in part: PagedPart
  ) throws(FormatError) -> [IndexEntry] {
    let next = index + 1 < part.pages.count ? part.pages[index + 1].firstName : nil
    let entries = try part.pages[index].entries(source, part: part.number, before: next)
    try Self.expectDistinct(entries)
    return entries
  }

  /// Every section, in the order of the file.
  func allSections() throws(FormatError) -> [IndexEntry] {
    var all = entries
    for part in paged {
      for index in part.pages.indices {
        all += try entries(ofPage: index, in: part)
      }
    }
    return all.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// The heads that count, ascending by name: of each name the one in the last part.
  func heads() throws(FormatError) -> [IndexEntry] {
    var heads: [IndexEntry] = []
    let all = try allSections().filter { $0.id.kind == .head }.sorted { Key($0) < Key($1) }
    for head in all where heads.last?.id != head.id { heads.append(head) }
    return heads
  }

  /// The outputs that belong to a head: from its own part or a later one, or nil.
  func example(of head: IndexEntry) throws(FormatError) -> IndexEntry? {
    let last = try last(SectionID(kind: .example, name: head.id.name))
    return last.flatMap { $0.part <= head.part ? $0 : nil }
  }

  /// The inputs that a head's outputs name: from the outputs' part, or else from the trunk's.
  func inputs(of example: IndexEntry, _ digest: Digest) throws(FormatError) -> IndexEntry {
    let id = SectionID(kind: .example, name: SectionID.trunkName)
    return try section(id, digest, of: example)
  }

  /// The weights that a graph of a section names: from its own part, or else from the trunk's.
  func weights(
    _ reference: WeightsReference, of entry: IndexEntry
  ) throws(FormatError) -> IndexEntry {
    try section(SectionID(kind: .weights, name: reference.name), reference.digest, of: entry)
  }

  /// The section of a digest that another one names.
  private func section(
    _ id: SectionID, _ digest: Digest, of entry: IndexEntry
  ) throws(FormatError) -> IndexEntry {
    for part in [entry.part, trunk.part] {
      if let section = try section(id, part: part, digest) { return section }
    }
    let others = try sections(id).filter { $0.part == entry.part || $0.part == trunk.part }
    let other = others.first { $0.part == entry.part } ?? others.first
    throw .missingSection(id, of: entry.id, expected: digest, found: other?.digest)
  }
}

extension Catalog: Sendable where Source: Sendable {}

extension IndexEntry {
  /// Whether another section may not stand in the same part.
  ///
  /// Of trunk, head, about and a head's example there is one; sections of other kinds differ by digest.
  fileprivate func clashes(with other: IndexEntry) -> Bool {
    guard id == other.id, part == other.part else { return false }
    switch id.kind {
    case .trunk, .head, .about: return true
    case .example where id.name != SectionID.trunkName: return true
    default: return digest == other.digest
    }
  }
}

/// The order in which a catalog keeps entries.
private struct Key: Comparable {
  private let id: SectionID
  private let part: Int
  private let digest: Digest?

  /// The name of the section.
  var name: Name { id.name }

  /// The place of an entry.
  init(_ entry: IndexEntry) {
    self.init(entry.id, part: entry.part, entry.digest)
  }

  /// A place; without a part and a digest the one before all entries of a name and kind.
  init(_ id: SectionID, part: Int = 0, _ digest: Digest? = nil) {
    self.id = id
    self.part = part
    self.digest = digest
  }

  static func < (left: Key, right: Key) -> Bool {
    if left.id.name != right.id.name { return left.id.name < right.id.name }
    if left.id.kind != right.id.kind { return left.id.kind < right.id.kind }
    if left.part != right.part { return left.part < right.part }
    guard let digest = right.digest else { return false }
    return left.digest.map { $0 < digest } ?? true
  }
}

/// The first number of `0..<count` that does not precede, given that all that precede come first.
func lowerBound(_ count: Int, _ precedes: (Int) -> Bool) -> Int {
  var (low, high) = (0, count)
  while low < high {
    let middle = (low + high) / 2
    if precedes(middle) { low = middle + 1 } else { high = middle }
  }
  return low
}
