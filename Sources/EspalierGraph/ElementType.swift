/// The number format of a tensor's elements; the raw value is its number in files.
public enum ElementType: UInt32, Sendable, CaseIterable {
  /// IEEE 754 binary32.
  case float32 = 1
  /// IEEE 754 binary16.
  case float16 = 2
  /// The upper half of a binary32.
  case bfloat16 = 3
  /// Two's complement, 8 bits.
  case int8 = 4
  /// Unsigned, 8 bits.
  case uint8 = 5
  /// Two's complement, 32 bits.
  case int32 = 6
  /// Two's complement, 64 bits.
  case int64 = 7
  /// One byte, 0 or 1.
  case bool = 8

  /// The bytes that one element takes.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16: 2
    case .float32, .int32: 4
    case .int64: 8
    }
  }
}
