import FuzzSupport

/// A file in pieces, as schema/FORMAT.md lays it out, independent of the code under test.
struct Archive {
  var parts: [Part]

  struct Part {
    var version: UInt32 = 1
    var sections: [Section] = []
    /// Names of required features.
    var features: [[UInt8]] = []
    /// Sections that a page of the index lists; 0 when the index lists them itself.
    var pageSections = 0
  }

  struct Section {
    var kind: UInt64
    var name: [UInt8]
    /// As the index says it, whatever the payload is.
    var digest: [UInt8]
    var codec: UInt64
    var rawBytes: UInt64
    /// With the codec planes.
    var elementBytes: UInt64 = 0
    /// With the codec planes.
    var chunkBytes: [UInt64] = []
    /// As it is stored.
    var payload: [UInt8]
  }
}

// MARK: - Reading

extension Archive {
  /// Takes a file apart, whatever its checksums are; nil when its lengths lead nowhere.
  init?(_ file: [UInt8]) {
    parts = []
    var end = file.count
    while end > 0 {
      guard end >= 128 else { return nil }
      var trailer = WireReader(file[end - 64..<end])
      guard trailer.take(3) != nil, let bytes = trailer.fixed(8), trailer.take(1) != nil,
        let indexBytes = trailer.fixed(8), let part = Int(exactly: bytes), part <= end,
        let index = Int(exactly: indexBytes), index <= part - 81, index > 0
      else { return nil }
      let range = end - part..<end
      guard let part = Part(file[range], indexBytes: index) else { return nil }
      parts.insert(part, at: 0)
      end = range.lowerBound
    }
    if parts.isEmpty { return nil }
  }
}

extension Archive.Part {
  fileprivate init?(_ bytes: ArraySlice<UInt8>, indexBytes: Int) {
    version = UInt32(
      truncatingIfNeeded: bytes.dropFirst(13).prefix(4).reversed().reduce(0) {
        $0 << 8 | UInt64($1)
      })
    let end = bytes.endIndex - 64
    var list = Index()
    guard list.read(bytes[end - indexBytes..<end], field: 3) else { return nil }
    features = list.features
    var reader = WireReader(bytes[(bytes.startIndex + 17)..<end - indexBytes])
    if !list.pages.isEmpty {
      let pagesBytes = list.pages.reduce(UInt64(0)) { $0 &+ $1.bytes }
      guard
        var rest = Int(exactly: pagesBytes).flatMap({ count in
          count <= bytes.count ? WireReader(bytes[..<(end - indexBytes)].suffix(count)) : nil
        })
      else { return nil }
      for page in list.pages {
        guard let field = rest.take(Int(clamping: page.bytes)), list.read(field, field: 5) else {
          return nil
        }
      }
      pageSections = Int(clamping: max(list.pages[0].entries, 1))
      features.removeAll { $0 == Self.pagesFeature }
    }
    for entry in list.entries {
      guard let field = reader.take(Int(clamping: entry.bytes)),
        let section = Archive.Section(field, entry)
      else { return nil }
      sections.append(section)
    }
  }

  fileprivate static let pagesFeature = Array("pages".utf8)

  fileprivate struct Index {
    struct Entry {
      var kind: UInt64 = 0
      var name: [UInt8] = []
      var bytes: UInt64 = 0
      var digest: [UInt8] = []
    }

    var entries: [Entry] = []
    var features: [[UInt8]] = []
    var pages: [(entries: UInt64, bytes: UInt64)] = []

    /// Reads an index field, or a page field.
    mutating func read(_ bytes: ArraySlice<UInt8>, field: UInt64) -> Bool {
      var outer = WireReader(bytes)
      guard outer.varint() == field << 3 | 2, let content = outer.element() else { return false }
      var reader = WireReader(content)
      while !reader.isAtEnd {
        guard let tag = reader.varint(), let element = reader.element() else { return false }
        var fields = WireReader(element)
        switch tag >> 3 {
        case 1:
          guard fields.varint() != nil, let kind = fields.varint(), fields.varint() != nil,
            let name = fields.element(), fields.varint() != nil, let bytes = fields.varint(),
            fields.take(5) != nil, fields.varint() != nil, let digest = fields.element()
          else { return false }
          entries.append(
            Entry(kind: kind, name: Array(name), bytes: bytes, digest: Array(digest)))
        case 2:
          features.append(Array(element))
        case 3:
          guard fields.varint() != nil, fields.element() != nil, fields.varint() != nil,
            let entries = fields.varint(), fields.varint() != nil, fields.varint() != nil,
            fields.varint() != nil, let bytes = fields.varint()
          else { return false }
          pages.append((entries, bytes))
        default:
          continue
        }
      }
      return true
    }
  }
}

extension Archive.Section {
  fileprivate init?(_ bytes: ArraySlice<UInt8>, _ entry: Archive.Part.Index.Entry) {
    var outer = WireReader(bytes)
    guard outer.varint() != nil, let content = outer.element() else { return nil }
    var reader = WireReader(content)
    var (numbers, payload) = ([UInt64](repeating: 0, count: 6), nil as [UInt8]?)
    while !reader.isAtEnd {
      guard let tag = reader.varint() else { return nil }
      if tag & 7 == 0, let value = reader.varint() {
        if tag >> 3 < 6 { numbers[Int(tag >> 3)] = value }
      } else if tag & 7 == 2, let element = reader.element() {
        switch tag >> 3 {
        case 6:
          var sizes = WireReader(element)
          while !sizes.isAtEnd, let size = sizes.varint() { chunkBytes.append(size) }
        case 15: payload = Array(element)
        default: continue
        }
      } else {
        return nil
      }
    }
    guard let payload else { return nil }
    (kind, name, digest) = (entry.kind, entry.name, entry.digest)
    (codec, rawBytes, elementBytes) = (numbers[3], numbers[4], numbers[5])
    self.payload = payload
  }
}
