public import EspalierFormat
public import EspalierGraph

/// Makes new files of the sections of old ones.
///
/// Sections are copied as they are, after their checksums were checked. A file is written beside its place, flushed
/// and renamed, so that a crash leaves what was there before or the whole new file.
public struct ModelFile {
  let source: FileSource
  let reader: ModelReader<FileSource>

  /// Opens a file.
  ///
  /// - Throws: `WriterError.unreadable` when it is none that can be read.
  public init(path: String) throws(WriterError) {
    let source = try readable { () throws(FormatError) in try FileSource(path: path) }
    self.source = source
    reader = try readable { () throws(FormatError) in try ModelReader(source) }
  }

  /// Writes what counts of the file as one part: replaced heads are left behind.
  ///
  /// - Parameter signatures: the signatures that the file is to have; nil for those that it has.
  /// - Throws: `WriterError`; nothing half-written is left behind.
  public func pack(to path: String, signatures: [Signature]? = nil) throws(WriterError) {
    let sections = try readable { () throws(FormatError) in
      try reader.liveSections(signed: signatures == nil)
    }
    let signed = (signatures ?? []).map {
      EncodedSection(.signature, message: ProtobufEncoder.signature($0))
    }
    try replaceFile(path) { (file) throws(WriterError) in
      var part = try PartWriter(file)
      let start = sections.prefix { $0.order < SectionOrder.signatures }
      for section in start { try part.append(section, from: source) }
      for signature in signed.sorted(by: { $0.digest < $1.digest }) { try part.append(signature) }
      for section in sections.dropFirst(start.count) { try part.append(section, from: source) }
      file = try part.finish()
    }
  }

  /// Writes the trunk and some heads, with the heads that these read, as one part.
  ///
  /// - Returns: the heads that were written, ascending.
  /// - Throws: `WriterError`; nothing half-written is left behind.
  public func prune(keeping heads: [Name], to path: String) throws(WriterError) -> [Name] {
    let sections = try readable { () throws(FormatError) in try reader.liveSections(of: heads) }
    try write(sections, path)
    return sections.filter { $0.id.kind == .head }.map { $0.id.name }
  }

  /// Writes the trunk alone, for heads to be appended to.
  ///
  /// - Throws: `WriterError`; nothing half-written is left behind.
  public func writeTrunk(to path: String) throws(WriterError) {
    try write(try readable { () throws(FormatError) in try reader.trunkSections() }, path)
  }

  /// Writes a head alone, to be appended to a file with its trunk and the heads that it reads.
  ///
  /// - Throws: `WriterError`; nothing half-written is left behind.
  public func writeHead(_ name: Name, to path: String) throws(WriterError) {
    let sections = try readable { () throws(FormatError) in
      try reader.sections(of: try reader.entries(of: [name])[0])
    }
    try write(sections, path)
  }

  private func write(_ sections: [IndexEntry], _ path: String) throws(WriterError) {
    try replaceFile(path) { (file) throws(WriterError) in
      file = try part(of: sections, from: source, in: file)
    }
  }

  /// Writes this file with the heads of others appended, which replace heads of the same names.
  ///
  /// The bytes of this file are shared with the new one where the file system can.
  ///
  /// - Parameters:
  ///   - paths: files that hold heads for this file's trunk, with the trunk or without.
  ///   - path: where the new file goes; may be where this one is.
  /// - Returns: the heads that were appended, ascending.
  /// - Throws: `WriterError` when a head does not belong to the trunk, or the result would not be a valid model; nothing
  ///   half-written is left behind.
  public func graft(_ paths: [String], to path: String) throws(WriterError) -> [Name] {
    var sources = [source]
    for path in paths { sources.append(try Self.headFile(path)) }
    let joined = JoinedSource(sources)
    let sections = try readable { () throws(FormatError) in try grafted(from: joined) }
    try replaceFile(path) { (file) throws(WriterError) in
      try file.write(source)
      file = try part(of: sections, from: joined, in: file)
    }
    return sections.filter { $0.id.kind == .head }.map { $0.id.name }
  }

  /// Opens a file of heads, which may lack a trunk but has to be well-formed.
  private static func headFile(_ path: String) throws(WriterError) -> FileSource {
    do throws(FormatError) {
      let source = try FileSource(path: path)
      do throws(FormatError) {
        _ = try ModelReader(source)
      } catch {
        if error != .noTrunk { throw error }
      }
      return source
    } catch {
      throw .unreadableHead(path, error)
    }
  }

  /// The sections of joined files that belong to heads of those after the first, which have to make a valid model.
  private func grafted(
    from joined: JoinedSource<FileSource>
  ) throws(FormatError) -> [IndexEntry] {
    var reader = try ModelReader(joined)
    let added = try reader.entries(of: nil).filter { $0.range.lowerBound >= source.byteCount }
    _ = try reader.load(heads: added.map { $0.id.name })
    let names = added.map { $0.id.name }
    let known = Set(try self.reader.entries().map { $0.order })
    return try reader.liveSections(of: names).filter { section in
      guard section.range.lowerBound >= source.byteCount else { return false }
      guard section.id.name == SectionID.trunkName else { return true }
      // Of the trunk's sections only inputs of examples may be new, and are needed once.
      return section.id.kind == .example && !known.contains(section.order)
    }
  }

