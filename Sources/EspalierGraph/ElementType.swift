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
  /// IEEE 754 binary64, which elementwise arithmetic, comparisons, casts and moves of elements know.
  case float64 = 9

  /// The bytes that one element takes.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16: 2
    case .float32, .int32: 4
    case .int64, .float64: 8
    }
  }
}

/// A Swift type whose values are the elements of tensors.
public protocol TensorElement: BitwiseCopyable, Sendable {
  /// The element type that it is.
  static var elementType: ElementType { get }
}

extension Float: TensorElement {
  /// IEEE 754 binary32.
  public static var elementType: ElementType { .float32 }
}

extension Double: TensorElement {
  /// IEEE 754 binary64.
  public static var elementType: ElementType { .float64 }
}

extension Int8: TensorElement {
  /// Two's complement, 8 bits.
  public static var elementType: ElementType { .int8 }
}

extension UInt8: TensorElement {
  /// Unsigned, 8 bits.
  public static var elementType: ElementType { .uint8 }
}

extension Int32: TensorElement {
  /// Two's complement, 32 bits.
  public static var elementType: ElementType { .int32 }
}

extension Int64: TensorElement {
  /// Two's complement, 64 bits.
  public static var elementType: ElementType { .int64 }
}

extension Bool: TensorElement {
  /// One byte, 0 or 1.
  public static var elementType: ElementType { .bool }
}
