public import EspalierGraph

/// The constants of the file layout, which schema/FORMAT.md describes.
package enum Layout {
  /// The one version of the layout that this code reads and writes.
  package static let version = 1

  /// What begins a part, without its version.
  package static let headerMagic = Array("ESPALIER".utf8)
  /// What ends a part: a text padded with zeros so that the trailer field has its fixed size.
  package static let trailerMagic =
    Array("ESPALIER-PART-END".utf8) + [UInt8](repeating: 0, count: 10)

  /// Bytes of the whole header field.
  package static let headerBytes = 17
  /// Bytes of the whole trailer field.
  package static let trailerBytes = 64
  /// The boundary that parts begin on, and payloads that are stored as they are.
  package static let alignment = 64
  /// Padding fields are shorter than this, so that one byte tells their length.
  package static let maximumPadding = 127

  /// The most sections that an index lists itself; beyond, it has pages.
  package static let entriesOfIndex = 128
  /// A page is full when it has as many entries, and its last name has no more.
  package static let entriesOfPage = 128
  /// The most entries of a page.
  package static let maximumEntriesOfPage = 1024
  /// The required feature that a part with pages states.
  package static let pagesFeature: Name = "pages"

  /// Elements of a block of byte planes, and so bytes of a chunk, the last of a section apart.
  package static let blockElements = 65_536
  /// The widths of elements that byte planes are made of.
  package static let elementWidths = [1, 2, 4, 8]

  /// The most bytes that `stored` bytes of deflate can become.
  ///
  /// A length and a distance take at least two bits and stand for at most 258 bytes, which is 1032 to 1. Saturates.
  package static func maximumInflated(_ stored: Int) -> Int {
    let (product, overflow) = stored.multipliedReportingOverflow(by: 1032)
    let (sum, carry) = product.addingReportingOverflow(64)
    return overflow || carry ? Int.max : sum
  }

  /// The most bytes that may stand for `raw` bytes, so that a stream of empty blocks cannot keep a reader busy.
  ///
  /// zlib exceeds its input by 0.03 % and a few bytes. Saturates.
  package static func maximumStored(_ raw: Int) -> Int {
    let (sum, overflow) = raw.addingReportingOverflow(raw / 8 + 64)
    return overflow ? Int.max : sum
  }

  /// Tags of the fields of the framing: field number times 8 plus wire type.
  package enum Tag {
    /// `File.header`.
    package static let header: UInt8 = 0x0A
    /// `File.section`.
    package static let section: UInt8 = 0x12
    /// `File.index`.
    package static let index: UInt8 = 0x1A
    /// `File.trailer`.
    package static let trailer: UInt8 = 0x22
    /// `File.page`.
    package static let page: UInt8 = 0x2A

    /// `Header.magic`.
    package static let headerMagic: UInt8 = 0x0A
    /// `Header.version`.
    package static let headerVersion: UInt8 = 0x15

    /// `Section.kind`, `IndexEntry.kind`.
    package static let kind: UInt8 = 0x08
    /// `Section.name`, `IndexEntry.name`.
    package static let name: UInt8 = 0x12
    /// `Section.codec`.
    package static let codec: UInt8 = 0x18
    /// `Section.raw_bytes`.
    package static let rawBytes: UInt8 = 0x20
    /// `Section.element_bytes`.
    package static let elementBytes: UInt8 = 0x28
    /// `Section.chunk_bytes`.
    package static let chunkBytes: UInt8 = 0x32
    /// `Section.padding`.
    package static let sectionPadding: UInt8 = 0x72
    /// `Section.payload`.
    package static let payload: UInt8 = 0x7A

    /// `Index.entry`, `Page.entry`.
    package static let entry: UInt8 = 0x0A
    /// `Index.required_feature`.
    package static let requiredFeature: UInt8 = 0x12
    /// `Index.page`.
    package static let indexPage: UInt8 = 0x1A
    /// `Index.padding`.
    package static let indexPadding: UInt8 = 0x7A

    /// `IndexEntry.section_bytes`.
    package static let sectionBytes: UInt8 = 0x18
    /// `IndexEntry.crc32`.
    package static let entryCRC: UInt8 = 0x25
    /// `IndexEntry.sha256`.
    package static let entryDigest: UInt8 = 0x2A

    /// `PageEntry.first_name`.
    package static let firstName: UInt8 = 0x0A
    /// `PageEntry.entries`.
    package static let pageEntries: UInt8 = 0x10
    /// `PageEntry.section_bytes`.
    package static let pageSectionBytes: UInt8 = 0x18
    /// `PageEntry.page_bytes`.
    package static let pageBytes: UInt8 = 0x20
    /// `PageEntry.crc32`.
    package static let pageCRC: UInt8 = 0x2D

    /// `Trailer.part_bytes`.
    package static let partBytes: UInt8 = 0x09
    /// `Trailer.index_bytes`.
    package static let indexBytes: UInt8 = 0x11
    /// `Trailer.index_crc32`.
    package static let indexCRC: UInt8 = 0x1D
    /// `Trailer.version`.
    package static let trailerVersion: UInt8 = 0x25
    /// `Trailer.magic`.
    package static let trailerMagic: UInt8 = 0x2A
    /// `Trailer.crc32`.
    package static let trailerCRC: UInt8 = 0x35
  }
}

