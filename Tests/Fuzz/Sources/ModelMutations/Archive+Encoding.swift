import FuzzSupport

/// A stretch of a file that has a checksum of its own.
enum Stretch {
  case header, section, page, index, trailer
}

extension Archive {
  /// The file of the pieces, with the lengths and checksums that they should have.
  ///
  /// - Parameter change: changes the bytes of a stretch before its checksum is taken.
  func encoded(_ change: (Stretch, inout [UInt8]) -> Void = { _, _ in }) -> [UInt8] {
    parts.flatMap { $0.encoded(change) }
  }

  /// How many stretches the file has.
  var stretchCount: Int {
    parts.reduce(0) { $0 + 3 + $1.sections.count + $1.pages.count }
  }
}

extension Archive.Part {
  /// The sections of each page.
  fileprivate var pages: [ArraySlice<Archive.Section>] {
    guard pageSections > 0 else { return [] }
    return stride(from: 0, to: sections.count, by: pageSections).map {
      sections[$0..<min($0 + pageSections, sections.count)]
    }
  }

  fileprivate func encoded(_ change: (Stretch, inout [UInt8]) -> Void) -> [UInt8] {
    var header = headerField
    change(.header, &header)
    var part = header
    var entries: [[UInt8]] = []
    var lengths: [Int] = []
    for section in sections {
      var bytes = section.encoded(offset: part.count)
      change(.section, &bytes)
      part += bytes
      entries.append(section.entry(bytes))
      lengths.append(bytes.count)
    }
    var index: [UInt8] = []
    if pageSections == 0 {
      for entry in entries { index.element(1, entry) }
      for feature in features { index.element(2, feature) }
    } else {
      index.element(2, Self.paged)
      for feature in features { index.element(2, feature) }
      for page in pages {
        var content: [UInt8] = []
        for entry in entries[page.indices] { content.element(1, entry) }
        var field: [UInt8] = []
        field.element(5, content)
        change(.page, &field)
        part += field
        var entry: [UInt8] = []
        entry.element(1, page.first?.name ?? [])
        entry.number(2, UInt64(page.count))
        entry.number(3, UInt64(lengths[page.indices].reduce(0, +)))
        entry.number(4, UInt64(field.count))
        entry.fixed32(5, field.crc32())
        index.element(3, entry)
      }
    }
    return finished(part, header: header, index: index, change)
  }

  private static let paged = Array("pages".utf8)

  private var headerField: [UInt8] {
    var content: [UInt8] = []
    content.element(1, Array("ESPALIER".utf8))
    content.fixed32(2, version)
    var header: [UInt8] = []
    header.element(1, content)
    return header
  }

  /// Pads and appends the index, then the trailer.
  private func finished(
    _ part: [UInt8], header: [UInt8], index content: [UInt8],
    _ change: (Stretch, inout [UInt8]) -> Void
  ) -> [UInt8] {
    var index: [UInt8] = []
    for padding in 0...127 {
      var padded = content
      padded.element(15, [UInt8](repeating: 0, count: padding))
      index = []
      index.element(3, padded)
      if (part.count + index.count) % 64 == 0 { break }
    }
    change(.index, &index)
    var trailer: [UInt8] = [0x22, 62, 0x09]
    trailer.fixed(UInt64(part.count + index.count + 64), 8)
    trailer.append(0x11)
    trailer.fixed(UInt64(index.count), 8)
    trailer.fixed32(3, index.crc32())
    trailer.fixed32(4, version)
    trailer.element(5, Array("ESPALIER-PART-END".utf8) + [UInt8](repeating: 0, count: 10))
    change(.trailer, &trailer)
    trailer.fixed32(6, trailer.crc32(after: header.crc32()))
    return part + index + trailer
  }
}

extension Archive.Section {
  /// The section field, at an offset of its part.
  fileprivate func encoded(offset: Int) -> [UInt8] {
    var fields: [UInt8] = []
    fields.number(1, kind)
    fields.element(2, name)
    fields.number(3, codec)
    fields.number(4, rawBytes)
    if codec == 3 {
      fields.number(5, elementBytes)
      var sizes: [UInt8] = []
      for size in chunkBytes { sizes.varint(size) }
      fields.element(6, sizes)
    }
    var section: [UInt8] = []
    for padding in 0...127 {
      var content = fields
      if codec == 1 { content.element(14, [UInt8](repeating: 0, count: padding)) }
      content.element(15, payload)
      section = []
      section.element(2, content)
      if codec != 1 || (offset + section.count - payload.count) % 64 == 0 { break }
    }
    return section
  }

  /// The index entry, given the section field.
  fileprivate func entry(_ bytes: [UInt8]) -> [UInt8] {
    var entry: [UInt8] = []
    entry.number(1, kind)
    entry.element(2, name)
    entry.number(3, UInt64(bytes.count))
    entry.fixed32(4, bytes.crc32())
    entry.element(5, digest)
    return entry
  }
}
