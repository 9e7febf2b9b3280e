package import EspalierGraph

/// What a section says of its payload, every size checked against the others.
package struct SectionHeader {
  /// How the payload is stored.
  package let codec: Codec
  /// Bytes of the decoded payload.
  package let rawBytes: Int
  /// Bytes of an element; 0 unless the codec is planes.
  package let elementBytes: Int
  /// Where the stored sizes of the chunks lie, empty unless the codec is planes.
  let chunkSizes: Range<Int>
  /// Where the stored payload lies.
  package let payload: Range<Int>
}

/// Reads one section: first its header, then its payload.
package struct SectionReader<Source: ByteSource>: ~Copyable {
  let source: Source
  let entry: IndexEntry
  /// What the section says of its payload.
  package let header: SectionHeader
  /// Stands at the payload until that is decoded.
  var cursor: Cursor<Source>

  /// The section, for errors.
  var id: SectionID { entry.id }

  /// Reads the header.
  package init(_ source: Source, _ entry: IndexEntry) throws(FormatError) {
    self.source = source
    self.entry = entry
    cursor = Cursor(source, entry.range, place: .section(entry.id))
    header = try SectionHeader(&cursor, entry.id)
  }

  /// The decoded payload: where the source has it when it can be lent, otherwise in memory that a budget allows.
  ///
  /// - Parameter threads: how many threads may take part.
  package mutating func storage(
    _ budget: inout ByteBudget, threads: Int = 1
  ) throws(FormatError) -> TensorStorage {
    if let lent = try lent() { return lent }
    try budget.take(header.rawBytes)
    return try TensorStorage.filled(byteCount: header.rawBytes) { (buffer) throws(FormatError) in
      try decode(into: buffer, threads: threads)
    }
  }

  /// The payload where the source has it, when it is stored as it is and the source lends it; otherwise nil.
  private func lent() throws(FormatError) -> TensorStorage? {
    guard header.codec == .none, let storage = try source.lend(header.payload) else { return nil }
    let header = cursor.crc
    let crc = storage.withUnsafeBytes { crc32Checksum($0, after: header) }
    guard crc == entry.crc else { throw .corrupt(.section(id)) }
    return storage
  }

  /// Decodes the payload into a buffer of `header.rawBytes` bytes.
  ///
  /// What the buffer holds is good only when nothing is thrown.
  ///
  /// - Parameter threads: how many threads may take part.
  package mutating func decode(
    into buffer: UnsafeMutableRawBufferPointer, threads: Int = 1
  ) throws(FormatError) {
    preferLargePages(buffer)
    let payload: DecodedPayload
    switch header.codec {
    case .none:
      try cursor.read(into: buffer)
      payload = DecodedPayload(crc: cursor.crc, isValid: true)
    case .deflate:
      payload = try decodeStream(into: buffer)
    case .planes:
      payload = try decodePlanes(into: buffer, threads: threads)
    }
    // Damage shows first where a stream breaks; only with the right checksum was it made that way.
    guard payload.crc == entry.crc else { throw .corrupt(.section(id)) }
    guard payload.isValid else { throw .badStream(id) }
  }

  private mutating func decodeStream(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> DecodedPayload {
    guard let inflater = Inflater(.zlib) else { throw .outOfMemory(id) }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 16)
    defer { piece.deallocate() }
    inflater.start(output: buffer)
    var progress = Inflater.Progress.hungry
    while cursor.remaining > 0, case .hungry = progress {
      let input = UnsafeMutableRawBufferPointer(
        rebasing: piece[..<min(piece.count, cursor.remaining)])
      try cursor.read(into: input)
      progress = inflater.feed(input)
    }
    let isValid = progress == .complete && cursor.remaining == 0
    try cursor.skipToEnd()
    return DecodedPayload(crc: cursor.crc, isValid: isValid)
  }
}

/// What came of decoding: the checksum of what was read, and whether it was what it had to be.
struct DecodedPayload {
  var crc: UInt32
  var isValid: Bool
}

extension SectionHeader {
  /// Parses a section field up to its payload.
  init<Source: ByteSource>(
    _ cursor: inout Cursor<Source>, _ id: SectionID
  ) throws(FormatError) {
    try cursor.expect(Layout.Tag.section)
    guard try cursor.length() == cursor.remaining else { throw cursor.malformed }
    try cursor.expect(Layout.Tag.kind)
    guard try cursor.number() == id.kind.rawValue else { throw cursor.malformed }
    try cursor.expect(Layout.Tag.name)
    guard try cursor.name() == id.name else { throw cursor.malformed }
    try cursor.expect(Layout.Tag.codec)
    let number = try cursor.number()
    guard let codec = Codec(rawValue: number), codec != .planes || id.kind == .weights else {
      throw .unknownCodec(Int(clamping: number), id)
    }
    self.codec = codec
    try cursor.expect(Layout.Tag.rawBytes)
    guard let rawBytes = Int(exactly: try cursor.varint()), rawBytes > 0 else {
      throw cursor.malformed
    }
    self.rawBytes = rawBytes

    var stored: Int?
    switch codec {
    case .none:
      (elementBytes, chunkSizes) = (0, 0..<0)
      try cursor.expect(Layout.Tag.sectionPadding)
      try cursor.padding()
      stored = rawBytes
    case .deflate:
      (elementBytes, chunkSizes) = (0, 0..<0)
      guard UInt32(exactly: rawBytes) != nil else { throw .badSize(id) }
    case .planes:
      try cursor.expect(Layout.Tag.elementBytes)
      elementBytes = Int(try cursor.byte())
      let chunks = try Self.chunkSizes(&cursor, rawBytes, elementBytes, id)
      chunkSizes = chunks.range
      stored = chunks.total
    }
    try cursor.expect(Layout.Tag.payload)
    guard try cursor.length() == cursor.remaining else { throw cursor.malformed }
    payload = cursor.offset..<cursor.end
    guard stored ?? payload.count == payload.count,
      rawBytes <= Layout.maximumInflated(payload.count),
      payload.count <= Layout.maximumStored(rawBytes)
    else { throw .badSize(id) }
    guard codec != .none || cursor.offset % Layout.alignment == 0 else { throw cursor.malformed }
  }

  /// Checks that there is one size for each chunk, none larger than its chunk; returns their sum.
  private static func chunkSizes<Source: ByteSource>(
    _ cursor: inout Cursor<Source>, _ rawBytes: Int, _ elementBytes: Int, _ id: SectionID
  ) throws(FormatError) -> (range: Range<Int>, total: Int) {
    guard Layout.elementWidths.contains(elementBytes), rawBytes % elementBytes == 0 else {
      throw .badSize(id)
    }
    try cursor.expect(Layout.Tag.chunkBytes)
    let length = try cursor.length()
    let range = cursor.offset..<cursor.offset + length
    var total = 0
    var elements = rawBytes / elementBytes
    while elements > 0 {
      let chunk = min(elements, Layout.blockElements)
      for _ in 0..<elementBytes {
        let size = Int(try cursor.number())
        guard size > 0, size <= chunk, cursor.offset <= range.upperBound else {
          throw .badSize(id)
        }
        total += size
      }
      elements -= chunk
    }
    guard cursor.offset == range.upperBound else { throw .badSize(id) }
    return (range, total)
  }
}
