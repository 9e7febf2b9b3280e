internal import CONNXSchema
internal import CProtobufC
internal import EspalierGraph

extension DocumentReader {
  /// The tensors of a repeated field; `place` makes a place of a name.
  mutating func tensors(
    _ messages: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__TensorProto>?>?, _ count: Int,
    _ place: (Name) -> ONNXPlace
  ) throws(ONNXError) -> [ONNXTensor] {
    var tensors: [ONNXTensor] = []
    for message in try elements(messages, count, place("")) {
      let name = try name(message.pointee.name, place(""))
      tensors.append(try tensor(message.pointee, place(name)))
    }
    return tensors
  }

  /// A tensor, with its numbers as little-endian bytes wherever they come from.
  mutating func tensor(
    _ message: Onnx__TensorProto, _ place: ONNXPlace
  ) throws(ONNXError) -> ONNXTensor {
    let name = try name(message.name, place)
    guard message.has_segment == 0 else { throw .badTensor(.segment, place) }
    let element = try elementType(message, place)
    let dimensions = try dimensions(message, place)
    guard let count = Shape(dimensions).checkedElementCount,
      let byteCount = element.byteCount(ofElements: count)
    else { throw .badTensor(.tooLarge, place) }
    let source = TensorSource(
      message: message, element: element, count: count, byteCount: byteCount, place: place)
    if message.data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL {
      let numbers = try externalNumbers(source)
      return ONNXTensor(name: name, element, dimensions: dimensions, numbers: numbers)
    }
    let field = try source.field()
    if element == .string {
      return ONNXTensor(
        name: name, dimensions: dimensions, strings: try strings(source))
    }
    try take(bytes: byteCount, place)
    return ONNXTensor(
      name: name, element, dimensions: dimensions, numbers: try source.numbers(of: field))
  }

  private func elementType(
    _ message: Onnx__TensorProto, _ place: ONNXPlace
  ) throws(ONNXError) -> ONNXElementType {
    guard let element = ONNXElementType(rawValue: message.data_type) else {
      throw .badTensor(.unknownElementType(message.data_type), place)
    }
    guard element != .undefined else { throw .badTensor(.noElementType, place) }
    return element
  }

  private func dimensions(
    _ message: Onnx__TensorProto, _ place: ONNXPlace
  ) throws(ONNXError) -> [Int] {
    try expectRank(message.n_dims, place)
    return try values(message.dims, message.n_dims, place).map { (size) throws(ONNXError) in
      guard size >= 0 else { throw .badTensor(.negativeDimension(size), place) }
      guard let size = Int(exactly: size) else { throw .badTensor(.tooLarge, place) }
      return size
    }
  }

  private func strings(_ source: TensorSource) throws(ONNXError) -> [Name] {
    let found = source.message.n_string_data
    try source.expect(found, of: source.count)
    return try values(source.message.string_data, found, source.place).map {
      Name(utf8: bytes($0))
    }
  }
}

/// A message of a tensor, and what its numbers have to be.
struct TensorSource {
  /// A field that numbers may be in.
  enum Field: String {
    case raw = "raw_data"
    case float = "float_data"
    case int32 = "int32_data"
    case string = "string_data"
    case int64 = "int64_data"
    case double = "double_data"
    case uint64 = "uint64_data"
  }

  let message: Onnx__TensorProto
  let element: ONNXElementType
  /// Elements that the sizes ask for.
  let count: Int
  /// The bytes that these take.
  let byteCount: Int
  let place: ONNXPlace

  /// The fields that have numbers.
  var fields: [Field] {
    var fields: [Field] = []
    if message.raw_data.len != 0 { fields.append(.raw) }
    if message.n_float_data != 0 { fields.append(.float) }
    if message.n_int32_data != 0 { fields.append(.int32) }
    if message.n_string_data != 0 { fields.append(.string) }
    if message.n_int64_data != 0 { fields.append(.int64) }
    if message.n_double_data != 0 { fields.append(.double) }
    if message.n_uint64_data != 0 { fields.append(.uint64) }
    return fields
  }

  /// The one field that has numbers, which is for the format; nil when none has any.
  func field() throws(ONNXError) -> Field? {
    let fields = fields
    guard let field = fields.first else { return nil }
    guard fields.count == 1 else {
      throw .badTensor(.severalFields(fields[0].rawValue, fields[1].rawValue), place)
    }
    guard field == element.field || (field == .raw && element != .string) else {
      throw .badTensor(.wrongField(field.rawValue, element), place)
    }
    return field
  }

  func expect(_ found: Int, of expected: Int) throws(ONNXError) {
    guard found == expected else {
      throw .badTensor(.wrongCount(expected: expected, found: found), place)
    }
  }
}

extension ONNXElementType {
  /// The field of a tensor's message that is for the format, besides that of raw bytes.
  fileprivate var field: TensorSource.Field? {
    switch self {
    case .undefined: nil
    case .string: .string
    case .float32, .complex64: .float
    case .float64, .complex128: .double
    case .int64: .int64
    case .uint32, .uint64: .uint64
    case .uint8, .int8, .uint16, .int16, .int32, .bool, .float16, .bfloat16, .float8E4M3FN,
      .float8E4M3FNUZ, .float8E5M2, .float8E5M2FNUZ, .float8E8M0, .uint4, .int4, .float4E2M1,
      .uint2, .int2, .float6E2M3, .float6E3M2:
      .int32
    }
  }
}
