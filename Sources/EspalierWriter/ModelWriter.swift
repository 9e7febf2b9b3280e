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
/// The same model makes the same bytes, in whatever order its heads are, and a file that was read and is written again
/// is the same file. Parts can be appended: a part of heads after a file with their trunk is a valid file, and replaces
/// heads of the same names.
public struct ModelWriter: Sendable {
  private let model: Model
  private let codec: WeightsCodec
  private let contents: WriterContents
  private let about: About?
  private let example: Example?

  /// Prepares to write a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - codec: how its weights are stored.
  ///   - contents: what of it is written.
  ///   - about: what people should know of it; goes with the trunk.
  ///   - example: inputs and what heads gave for them.
  public init(
    _ model: Model, weights codec: WeightsCodec = .planes, contents: WriterContents = .model,
    about: About? = nil, example: Example? = nil
  ) {
    self.model = model
    self.codec = codec
    self.contents = contents
    self.about = about
    self.example = example
  }

  /// The whole file in memory.
  ///
  /// - Throws: `WriterError` when a head is unknown or the file would exceed the default limits of readers.
  public func encode() throws(WriterError) -> [UInt8] {
    try write(to: ArraySink()).bytes
  }

  /// Writes the file in one step: what was at the path before stays there until the new file is complete.
  ///
  /// - Throws: `WriterError`; nothing half-written is left behind.
  public func write(to path: String) throws(WriterError) {
    try pending(beside: path).putInPlace()
  }

  /// Writes the file beside a path, whose place it takes when it is found good.
  ///
  /// - Throws: `WriterError`; nothing half-written is left behind.
  package func pending(beside path: String) throws(WriterError) -> PendingFile {
    try PendingFile(beside: path) { (file) throws(WriterError) in file = try write(to: file) }
  }

  private func write<Sink: ByteSink>(to sink: Sink) throws(WriterError) -> Sink {
    let heads = try chosenHeads()
    let trunk = try EncodedTrunk(model.trunk)
    let layout = WeightsLayout(
      heads.map { ($0.name, $0.graph.parameters) }, elsewhere: trunk.tensors)
    var part = try PartWriter(sink)
    let inputs = example.map { example in
      EncodedSection(
        SectionID(kind: .example, name: SectionID.trunkName),
        message: ProtobufEncoder.example(example.inputs, of: nil))
    }
    if writesTrunk {
      try part.append(EncodedSection(.trunk, message: trunk.message, digest: trunk.digest))
      for weights in trunk.weights.sections.inOrder { try part.append(section(weights)) }
      if let about {
        try part.append(
          EncodedSection(
            SectionID(kind: .about, name: SectionID.trunkName),
            message: ProtobufEncoder.about(about)))
      }
    }
    if let inputs { try part.append(inputs) }
    let sections = trunk.weights.sections + layout.sections
    var weights = layout.sections[...]
    let positions = positions
    let examples = Dictionary(
      (example?.heads ?? []).map { ($0.head, $0) }, uniquingKeysWith: { first, _ in first })
    for (index, head) in heads.enumerated() {
      try part.append(
        try encoded(head, position: positions[head.name], layout.places[index], sections, trunk))
      // The sections are in the order of the heads that they are named after.
      let own = weights.prefix { $0.name == head.name }
      weights = weights.dropFirst(own.count)
      for weights in own.inOrder { try part.append(section(weights)) }
      if let inputs, let outputs = examples[head.name] {
        try part.append(
          EncodedSection(
            SectionID(kind: .example, name: head.name),
            message: ProtobufEncoder.example(outputs.outputs, of: inputs.digest)))
      }
    }
    return try part.finish()
  }

  private var writesTrunk: Bool {
    switch contents {
    case .model, .trunk: true
    case .heads: false
    }
  }

  /// Where each head was declared, counted from 1; nothing when that is the order of names.
  private var positions: [Name: Int] {
    let names = model.heads.map { $0.name }
    guard zip(names, names.dropFirst()).contains(where: { $1 < $0 }) else { return [:] }
    return Dictionary(uniqueKeysWithValues: zip(names, 1...))
  }

