/// A message as a tree that can be changed and written again, in canonical form.
package struct Message {
  /// What it is a message of.
  package let type: MessageType
  /// In the order of the file; the elements of a repeated field one by one, packed or not.
  package var elements: [Element]

  /// Makes a message of elements.
  package init(type: MessageType, elements: [Element]) {
    self.type = type
    self.elements = elements
  }

  /// A value of a field.
  package struct Element {
    /// The field.
    package let field: MessageType.Field
    /// The value.
    package var value: Value

    /// Makes an element.
    package init(field: MessageType.Field, value: Value) {
      self.field = field
      self.value = value
    }
  }

  /// A value.
  package indirect enum Value {
    /// A number, as it is written.
    case number(UInt64)
    /// Bytes, or text.
    case bytes([UInt8])
    /// A message.
    case message(Message)
  }
}

extension Message {
  /// Parses a message; nil when the bytes are not of its type.
  package init?(_ bytes: ArraySlice<UInt8>, _ type: MessageType) {
    self.type = type
    elements = []
    var reader = WireReader(bytes)
    while !reader.isAtEnd {
      guard let tag = reader.varint(), let field = type.field(tag >> 3),
        parse(field, wireType: tag & 7, &reader)
      else { return nil }
    }
  }

  private mutating func parse(
    _ field: MessageType.Field, wireType: UInt64, _ reader: inout WireReader
  ) -> Bool {
    guard wireType == 2 else {
      guard let number = Self.number(field, &reader) else { return false }
      elements.append(Element(field: field, value: .number(number)))
      return true
    }
    guard let content = reader.element() else { return false }
    switch field.kind {
    case .bytes:
      elements.append(Element(field: field, value: .bytes(Array(content))))
    case .message(let type):
      guard let message = Message(content, type) else { return false }
      elements.append(Element(field: field, value: .message(message)))
    case .varint, .fixed32, .fixed64:
      var numbers = WireReader(content)
      while !numbers.isAtEnd {
        guard let number = Self.number(field, &numbers) else { return false }
        elements.append(Element(field: field, value: .number(number)))
      }
    }
    return true
  }

  private static func number(
    _ field: MessageType.Field, _ reader: inout WireReader
  ) -> UInt64? {
    switch field.kind {
    case .varint: reader.varint()
    case .fixed32: reader.fixed(4)
    case .fixed64: reader.fixed(8)
    case .bytes, .message: nil
    }
  }

  /// The bytes: fields in the order of their numbers, defaults left out, repeated numbers packed.
  package var encoded: [UInt8] {
    var bytes: [UInt8] = []
    for field in type.fields {
      let values = elements.filter { $0.field.number == field.number }.map { $0.value }
      if field.isPacked {
        var content: [UInt8] = []
        for value in values { content.append(value, field.kind) }
        if !values.isEmpty { bytes.element(field.number, content) }
      } else {
        for value in values where field.isRepeated || !value.isDefault {
          bytes.append(value, field)
        }
      }
    }
    return bytes
  }
}

extension Message.Value {
  fileprivate var isDefault: Bool {
    switch self {
    case .number(let number): number == 0
    case .bytes(let bytes): bytes.isEmpty
    case .message: false
    }
  }
}

extension [UInt8] {
  /// A number without its tag.
  fileprivate mutating func append(_ value: Message.Value, _ kind: MessageType.Field.Kind) {
    guard case .number(let number) = value else { return }
    switch kind {
    case .fixed32: fixed(number, 4)
    case .fixed64: fixed(number, 8)
    case .varint, .bytes, .message: varint(number)
    }
  }

  /// A value with its tag.
  fileprivate mutating func append(_ value: Message.Value, _ field: MessageType.Field) {
    switch value {
    case .number:
      let wireType: UInt64 =
        switch field.kind {
        case .fixed32: 5
        case .fixed64: 1
        case .varint, .bytes, .message: 0
        }
      varint(field.number << 3 | wireType)
      append(value, field.kind)
    case .bytes(let content): element(field.number, content)
    case .message(let message): element(field.number, message.encoded)
    }
  }
}
