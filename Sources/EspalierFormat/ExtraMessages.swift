internal import CEspalierSchema
public import EspalierGraph

extension MessageFields {
  /// What people should know of a model.
  func about(_ message: Espalier__About) throws(FormatError) -> About {
    let notes = try list(message.note, message.n_note) { (note) throws(FormatError) in
      About.Note(key: try name(note.key, .note), value: try name(note.value, .text))
    }
    for (note, next) in zip(notes, notes.dropFirst()) where note.key >= next.key {
      throw .badMessage(section)
    }
    do throws(GraphError) {
      return try About(
        author: try plainName(message.author), licence: try plainName(message.licence),
        notes: notes)
    } catch {
      throw .invalidModel(error)
    }
  }

  private func plainName(_ text: UnsafePointer<CChar>?) throws(GraphError) -> Name {
    do throws(FormatError) {
      return try name(text, .text)
    } catch {
      throw .badName(.text, head: nil)
    }
  }

  /// The tensors of an example.
  func tensors(_ message: Espalier__Example) throws(FormatError) -> [ExampleTensor] {
    try list(message.tensor, message.n_tensor) { (tensor) throws(FormatError) in
      let sizes = try scalars(tensor.size, tensor.n_size) { (size) throws(FormatError) in
        try integer(size)
      }
      let shape = Shape(sizes)
      guard sizes.count <= Shape.maximumRank, sizes.allSatisfy({ $0 > 0 }),
        TensorType(.float32, shape).checkedByteCount == tensor.n_value * 4
      else { throw .badMessage(section) }
      return ExampleTensor(
        name: try name(tensor.name, .text), shape: shape,
        values: Array(UnsafeBufferPointer(start: tensor.value, count: tensor.n_value)))
    }
  }
}

/// An Ed25519 signature (RFC 8032) and the key that it can be checked with.
public struct Signature: Sendable, Equatable {
  /// The public key, 32 bytes.
  public let publicKey: [UInt8]
  /// The signature, 64 bytes.
  public let bytes: [UInt8]

  /// Makes a signature, or nil when a length is wrong.
  public init?(publicKey: [UInt8], bytes: [UInt8]) {
    guard publicKey.count == 32, bytes.count == 64 else { return nil }
    self.publicKey = publicKey
    self.bytes = bytes
  }
}

extension ModelReader {
  /// What people should know of the model; nil when the file does not say.
  ///
  /// - Throws: `FormatError` when the section is damaged.
  public func about() throws(FormatError) -> About? {
    guard let entry = try catalog.last(.about) else {
      return nil
    }
    let fields = MessageFields(section: entry.id)
    var loader = loader
    return try loader.read(entry, by: espalier_unpack_about) { (_, about) throws(FormatError) in
      try fields.about(about)
    }
  }

  /// Inputs of the model and what heads gave for them; nil when the file has none for any of these heads.
  ///
  /// - Parameter heads: the heads, nil for all; those without outputs in the file are left out.
  /// - Throws: `FormatError` when a section is damaged, or the inputs that a head's outputs belong to are missing.
  public func example(of heads: [Name]? = nil) throws(FormatError) -> Example? {
    var whole = self
    try whole.expand()
    return try whole.examples(of: heads)
  }

  private func examples(of heads: [Name]?) throws(FormatError) -> Example? {
    var loader = loader
    var inputs: IndexEntry?
    var outputs: [Example.HeadOutputs] = []
    for head in try entries(of: heads) {
      guard let entry = try catalog.example(of: head) else { continue }
      let fields = MessageFields(section: entry.id)
      let digest = try loader.read(entry, by: espalier_unpack_example) {
        (_, example) throws(FormatError) in
        outputs.append(
          Example.HeadOutputs(head: head.id.name, outputs: try fields.tensors(example)))
        return try fields.digest(example.inputs_sha256)
      }
      let found = try catalog.inputs(of: entry, digest)
      // Heads with other inputs would need a run of their own; all that one writer makes share theirs.
      guard inputs.map({ $0.digest == found.digest }) ?? true else {
        outputs.removeLast()
        continue
      }
      inputs = found
    }
    guard let inputs else { return nil }
    let fields = MessageFields(section: inputs.id)
    let tensors = try loader.read(inputs, by: espalier_unpack_example) {
      (_, example) throws(FormatError) in
      guard example.inputs_sha256.len == 0 else { throw .badMessage(inputs.id) }
      return try fields.tensors(example)
    }
    return Example(inputs: tensors, heads: outputs)
  }

  /// The signatures inside the file, the last one first.
  ///
  /// - Throws: `FormatError` when a section is damaged.
  public func signatures() throws(FormatError) -> [Signature] {
    var loader = loader
    var signatures: [Signature] = []
    for entry in try catalog.sections(.signature) {
      let signature = try loader.read(entry, by: espalier_unpack_signature) {
        (_, message) throws(FormatError) in
        Signature(
          publicKey: Array(
            UnsafeBufferPointer(start: message.public_key.data, count: message.public_key.len)),
          bytes: Array(
            UnsafeBufferPointer(start: message.signature.data, count: message.signature.len)))
      }
      guard let signature else { throw .badMessage(entry.id) }
      signatures.append(signature)
    }
    return signatures
  }
}