  /// Writes the longest beginning of a file that is whole: what a failed `cat` left intact.
  ///
  /// - Returns: how many bytes of the file were left behind.
  /// - Throws: `WriterError.nothingToRecover` when no beginning of the file is a model, `.unreadable` when looking for
  ///   one would take more than reading one may.
  public static func recover(_ damaged: String, to path: String) throws(WriterError) -> Int {
    let source = try readable { () throws(FormatError) in try FileSource(path: damaged) }
    let limits = ReaderLimits()
    // All attempts share it, so that a file made of beginnings costs no more than any other.
    var budget = ByteBudget(limits.memoryBytes(ofFileOf: source.byteCount))
    let ends = try readable { () throws(FormatError) in
      try source.partEnds(limits, spending: &budget)
    }
    for end in ends.reversed() {
      let prefix = PrefixSource(source, byteCount: end)
      let sections: [IndexEntry]
      do throws(FormatError) {
        // Parsing its parts takes more than the bytes that they have.
        try budget.take(8 * end)
        let reader = try ModelReader(prefix, limits: limits, spending: &budget)
        sections = try reader.liveSections(spending: &budget)
      } catch {
        switch error {
        case .fileProblem, .endOfFile, .overLimit: throw .unreadable(error)
        // What has no trunk has none in its beginning either.
        case .noTrunk: throw .nothingToRecover
        // A whole part may still need a part that was lost with the tail.
        default: continue
        }
      }
      try replaceFile(path) { (file) throws(WriterError) in
        file = try part(of: sections, from: prefix, in: file)
      }
      return source.byteCount - end
    }
    throw .nothingToRecover
  }
}

extension ModelFile {
  /// A name for a head's file that no path can hide in and that every file system takes.
  ///
  /// Letters, digits, hyphens, underscores and, but for the first, points stay; every other byte becomes `%` and two
  /// hexadecimal digits. Of names beyond 200 bytes the rest becomes `~` and the beginning of the name's digest.
  public static func fileName(of head: Name) -> String {
    var text: [UInt8] = []
    for byte in head.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        text.append(byte)
      case UInt8(ascii: ".") where !text.isEmpty:
        text.append(byte)
      default:
        text += [UInt8(ascii: "%")] + hexadecimal([byte])
      }
    }
    return shortFileName(text, insteadOf: head.utf8)
  }
}

/// A file's name that leaves room for an ending of 38 bytes: of one beyond 200 bytes, the rest becomes `~` and the
/// beginning of a digest, of the name itself or of what it stands for.
func shortFileName(_ name: [UInt8], insteadOf whole: [UInt8]? = nil) -> String {
  guard name.count > 200 else { return String(decoding: name, as: UTF8.self) }
  var end = 200
  while end > 0, name[end] & 0xC0 == 0x80 { end -= 1 }  // not in the middle of a character
  let digest = SHA256.digest(of: whole ?? name).bytes[..<8]
  return String(decoding: name[..<end] + [UInt8(ascii: "~")] + hexadecimal(digest), as: UTF8.self)
}

/// Two lower-case hexadecimal digits for each byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> [UInt8] {
  bytes.flatMap { byte in
    [byte >> 4, byte & 15].map { $0 + UInt8(ascii: $0 < 10 ? "0" : "W") }
  }
}

extension FileSource {
  /// The places at which parts end that follow one another from the beginning of the file, ascending.
  ///
  /// Looks at each place where there may be a trailer once.
  fileprivate func partEnds(
    _ limits: ReaderLimits, spending budget: inout ByteBudget
  ) throws(FormatError) -> [Int] {
    let start = [Layout.Tag.trailer, UInt8(Layout.trailerBytes - 2), Layout.Tag.partBytes]
    let window = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    defer { window.deallocate() }
    var ends: [Int] = []
    var isEnd: Set<Int> = [0]
    // Parts begin and end on boundaries, and so does each window.
    for offset in stride(from: 0, to: byteCount, by: window.count) {
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: window[..<min(window.count, byteCount - offset)])
      try read(at: offset, into: bytes)
      for place in stride(from: 0, through: bytes.count - Layout.trailerBytes, by: Layout.alignment)
      where bytes[place...].starts(with: start) {
        let end = offset + place + Layout.trailerBytes
        let part = try part(endingAt: end, limits: limits, spending: &budget)
        if let part, isEnd.contains(part.lowerBound) {
          isEnd.insert(end)
          ends.append(end)
        }
      }
    }
    return ends
  }
}

/// Appends a part of sections of a file.
private func part<Source: ByteSource>(
  of sections: [IndexEntry], from source: Source, in file: FileSink
) throws(WriterError) -> FileSink {
  var part = try PartWriter(file)
  for section in sections { try part.append(section, from: source) }
  return try part.finish()
}

/// Calls `body`, whose error becomes one of writing.
func readable<Result>(
  _ body: () throws(FormatError) -> Result
) throws(WriterError) -> Result {
  do throws(FormatError) {
    return try body()
  } catch {
    throw .unreadable(error)
  }
}
