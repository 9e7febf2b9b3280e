internal import EspalierFormat
internal import EspalierGraph

/// Lays out one part: header, sections, index, trailer.
struct PartEncoder {
  /// What was written so far.
  private(set) var bytes: [UInt8]
  private var entries = ProtobufEncoder()
  /// How many sections were written.
  private(set) var sectionCount = 0

  /// Begins a part.
  init() {
    var header = ProtobufEncoder()
    header.element(1) {
      $0.element(1, Layout.headerMagic)
      $0.raw([Layout.Tag.headerVersion])
      $0.fixed32(UInt32(Layout.version))
    }
    bytes = header.bytes
  }

  /// Appends a section.
  mutating func append(_ section: EncodedSection) {
    bytes.append(contentsOf: section.bytes)
    sectionCount += 1
    entries.element(1) {
      $0.number(1, section.id.kind.rawValue)
      $0.name(2, section.id.name)
      $0.number(3, section.bytes.count)
      $0.raw([Layout.Tag.entryCRC])
      $0.fixed32(section.bytes.withUnsafeBytes { crc32Checksum($0) })
      $0.element(5, section.digest.bytes)
    }
  }

  /// Ends the part; returns all of it.
  consuming func finished() -> [UInt8] {
    let index = index()
    bytes.append(contentsOf: index)
    bytes.append(contentsOf: trailer(index))
    return bytes
  }

  /// The index field, padded so that it ends on a boundary.
  private func index() -> [UInt8] {
    func start(padding: Int) -> ProtobufEncoder {
      var index = ProtobufEncoder()
      index.raw([Layout.Tag.index])
      index.varint(UInt64(entries.bytes.count + 2 + padding))
      return index
    }
    let padding = Layout.leastPadding {
      let indexBytes = start(padding: $0).bytes.count + entries.bytes.count + 2 + $0
      return (bytes.count + indexBytes) % Layout.alignment == 0
    }
    var index = start(padding: padding)
    index.raw(entries.bytes)
    index.element(15, [UInt8](repeating: 0, count: padding))
    return index.bytes
  }

  /// The trailer field, after header, sections and index were written.
  private func trailer(_ index: [UInt8]) -> [UInt8] {
    var trailer = ProtobufEncoder()
    trailer.raw([Layout.Tag.trailer, UInt8(Layout.trailerBytes - 2), Layout.Tag.partBytes])
    trailer.fixed64(UInt64(bytes.count + Layout.trailerBytes))
    trailer.raw([Layout.Tag.indexBytes])
    trailer.fixed64(UInt64(index.count))
    trailer.raw([Layout.Tag.indexCRC])
    trailer.fixed32(index.withUnsafeBytes { crc32Checksum($0) })
    trailer.raw([Layout.Tag.trailerVersion])
    trailer.fixed32(UInt32(Layout.version))
    trailer.element(5, Layout.trailerMagic)
    let checked = bytes[..<Layout.headerBytes] + trailer.bytes
    trailer.raw([Layout.Tag.trailerCRC])
    trailer.fixed32(Array(checked).withUnsafeBytes { crc32Checksum($0) })
    return trailer.bytes
  }
}
