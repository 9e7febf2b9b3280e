internal import EspalierFormat
public import EspalierGraph

/// How weights are stored.
public enum WeightsCodec: Sendable, CaseIterable {
  /// Compressed by byte plane: the smallest files.
  case planes
  /// As they are, on a 64-byte boundary of the file, so that they can be mapped into memory.
  case none
}

/// What of a model is written.
public enum WriterContents: Sendable, Equatable {
  /// The trunk and all heads.
  case model
  /// The trunk alone, for heads to be appended to.
  case trunk
  /// These heads without the trunk, to be appended to a file that has it.
  case heads([Name])
}

/// Writes models as Espalier files.
///
/// The same model makes the same bytes, and a file that was read and is written again is the same file. Parts can be
/// appended: a part of heads after a file with their trunk is a valid file, and replaces heads of the same names.
public struct ModelWriter: Sendable {
  private let model: Model
  private let codec: WeightsCodec
  private let contents: WriterContents

  /// Prepares to write a model.
  public init(
    _ model: Model, weights codec: WeightsCodec = .planes, contents: WriterContents = .model
  ) {
    self.model = model
    self.codec = codec
    self.contents = contents
  }

  /// The whole file in memory.
  ///
  /// - Throws: `WriterError` when a head is unknown or the file would exceed the default limits of readers.
  public func encode() throws(WriterError) -> [UInt8] {
    let heads = try chosenHeads()
    let trunk = try EncodedTrunk(model.trunk)
    var part = PartEncoder()
    if writesTrunk {
      part.append(EncodedSection(.trunk, graph: trunk.message, digest: trunk.digest))
      append(trunk.weights, name: SectionID.trunkName, to: &part)
    }
    for head in heads { try append(head, trunk, to: &part) }
    let limit = ReaderLimits().sections
    guard part.sectionCount <= limit else {
      throw .tooManySections(part.sectionCount, limit: limit)
    }
    return part.finished()
  }

  /// Writes the file in one step: what was at the path before stays there until the new file is complete.
  ///
  /// - Throws: `WriterError`; nothing half-written is left behind.
  public func write(to path: String) throws(WriterError) {
    try replaceFile(path, with: try encode())
  }

  private var writesTrunk: Bool {
    switch contents {
    case .model, .trunk: true
    case .heads: false
    }
  }

  private func chosenHeads() throws(WriterError) -> [Model.Head] {
    switch contents {
    case .model: return model.heads
    case .trunk: return []
    case .heads(let names):
      let known = model.heads.map { $0.name }.sorted()
      for name in names where !known.contains(name) { throw .unknownHead(name) }
      return model.heads.filter { names.contains($0.name) }
    }
  }

  private func append(
    _ head: Model.Head, _ trunk: EncodedTrunk, to part: inout PartEncoder
  ) throws(WriterError) {
    let weights = WeightsPayload(head.graph.parameters, trunk: trunk.finder)
    let usesTrunk = weights.offsets.contains { $0 == nil }
    var references: [WeightsReferenceMessage] = []
    if !weights.bytes.isEmpty {
      references.append(WeightsReferenceMessage(name: head.name, digest: weights.digest))
    }
    if usesTrunk {
      references.append(
        WeightsReferenceMessage(name: SectionID.trunkName, digest: trunk.weights.digest))
    }
    let places = zip(head.graph.parameters, weights.offsets).map { parameter, offset in
      if let offset { return ParameterPlace(weights: 0, offset: offset) }
      return ParameterPlace(weights: references.count - 1, offset: trunk.offset(of: parameter))
    }
    var message = ProtobufEncoder()
    message.headStart(head, trunk: trunk.digest)
    message.element(4) { $0.graph(head.graph, weights: references, places: places) }
    message.element(5) { $0.description(head.description) }
    let id = SectionID(kind: .head, name: head.name)
    try expectReadable(message.bytes, id)
    let digest = SHA256.digest(of: message.bytes)
    part.append(EncodedSection(id, graph: message.bytes, digest: digest))
    append(weights, name: head.name, to: &part)
  }

  private func append(_ weights: WeightsPayload, name: Name, to part: inout PartEncoder) {
    guard !weights.bytes.isEmpty else { return }
    switch codec {
    case .planes: part.append(EncodedSection(planesOf: weights, name: name))
    case .none:
      part.append(EncodedSection(plain: weights, name: name, offset: part.bytes.count))
    }
  }
}

/// The trunk's message and weights, which heads refer to whether or not they are written.
private struct EncodedTrunk {
  let message: [UInt8]
  let digest: Digest
  let weights: WeightsPayload
  let finder: ParameterFinder

  init(_ trunk: Model.Trunk) throws(WriterError) {
    let weights = WeightsPayload(trunk.graph.parameters, trunk: ParameterFinder([]))
    let references =
      weights.bytes.isEmpty
      ? [] : [WeightsReferenceMessage(name: SectionID.trunkName, digest: weights.digest)]
    let places = weights.offsets.map { ParameterPlace(weights: 0, offset: $0 ?? 0) }
    var message = ProtobufEncoder()
    message.element(1) { $0.graph(trunk.graph, weights: references, places: places) }
    message.columns(trunk.columns)
    try expectReadable(message.bytes, .trunk)
    self.message = message.bytes
    self.weights = weights
    digest = SHA256.digest(of: message.bytes)
    finder = ParameterFinder(trunk.graph.parameters)
  }

  /// Where in the trunk's weights the numbers of a parameter lie that the trunk has.
  func offset(of parameter: Parameter) -> Int {
    guard let position = finder.first(equalTo: parameter), let offset = weights.offsets[position]
    else { preconditionFailure("the trunk does not have the parameter") }
    return offset
  }
}

private func expectReadable(_ message: [UInt8], _ id: SectionID) throws(WriterError) {
  let limit = ReaderLimits().graphBytes
  guard message.count <= limit else {
    throw .graphTooLarge(id, bytes: message.count, limit: limit)
  }
}
