internal import EspalierFormat
internal import EspalierGraph

/// A section as it stands in a file, with what the index says of it.
struct EncodedSection {
  let id: SectionID
  /// The whole section field.
  let bytes: [UInt8]
  /// The digest of the decoded payload.
  let digest: Digest

  /// Stores a graph as a zlib stream.
  init(_ id: SectionID, graph payload: [UInt8], digest: Digest) {
    let stored = payload.withUnsafeBytes { Deflater(.message).deflated($0) }
    let fields = Self.fields(id, .deflate, rawBytes: payload.count)
    self.init(id: id, bytes: Self.joined(fields.bytes, stored), digest: digest)
  }

  /// Stores weights as byte planes of elements of a width.
  init(planesOf weights: WeightsPayload, name: Name) {
    let id = SectionID(kind: .weights, name: name)
    let planes = weights.bytes.withUnsafeBytes {
      Planes.encoded($0, width: weights.elementBytes)
    }
    var fields = Self.fields(id, .planes, rawBytes: weights.bytes.count)
    fields.number(5, weights.elementBytes)
    fields.packed(6, planes.chunkSizes)
    self.init(id: id, bytes: Self.joined(fields.bytes, planes.bytes), digest: weights.digest)
  }

  /// Stores weights as they are, in a section that begins at an offset of its part.
  init(plain weights: WeightsPayload, name: Name, offset: Int) {
    let id = SectionID(kind: .weights, name: name)
    let fields = Self.fields(id, .none, rawBytes: weights.bytes.count).bytes
    func section(padding: Int) -> ProtobufEncoder {
      var body = ProtobufEncoder()
      body.raw(fields)
      body.element(14, [UInt8](repeating: 0, count: padding))
      return Self.start(body.bytes, payloadBytes: weights.bytes.count)
    }
    let padding = Layout.leastPadding {
      (offset + section(padding: $0).bytes.count) % Layout.alignment == 0
    }
    self.init(
      id: id, bytes: section(padding: padding).bytes + weights.bytes, digest: weights.digest)
  }

  /// A section field that was made elsewhere.
  init(id: SectionID, bytes: [UInt8], digest: Digest) {
    self.id = id
    self.bytes = bytes
    self.digest = digest
  }

  /// The fields that every section begins with.
  private static func fields(_ id: SectionID, _ codec: Codec, rawBytes: Int) -> ProtobufEncoder {
    var fields = ProtobufEncoder()
    fields.number(1, id.kind.rawValue)
    fields.name(2, id.name)
    fields.number(3, codec.rawValue)
    fields.number(4, rawBytes)
    return fields
  }

  /// A section field up to its payload.
  private static func start(_ fields: [UInt8], payloadBytes: Int) -> ProtobufEncoder {
    var payload = ProtobufEncoder()
    payload.raw([Layout.Tag.payload])
    payload.varint(UInt64(payloadBytes))
    var section = ProtobufEncoder()
    section.raw([Layout.Tag.section])
    section.varint(UInt64(fields.count + payload.bytes.count + payloadBytes))
    section.raw(fields)
    section.raw(payload.bytes)
    return section
  }

  private static func joined(_ fields: [UInt8], _ payload: [UInt8]) -> [UInt8] {
    start(fields, payloadBytes: payload.count).bytes + payload
  }
}

extension Layout {
  /// The least number of padding bytes for which `isAligned` holds.
  ///
  /// Padding lengthens a field by at most one byte more than itself, so 127 bytes reach every boundary of 64.
  static func leastPadding(_ isAligned: (Int) -> Bool) -> Int {
    guard let padding = (0...maximumPadding).first(where: isAligned) else {
      preconditionFailure("no padding reaches the boundary")
    }
    return padding
  }
}
