package import EspalierFormat
package import EspalierGraph

/// A section as it will stand in a file, with what the index says of it.
package struct EncodedSection {
  /// What the section is called.
  package let id: SectionID
  /// The digest of the decoded payload.
  package let digest: Digest
  /// The fields before padding and payload.
  let fields: [UInt8]
  /// The stored payload.
  let payload: [UInt8]
  /// Whether the payload has to stand on a boundary of the file.
  let isAligned: Bool

  private init(
    _ id: SectionID, _ digest: Digest, _ fields: ProtobufEncoder, _ payload: [UInt8],
    isAligned: Bool = false
  ) {
    self.id = id
    self.digest = digest
    self.fields = fields.bytes
    self.payload = payload
    self.isAligned = isAligned
  }

  /// Stores a message as a zlib stream.
  package init(_ id: SectionID, message payload: [UInt8]) {
    let digest = payload.withUnsafeBytes { SHA256.digest(of: $0) }
    self.init(id, message: payload, digest: digest)
  }

  /// Stores a message of a known digest as a zlib stream.
  package init(_ id: SectionID, message payload: [UInt8], digest: Digest) {
    let stored = payload.withUnsafeBytes { Deflater(.message).deflated($0) }
    self.init(id, digest, Self.fields(id, .deflate, rawBytes: payload.count), stored)
  }

  /// Stores weights in the smallest form: numbers as byte planes, integers as the smaller of planes and a zlib stream.
  package init(compressed weights: WeightsPayload, name: Name) {
    let id = SectionID(kind: .weights, name: name)
    let planes = Self(planesOf: weights, name: name)
    switch weights.element {
    case .float32, .float16, .bfloat16, .float64:
      self = planes
    case .int8, .uint8, .int32, .int64, .bool:
      let stream =
        UInt32(exactly: weights.byteCount) == nil
        ? nil : Self(id, message: weights.bytes, digest: weights.digest)
      let size = planes.fields.count + planes.payload.count
      self = stream.map { $0.fields.count + $0.payload.count < size ? $0 : planes } ?? planes
    }
  }

  /// Stores weights as byte planes.
  package init(planesOf weights: WeightsPayload, name: Name) {
    let id = SectionID(kind: .weights, name: name)
    let width = weights.element.byteCount
    var planes = Planes.Encoder(width: width, byteCount: weights.byteCount)
    weights.forEachBlock(byteCount: width * Layout.blockElements) { planes.append($0) }
    var fields = Self.fields(id, .planes, rawBytes: weights.byteCount)
    fields.number(5, width)
    fields.packed(6, planes.chunkSizes)
    self.init(id, weights.digest, fields, planes.bytes)
  }

  /// Stores weights as they are, on a boundary of the file.
  package init(plain weights: WeightsPayload, name: Name) {
    let id = SectionID(kind: .weights, name: name)
    let fields = Self.fields(id, .none, rawBytes: weights.byteCount)
    self.init(id, weights.digest, fields, weights.bytes, isAligned: true)
  }

  /// The fields that every section begins with.
  static func fields(_ id: SectionID, _ codec: Codec, rawBytes: Int) -> ProtobufEncoder {
    var fields = ProtobufEncoder()
    fields.number(1, id.kind.rawValue)
    fields.name(2, id.name)
    fields.number(3, codec.rawValue)
    fields.number(4, rawBytes)
    return fields
  }

  /// A section field up to its payload, which stands on a boundary when `isAligned`.
  ///
  /// - Parameter offset: where the section begins in its part.
  static func start(
    _ fields: [UInt8], payloadBytes: Int, isAligned: Bool, offset: Int
  ) -> [UInt8] {
    func start(padding: Int?) -> [UInt8] {
      var body = ProtobufEncoder()
      body.raw(fields)
      if let padding { body.element(14, [UInt8](repeating: 0, count: padding)) }
      body.raw([Layout.Tag.payload])
      body.varint(UInt64(payloadBytes))
      var section = ProtobufEncoder()
      section.raw([Layout.Tag.section])
      section.varint(UInt64(body.bytes.count + payloadBytes))
      section.raw(body.bytes)
      return section.bytes
    }
    guard isAligned else { return start(padding: nil) }
    let padding = Layout.leastPadding {
      (offset + start(padding: $0).count) % Layout.alignment == 0
    }
    return start(padding: padding)
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
