public import EspalierGraph

/// Where in a file something is wrong.
public enum FilePlace: Sendable, Equatable {
  /// The header or trailer of the part that begins at, or for a trailer that does not hold, ends at, this byte.
  case part(Int)
  /// The index of the part that begins at this byte.
  case index(Int)
  /// The page of an index that begins at this byte.
  case page(Int)
  /// A section.
  case section(SectionID)
}

/// What is done with a file.
public enum FileAction: Sendable, Equatable {
  /// Opening it.
  case open
  /// Reading it.
  case read
  /// Creating the file that is to replace it.
  case create
  /// Writing that file.
  case write
  /// Waiting until it is on the disk.
  case sync
  /// Giving that file its name.
  case rename

  /// The action in messages.
  public var label: String {
    switch self {
    case .open: "opened"
    case .read: "read"
    case .create: "created"
    case .write: "written"
    case .sync: "flushed to the disk"
    case .rename: "put in its place"
    }
  }
}

/// A limit that a file exceeds; see `ReaderLimits`.
public enum LimitKind: Sendable, Equatable {
  /// Memory that a model takes, in bytes.
  case memory
  /// Bytes of all parameters, those that share numbers counted each by itself.
  case parameters
  /// Bytes of one decoded graph.
  case graphBytes
  /// Memory that unpacking one graph takes, in bytes.
  case graphMemory
  /// Sections of a file.
  case sections
  /// Parts of a file.
  case parts

  /// The limit in messages.
  public var label: String {
    switch self {
    case .memory: "bytes of memory"
    case .parameters: "bytes of parameters, many of which share their numbers,"
    case .graphBytes: "bytes of one graph"
    case .graphMemory: "bytes of memory for one graph"
    case .sections: "sections"
    case .parts: "parts"
    }
  }
}

/// What an unknown number in a graph should have been.
public enum NumberKind: Sendable, Equatable {
  /// An operator.
  case `operator`
  /// A key of an attribute.
  case attributeKey
  /// A type of an attribute's value.
  case attributeType
  /// An element type.
  case elementType
  /// A kind of task.
  case task

  /// The kind in messages.
  public var label: String {
    switch self {
    case .operator: "operator"
    case .attributeKey: "attribute key"
    case .attributeType: "attribute type"
    case .elementType: "element type"
    case .task: "task"
    }
  }
}

/// Why a file is refused.
public enum FormatError: Error, Sendable, Equatable {
  /// The operating system refused an action; `code` is its errno.
  case fileProblem(FileAction, code: Int32)
  /// The source ends before `offset`, though it was longer when it was opened.
  case endOfFile(offset: Int)
  /// The bytes before `offset` are not the trailer of a part: no Espalier file, or one that was cut short.
  case noTrailer(offset: Int)
  /// The part that ends at `offset` claims a size that does not fit before it.
  case partDoesNotFit(offset: Int)
  /// The file has another version of the layout.
  case unknownVersion(found: Int, supported: Int)
  /// A part needs a feature that this reader does not have.
  case unknownFeature(Name)
  /// Bytes do not have the checksum that the file states.
  case corrupt(FilePlace)
  /// The framing breaks a rule of the layout.
  case malformed(FilePlace, offset: Int)
  /// The sections that an index lists overlap, leave a hole, or do not fit their part or page.
  case sectionsDoNotFit(offset: Int)
  /// A file needs more than a limit allows.
  case overLimit(LimitKind, found: Int, limit: Int)
  /// A section's codec is none that this reader knows.
  case unknownCodec(Int, SectionID)
  /// A section's stored and decoded sizes cannot belong together.
  case badSize(SectionID)
  /// A compressed payload is not valid, or does not have the size that the file states.
  case badStream(SectionID)
  /// A graph is not a message of the schema in its canonical form.
  case badMessage(SectionID)
  /// A graph has a field that this reader does not know.
  case unknownField(SectionID)
  /// A graph holds a number for an operator, type or key that this reader does not know.
  case unknownNumber(NumberKind, Int, SectionID)
  /// A graph holds a size or position that is not possible on this machine.
  case numberOutOfRange(SectionID)
  /// The machine has no memory left to decode a section.
  case outOfMemory(SectionID)
  /// Two sections of one part have the same kind and name.
  case duplicateSection(SectionID)
  /// No part has a trunk.
  case noTrunk
  /// Parts have different trunks.
  case differentTrunks(Digest, Digest)
  /// A head was made for another trunk than the file has.
  case wrongTrunk(head: Name, expected: Digest, found: Digest)
  /// Weights or inputs that a section names are missing (`found` is nil) or are others.
  case missingSection(SectionID, of: SectionID, expected: Digest, found: Digest?)
  /// A head that was asked for is not in the file.
  case unknownHead(Name, known: [Name])
  /// The model breaks a rule of graphs.
  case invalidModel(GraphError)
}

