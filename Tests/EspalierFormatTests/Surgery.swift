import EspalierFormat
import EspalierGraph
import EspalierWriter

/// Takes files of one part apart and puts changed ones together, checksums and all, so that tests reach the layers
/// behind the checksums.
struct Surgery {
  /// One section, decoded.
  struct Piece {
    var id: SectionID
    var payload: [UInt8]
    var digest: Digest
    /// Where the section lies in the original file.
    var range: Range<Int>
  }

  var pieces: [Piece]

  init(_ file: [UInt8]) throws {
    let source = MemorySource(file)
    pieces = []
    for entry in try ModelReader(source).entries() {
      var reader = try SectionReader(source, entry)
      let storage = try TensorStorage.filled(byteCount: reader.header.rawBytes) {
        try reader.decode(into: $0)
      }
      pieces.append(
        Piece(
          id: entry.id, payload: storage.withUnsafeBytes { Array($0) }, digest: entry.digest,
          range: entry.range))
    }
  }

  /// The position of a section.
  func position(of kind: SectionKind, _ name: Name) -> Int {
    guard let position = pieces.firstIndex(where: { $0.id == SectionID(kind: kind, name: name) })
    else { preconditionFailure("the file has no \(kind) \(name)") }
    return position
  }

  /// The file of the pieces; digests stay as they are.
  func file() -> [UInt8] {
    Self.part { (part) throws(WriterError) in
      for piece in pieces {
        if piece.id.kind == .weights {
          let weights = WeightsPayload(
            bytes: piece.payload, element: .uint8, digest: piece.digest)
          try part.append(EncodedSection(plain: weights, name: piece.id.name))
        } else {
          try part.append(EncodedSection(piece.id, message: piece.payload, digest: piece.digest))
        }
      }
    }
  }

  /// A file of one part.
  static func part(
    _ append: (inout PartWriter<ArraySink>) throws(WriterError) -> Void
  ) -> [UInt8] {
    do throws(WriterError) {
      var part = try PartWriter(ArraySink())
      try append(&part)
      return try part.finish().bytes
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// A file whose sections are these fields, whatever is in them.
  static func file(ofFields fields: [(id: SectionID, bytes: [UInt8])]) -> [UInt8] {
    part { (part) throws(WriterError) in
      for field in fields {
        try part.append(field.bytes, id: field.id, digest: SHA256.digest(of: []))
      }
    }
  }

  /// Changes bytes of the file's index, then makes all checksums right again.
  static func withIndex(_ file: [UInt8], _ change: (inout [UInt8]) -> Void) -> [UInt8] {
    let start = file.count - 64
    let indexBytes = Int(number(file, start + 12, 8))
    var index = Array(file[start - indexBytes..<start])
    change(&index)
    precondition(index.count == indexBytes)
    var changed = file
    changed.replaceSubrange(start - indexBytes..<start, with: index)
    store(crc32(index), at: start + 21, in: &changed)
    return sealed(changed)
  }

  /// Changes bytes of a section, then makes all checksums right again.
  static func withSection(
    _ file: [UInt8], _ range: Range<Int>, _ change: (inout [UInt8]) -> Void
  ) -> [UInt8] {
    var section = Array(file[range])
    let old = bytes(of: crc32(section))
    change(&section)
    precondition(section.count == range.count)
    var changed = file
    changed.replaceSubrange(range, with: section)
    let new = bytes(of: crc32(section))
    return withIndex(changed) { index in
      let places = (0...index.count - 5).filter { Array(index[$0..<$0 + 5]) == [0x25] + old }
      precondition(places.count == 1, "\(places.count) entries with the checksum")
      let place = places[0]
      index.replaceSubrange(place + 1..<place + 5, with: new)
    }
  }

  /// Makes the checksum of header and trailer right again.
  static func sealed(_ file: [UInt8]) -> [UInt8] {
    var sealed = file
    let start = file.count - 64
    let part = file.count - Int(number(file, start + 3, 8))
    store(
      crc32(Array(file[part..<part + 17] + file[start..<start + 59])), at: start + 60, in: &sealed)
    return sealed
  }

  static func crc32(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { crc32Checksum($0) } }

  private static func number(_ file: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
    file[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func bytes(of number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  static func store(_ number: UInt32, at offset: Int, in file: inout [UInt8]) {
    file.replaceSubrange(offset..<offset + 4, with: bytes(of: number))
  }
}

/// A protobuf field that the tests make by hand.
func field(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
  var encoder = ProtobufEncoder()
  encoder.raw([tag])
  encoder.varint(UInt64(body.count))
  encoder.raw(body)
  return encoder.bytes
}

/// Opens and loads a file in memory.
@discardableResult
func load(
  _ file: [UInt8], heads: [Name]? = nil, limits: ReaderLimits = ReaderLimits()
) throws(FormatError) -> Model {
  var reader = try ModelReader(MemorySource(file), limits: limits)
  return try reader.load(heads: heads)
}
