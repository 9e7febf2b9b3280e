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
  case uint64 = "u8"
  case bool = "b1"

  /// Reads a type such as `<f4`, `f4`, `d` or `float64`, as NumPy does: the order of the bytes, and the type itself.
  ///
  /// Without an order, or with `=` or `|`, numbers are taken to be little-endian, as they are on the machines of today.
  static func parse(
    _ text: String, of array: Name?
  ) throws(ArrayFileError) -> (element: NumPyElement, isBigEndian: Bool) {
    let hasOrder = text.first.map { "<>=|".contains($0) } ?? false
    let code = String(text.dropFirst(hasOrder ? 1 : 0))
    if code.first == "O" { throw ArrayFileError(.objects, in: array) }
    if let element = NumPyElement(rawValue: code) ?? aliases[code] {
      return (element, text.first == ">")
    }
    let name = code.first.flatMap { others[code] ?? others[String($0)] }
    throw ArrayFileError(.unsupportedType(name ?? String(text.prefix(20))), in: array)
  }

  /// Other names of the types: those of C, by a letter, and NumPy's words.
  private static let aliases: [String: NumPyElement] = [
    "e": .float16, "half": .float16, "float16": .float16, "f": .float32, "single": .float32,
    "float32": .float32, "d": .float64, "float": .float64, "double": .float64, "float64": .float64,
    "b": .int8, "byte": .int8, "int8": .int8, "B": .uint8, "ubyte": .uint8, "uint8": .uint8,
    "h": .int16, "short": .int16, "int16": .int16, "H": .uint16, "ushort": .uint16,
    "uint16": .uint16, "i": .int32, "intc": .int32, "int32": .int32, "I": .uint32, "uintc": .uint32,
    "uint32": .uint32, "l": .int64, "q": .int64, "int": .int64, "longlong": .int64, "int64": .int64,
    "L": .uint64, "Q": .uint64, "ulonglong": .uint64, "uint64": .uint64, "?": .bool, "bool": .bool,
  ]

  /// What other types are called that people have in files, by their codes or the first letters of these.
  private static let others = [
    "c8": "complex64", "c16": "complex128", "F": "complex64", "D": "complex128",
    "complex64": "complex64", "complex128": "complex128", "f16": "longdouble", "g": "longdouble",
    "U": "text", "S": "bytes", "M": "dates", "m": "time spans", "V": "records",
  ]

  /// The bytes of one element.
  var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
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
    case .uint32, .int64, .uint64: .int64
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
