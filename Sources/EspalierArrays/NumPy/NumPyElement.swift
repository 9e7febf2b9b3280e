import EspalierGraph

/// A type of elements in `.npy` files that a tensor can be made of.
enum NumPyElement: String, CaseIterable {
  case float16 = "f2"
  case float32 = "f4"
  case float64 = "f8"
  case int8 = "i1"
  case uint8 = "u1"
  case int16 = "i2"
  case uint16 = "u2"
  case int32 = "i4"
  case uint32 = "u4"
  case int64 = "i8"
  case bool = "b1"

  /// Reads a type such as `<f4`: the order of the bytes, and the type itself.
  static func parse(
    _ text: String, of array: Name?
  ) throws(ArrayFileError) -> (element: NumPyElement, isBigEndian: Bool) {
    let code = text.dropFirst()
    if code.first == "O" { throw ArrayFileError(.objects, in: array) }
    let element = NumPyElement(rawValue: String(code))
    switch (text.first, element) {
    case ("<", let element?): return (element, false)
    case (">", let element?): return (element, true)
    case ("|", let element?) where element.byteCount == 1: return (element, false)
    default:
      let name = code.first.flatMap { others[String(code)] ?? others[String($0)] }
      throw ArrayFileError(.unsupportedType(name ?? String(text.prefix(20))), in: array)
    }
  }

  /// What other types are called that people have in files, by their codes or the first letters of these.
  private static let others = [
    "u8": "uint64", "c8": "complex64", "c16": "complex128", "f16": "longdouble", "U": "text",
    "S": "bytes", "M": "dates", "m": "time spans", "V": "records",
  ]

  /// The bytes of one element.
  var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64: 8
    }
  }

  /// The type of a tensor that holds all elements.
  var tensorElement: ElementType {
    switch self {
    case .float16: .float16
    case .float32: .float32
    case .float64: .float64
    case .int8: .int8
    case .uint8: .uint8
    case .int16, .uint16, .int32: .int32
    case .uint32, .int64: .int64
    case .bool: .bool
    }
  }
}

extension ElementType {
  /// The type of elements in `.npy` files; nil for bfloat16, which NumPy does not have.
  var numPyType: String? {
    switch self {
    case .float32: "<f4"
    case .float16: "<f2"
    case .bfloat16: nil
    case .int8: "|i1"
    case .uint8: "|u1"
    case .int32: "<i4"
    case .int64: "<i8"
    case .bool: "|b1"
    case .float64: "<f8"
    }
  }
}