/// What a section holds; the raw value is its number in files, where there may be kinds that this code does not know.
public struct SectionKind: RawRepresentable, Sendable, Hashable, Comparable {
  /// The number.
  public let rawValue: UInt32

  /// The kind of a number.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The trunk's graph.
  public static let trunk = SectionKind(rawValue: 1)
  /// A head: its graph, its sources and its description.
  public static let head = SectionKind(rawValue: 2)
  /// Numbers of parameters.
  public static let weights = SectionKind(rawValue: 3)
  /// What people should know of the model.
  public static let about = SectionKind(rawValue: 4)
  /// Inputs of the model, or the outputs of a head that they lead to.
  public static let example = SectionKind(rawValue: 5)
  /// A signature of the other sections' digests.
  public static let signature = SectionKind(rawValue: 6)

  /// The kinds that this code knows.
  package static let known: ClosedRange<UInt32> = 1...6

  /// The kind's name in messages.
  public var label: String {
    switch self {
    case .trunk: "trunk"
    case .head: "head"
    case .weights: "weights"
    case .about: "about"
    case .example: "example"
    case .signature: "signature"
    default: "kind \(rawValue)"
    }
  }

  /// Orders by number.
  public static func < (left: SectionKind, right: SectionKind) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// How a section's payload is stored; the raw value is its number in files.
public enum Codec: UInt32, Sendable, CaseIterable {
  /// As it is, on a 64-byte boundary of the file.
  case none = 1
  /// One zlib stream.
  case deflate = 2
  /// Byte planes in blocks, each plane deflated or as it is.
  case planes = 3

  /// The codec's name in messages.
  public var label: String {
    switch self {
    case .none: "none"
    case .deflate: "deflate"
    case .planes: "planes"
    }
  }
}

/// What a section is called: its kind and its name.
public struct SectionID: Sendable, Hashable {
  /// What it holds.
  public let kind: SectionKind
  /// `trunk`, or the name of the head that it belongs to.
  public let name: Name

  /// Names a section.
  public init(kind: SectionKind, name: Name) {
    self.kind = kind
    self.name = name
  }
}

extension SectionID {
  /// The trunk's graph.
  package static let trunk = SectionID(kind: .trunk, name: trunkName)
  /// What people should know of the model.
  static let about = SectionID(kind: .about, name: trunkName)
  /// Signatures of the model.
  package static let signature = SectionID(kind: .signature, name: trunkName)
  /// The name of the trunk's sections, and of those of the whole model.
  package static let trunkName = Model.Trunk.reservedName
}

extension SectionID: CustomStringConvertible {
  /// The kind and the name, such as `weights of lane`.
  public var description: String {
    switch kind {
    case .trunk: "trunk"
    case .head: "head \(name)"
    default: "\(kind.label) of \(name)"
    }
  }
}

/// The order of the sections of a part: the trunk's first, then by name; of one name by kind, then by digest.
package struct SectionOrder: Sendable, Comparable, Hashable {
  private let id: SectionID
  private let digest: Digest

  /// The place of a section.
  package init(_ id: SectionID, _ digest: Digest) {
    self.id = id
    self.digest = digest
  }

  /// Whether a section comes before another.
  package static func < (left: SectionOrder, right: SectionOrder) -> Bool {
    if left.id.name != right.id.name { return precedes(left.id.name, right.id.name) }
    if left.id.kind != right.id.kind { return left.id.kind < right.id.kind }
    return left.digest < right.digest
  }

  /// The place before all signatures.
  package static let signatures = SectionOrder(.signature, Digest.least)

  /// Whether the sections of a name come before those of another name.
  package static func precedes(_ left: Name, _ right: Name) -> Bool {
    let isTrunk = (left == SectionID.trunkName, right == SectionID.trunkName)
    return isTrunk.0 || isTrunk.1 ? isTrunk.0 && !isTrunk.1 : left < right
  }
}
