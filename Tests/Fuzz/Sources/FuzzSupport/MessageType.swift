package import CProtobufC

/// A message of a schema: its fields, ascending by number, from the descriptors of protobuf-c.
package final class MessageType: Sendable {
  /// A field.
  package struct Field: Sendable {
    /// How its values are written.
    package enum Kind: Sendable {
      /// Numbers and bytes.
      case varint, fixed32, fixed64, bytes
      /// A message.
      case message(MessageType)
    }

    /// Its number.
    package let number: UInt64
    /// How its values are written.
    package let kind: Kind
    /// Whether it has any number of values.
    package let isRepeated: Bool

    /// Whether all elements stand in one field.
    var isPacked: Bool {
      switch kind {
      case .varint, .fixed32, .fixed64: isRepeated
      case .bytes, .message: false
      }
    }
  }

  /// Its name in the schema.
  package let name: String
  /// Its fields.
  package let fields: [Field]

  /// The type of a descriptor, and with it those of its fields; the schema is not recursive.
  package init(_ descriptor: ProtobufCMessageDescriptor) {
    name = String(cString: descriptor.name)
    fields = UnsafeBufferPointer(start: descriptor.fields, count: Int(descriptor.n_fields)).map {
      Field(
        number: UInt64($0.id), kind: Self.kind($0),
        isRepeated: $0.label == PROTOBUF_C_LABEL_REPEATED)
    }
  }

  private static func kind(_ field: ProtobufCFieldDescriptor) -> Field.Kind {
    switch field.type {
    case PROTOBUF_C_TYPE_MESSAGE:
      .message(MessageType(field.descriptor.load(as: ProtobufCMessageDescriptor.self)))
    case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES: .bytes
    case PROTOBUF_C_TYPE_FLOAT, PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32: .fixed32
    case PROTOBUF_C_TYPE_DOUBLE, PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64: .fixed64
    default: .varint
    }
  }

  /// The field of a number; nil when there is none.
  package func field(_ number: UInt64) -> Field? { fields.first { $0.number == number } }
}
