public import EspalierGraph

/// Named tensors and text, as a `.safetensors` file holds them.
///
/// The layout is the one that the safetensors project describes: the length of a JSON header as a little-endian 64-bit
/// number, the header, then the numbers of all tensors without gaps.
public struct SafeTensors: Sendable, Equatable {
  /// The tensors that were read, in ascending order of their names.
  public let tensors: [NamedTensor]
  /// The names of those that were not asked for.
  public let unread: [Name]
  /// Free text by key.
  public let metadata: [String: String]

  /// Makes the content of a file.
  ///
  /// - Precondition: the names of the tensors differ.
  public init(tensors: [NamedTensor], metadata: [String: String]) {
    self.init(tensors: tensors, metadata: metadata, unread: [])
  }

  init(tensors: [NamedTensor], metadata: [String: String], unread: [Name]) {
    self.unread = unread
    self.tensors = tensors.sorted { $0.name < $1.name }
    self.metadata = metadata
    for (tensor, next) in zip(self.tensors, self.tensors.dropFirst()) {
      precondition(tensor.name != next.name, "two tensors named \(tensor.name)")
    }
  }

  /// The tensor of a name, or nil.
  public subscript(name: Name) -> NamedTensor? { tensors.first { $0.name == name } }

  /// The bytes of the file; the same content gives the same bytes.
  ///
  /// The numbers lie in the order that the safetensors project writes, by type and then by name: those of more bytes
  /// come first, so that all lie on multiples of their size.
  public func encoded() -> [UInt8] {
    let placed = Self.order.flatMap { element in tensors.filter { $0.type.element == element } }
    let text = header(of: placed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + text.count + tensors.reduce(0) { $0 + $1.byteCount })
    withUnsafeBytes(of: UInt64(text.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += text
    for tensor in placed { tensor.withBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// The header of tensors that lie in this order, padded to a multiple of 8 bytes.
  private func header(of tensors: [NamedTensor]) -> [UInt8] {
    var text: [UInt8] = []
    if !metadata.isEmpty {
      let entries = metadata.sorted { Name($0.key) < Name($1.key) }.map { key, value in
        Self.quoted(key.utf8) + [UInt8(ascii: ":")] + Self.quoted(value.utf8)
      }
      text += Array("\"\(Self.metadataKey)\":{".utf8) + entries.joined(separator: ",".utf8)
      text.append(UInt8(ascii: "}"))
    }
    var offset = 0
    for tensor in tensors {
      if !text.isEmpty { text.append(UInt8(ascii: ",")) }
      let sizes = tensor.shape.sizes.map(String.init).joined(separator: ",")
      let end = offset + tensor.byteCount
      text += Self.quoted(tensor.name.utf8)
      text += Array(
        """
        :{"dtype":"\(tensor.type.element.safeTensorsType)","shape":[\(sizes)],\
        "data_offsets":[\(offset),\(end)]}
        """.utf8)
      offset = end
    }
    text = [UInt8(ascii: "{")] + text + [UInt8(ascii: "}")]
    return text + [UInt8](repeating: 0x20, count: -text.count & 7)
  }

  /// The types in the order in which their numbers lie.
  private static let order: [ElementType] = [
    .int64, .float64, .float32, .int32, .bfloat16, .float16, .int8, .uint8, .bool,
  ]

  /// The key under which the header has text.
  static let metadataKey = "__metadata__"

  /// A string of JSON.
  private static func quoted(_ text: some Sequence<UInt8>) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    let quote = UInt8(ascii: "\"")
    let content = text.flatMap { byte -> [UInt8] in
      switch byte {
      case quote, UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
      case ..<0x20: Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: [byte]
      }
    }
    return [quote] + content + [quote]
  }
}

extension ElementType {
  /// The type's name in headers.
  var safeTensorsType: String {
    switch self {
    case .float32: "F32"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .int8: "I8"
    case .uint8: "U8"
    case .int32: "I32"
    case .int64: "I64"
    case .bool: "BOOL"
    case .float64: "F64"
    }
  }
}