extension FormatError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it, in words.
  public var description: String {
    switch self {
    case .fileProblem(let action, let code):
      "the file could not be \(action.label): \(systemMessage(code))"
    case .endOfFile(let offset):
      "the file ended before byte \(offset); it was changed while it was read"
    case .noTrailer(let offset):
      "the bytes before byte \(offset) do not end a part: this is no Espalier file, or it was cut short"
    case .partDoesNotFit(let offset):
      "the part that ends at byte \(offset) claims a size that does not fit; fetch the file again"
    case .unknownVersion(let found, let supported):
      "the file has version \(found) of the layout; this reader knows version \(supported)"
    case .unknownFeature(let name):
      "the file needs the feature \(name), which this reader does not have; use a newer one"
    case .corrupt(let place):
      "\(place): the checksum is wrong; the file was damaged, fetch it again"
    case .malformed(let place, let offset):
      "\(place): the bytes before byte \(offset) break the layout of Espalier files"
    case .sectionsDoNotFit(let offset):
      "the sections from byte \(offset) on overlap, or do not fill their place"
    case .overLimit(let kind, let found, let limit) where kind == .memory || kind == .parameters:
      "\(found) \(kind.label) are needed; the limit for a file of this size is \(limit)"
    case .overLimit(let kind, let found, let limit):
      "\(found) \(kind.label) are needed; the limit is \(limit)"
    case .unknownCodec(let codec, let section):
      "\(section): unknown codec \(codec)"
    case .badSize(let section):
      "\(section): the stored and the decoded size do not fit each other"
    case .badStream(let section):
      "\(section): the compressed bytes are not valid"
    case .badMessage(let section):
      "\(section): the graph is not a canonical message of the schema"
    case .unknownField(let section):
      "\(section): a field that this reader does not know; use a newer one"
    case .unknownNumber(let kind, let number, let section):
      "\(section): unknown \(kind.label) \(number); use a newer reader"
    case .numberOutOfRange(let section):
      "\(section): a size or position is out of range"
    case .outOfMemory(let section):
      "\(section): there is not enough memory to decode it"
    case .duplicateSection(let section):
      "\(section): stands twice in one part"
    case .noTrunk:
      "the file has no trunk; put the trunk's file before it: cat trunk.espalier head.espalier"
    case .differentTrunks(let first, let second):
      "parts of the file have different trunks: \(first) and \(second)"
    case .wrongTrunk(let head, let expected, let found):
      "head \(head): made for trunk \(expected), but the file has trunk \(found)"
    case .missingSection(let section, let graph, let expected, let found?):
      "\(graph): needs \(section) with digest \(expected), but the file has \(found)"
    case .missingSection(let section, let graph, let expected, nil):
      "\(graph): needs \(section) with digest \(expected), which the file does not have"
    case .unknownHead(let name, let known):
      "there is no head \(listed([name])); \(Self.list(known))"
    case .invalidModel(let error):
      "\(error)"
    }
  }

  private static func list(_ names: [Name]) -> String {
    names.isEmpty ? "the file has no heads" : "the heads are \(listed(names))"
  }
}

extension FilePlace: CustomStringConvertible {
  /// The place in words.
  public var description: String {
    switch self {
    case .part(let offset): "the part at byte \(offset)"
    case .index(let offset): "the index of the part at byte \(offset)"
    case .page(let offset): "the page of the index at byte \(offset)"
    case .section(let section): "\(section)"
    }
  }
}