  /// The heads that are written, ascending by name.
  private func chosenHeads() throws(WriterError) -> [Model.Head] {
    let heads = model.heads.sorted { $0.name < $1.name }
    switch contents {
    case .model: return heads
    case .trunk: return []
    case .heads(let names):
      for name in names where model.head(named: name) == nil { throw .unknownHead(name) }
      let chosen = Set(names)
      return heads.filter { chosen.contains($0.name) }
    }
  }

  /// - Parameter sections: the weights of the trunk, then those of the heads.
  private func encoded(
    _ head: Model.Head, position: Int?, _ places: [ParameterPlace?],
    _ sections: [WeightsSection], _ trunk: EncodedTrunk
  ) throws(WriterError) -> EncodedSection {
    let located = zip(head.graph.parameters, places).map { parameter, place in
      place.map {
        ParameterPlace(section: $0.section + trunk.weights.sections.count, offset: $0.offset)
      } ?? trunk.place(of: parameter)
    }
    let used = UsedSections(located)
    var message = ProtobufEncoder()
    message.headStart(head, trunk: trunk.digest)
    message.element(4) {
      $0.graph(
        head.graph, weights: used.sections.map { sections[$0].reference }, places: used.places)
    }
    message.element(5) { $0.description(head.description) }
    if let position { message.number(6, position) }
    let id = SectionID(kind: .head, name: head.name)
    try expectReadable(message.bytes, id)
    return EncodedSection(id, message: message.bytes)
  }

  private func section(_ section: WeightsSection) -> EncodedSection {
    switch codec {
    case .planes: EncodedSection(compressed: section.weights, name: section.name)
    case .none: EncodedSection(plain: section.weights, name: section.name)
    }
  }
}

/// The trunk's message and weights, which heads refer to whether or not they are written.
private struct EncodedTrunk {
  let message: [UInt8]
  let digest: Digest
  let weights: WeightsLayout
  let tensors: TensorFinder
  private let places: [ParameterPlace]

  init(_ trunk: Model.Trunk) throws(WriterError) {
    let parameters = trunk.graph.parameters
    weights = WeightsLayout([(SectionID.trunkName, parameters)])
    let located = weights.places[0].compactMap { $0 }
    let used = UsedSections(located)
    var message = ProtobufEncoder()
    let references = used.sections.map { [weights] in weights.sections[$0].reference }
    message.element(1) { $0.graph(trunk.graph, weights: references, places: used.places) }
    message.columns(trunk.columns)
    message.ranges(trunk.ranges)
    try expectReadable(message.bytes, .trunk)
    self.message = message.bytes
    digest = SHA256.digest(of: message.bytes)
    var tensors = TensorFinder()
    var places: [ParameterPlace] = []
    for (parameter, place) in zip(parameters, located)
    where tensors.insert(parameter) == places.count {
      places.append(place)
    }
    self.tensors = tensors
    self.places = places
  }

  /// Where in the trunk's weights the numbers of a tensor lie that the trunk has.
  func place(of parameter: Parameter) -> ParameterPlace {
    guard let position = tensors.position(of: parameter) else {
      preconditionFailure("the trunk does not have the parameter")
    }
    return places[position]
  }
}

/// The sections that places lie in, in the order in which they come, and the places in terms of them.
private struct UsedSections {
  let sections: [Int]
  let places: [ParameterPlace]

  init(_ places: [ParameterPlace]) {
    var sections: [Int] = []
    var positions: [Int: Int] = [:]
    self.places = places.map { place in
      let known = positions[place.section]
      if known == nil {
        positions[place.section] = sections.count
        sections.append(place.section)
      }
      return ParameterPlace(section: known ?? sections.count - 1, offset: place.offset)
    }
    self.sections = sections
  }
}

extension Sequence<WeightsSection> {
  /// The sections of one name in the order in which they stand in a part.
  fileprivate var inOrder: [WeightsSection] {
    sorted { $0.weights.digest < $1.weights.digest }
  }
}

private func expectReadable(_ message: [UInt8], _ id: SectionID) throws(WriterError) {
  let limit = ReaderLimits().graphBytes
  guard message.count <= limit else {
    throw .graphTooLarge(id, bytes: message.count, limit: limit)
  }
}
