internal import CONNXSchema
internal import CProtobufC
internal import EspalierGraph

extension TensorSource {
  /// The numbers of a field, of which there must be as many as the sizes ask for.
  func numbers(of field: Field?) throws(ONNXError) -> TensorStorage {
    switch field {
    case nil:
      try expect(0, of: count)
      return .filled(byteCount: 0) { _ in }
    case .raw:
      let bytes = UnsafeRawBufferPointer(
        start: message.raw_data.data, count: message.raw_data.len)
      guard bytes.count == byteCount else {
        throw .badTensor(.wrongByteCount(expected: byteCount, found: bytes.count), place)
      }
      let numbers = copy(bytes)
      try check(numbers)
      return numbers
    case .float:
      return try copy(message.float_data, message.n_float_data)
    case .double:
      return try copy(message.double_data, message.n_double_data)
    case .int64:
      return try copy(message.int64_data, message.n_int64_data)
    case .uint64:
      guard element == .uint32 else {
        return try copy(message.uint64_data, message.n_uint64_data)
      }
      return try narrow(message.uint64_data, message.n_uint64_data, as: UInt32.self)
    case .int32:
      return try narrowed()
    case .string:
      preconditionFailure("strings are no numbers")
    }
  }

  /// Checks what not every byte can be.
  func check(_ numbers: TensorStorage) throws(ONNXError) {
    guard element == .bool else { return }
    try numbers.withUnsafeBytes { (bytes) throws(ONNXError) in
      guard let wrong = bytes.first(where: { $0 > 1 }) else { return }
      throw .badTensor(.numberOutOfRange(Int64(wrong), element), place)
    }
  }

  private func copy(_ bytes: UnsafeRawBufferPointer) -> TensorStorage {
    .filled(byteCount: bytes.count) { $0.copyMemory(from: bytes) }
  }

  /// Numbers that are in the message as they are in the tensor; complex ones are two each.
  private func copy<Number>(
    _ start: UnsafeMutablePointer<Number>?, _ found: Int
  ) throws(ONNXError) -> TensorStorage {
    try expect(found, of: byteCount / MemoryLayout<Number>.size)
    return copy(UnsafeRawBufferPointer(UnsafeBufferPointer(start: start, count: found)))
  }

  /// Numbers of `int32_data`.
  private func narrowed() throws(ONNXError) -> TensorStorage {
    let (start, found) = (message.int32_data, message.n_int32_data)
    switch element {
    case .int32: return try copy(start, found)
    case .int16: return try narrow(start, found, as: Int16.self)
    case .uint16, .float16, .bfloat16: return try narrow(start, found, as: UInt16.self)
    case .int8: return try narrow(start, found, as: Int8.self)
    case .float6E2M3, .float6E3M2: return try sixBits()
    default:
      // Bytes, each of one number or of several that are packed as they are in the tensor.
      let numbers = try narrow(start, found, as: UInt8.self)
      try check(numbers)
      return numbers
    }
  }

  /// Numbers that are wider in the message than in the tensor.
  private func narrow<Wide: FixedWidthInteger, Narrow: FixedWidthInteger>(
    _ start: UnsafeMutablePointer<Wide>?, _ found: Int, as: Narrow.Type
  ) throws(ONNXError) -> TensorStorage {
    try expect(found, of: byteCount / MemoryLayout<Narrow>.size)
    return try .filled(byteCount: byteCount) { (bytes) throws(ONNXError) in
      for (index, number) in UnsafeBufferPointer(start: start, count: found).enumerated() {
        guard let narrow = Narrow(exactly: number) else { throw outOfRange(number) }
        bytes.storeBytes(
          of: narrow.littleEndian, toByteOffset: index * MemoryLayout<Narrow>.size,
          as: Narrow.self)
      }
    }
  }

  /// Numbers of six bits, one in each of `int32_data`, four in three bytes of the tensor.
  private func sixBits() throws(ONNXError) -> TensorStorage {
    try expect(message.n_int32_data, of: count)
    return try .filled(byteCount: byteCount) { (bytes) throws(ONNXError) in
      for index in bytes.indices { bytes[index] = 0 }
      for (index, number) in UnsafeBufferPointer(start: message.int32_data, count: count)
        .enumerated()
      {
        guard (0..<64).contains(number) else { throw outOfRange(number) }
        let (byte, bit) = (index * 6 / 8, index * 6 % 8)
        let shifted = UInt16(number) << bit
        bytes[byte] |= UInt8(truncatingIfNeeded: shifted)
        if bit > 2 { bytes[byte + 1] |= UInt8(truncatingIfNeeded: shifted >> 8) }
      }
    }
  }

  private func outOfRange(_ number: some BinaryInteger) -> ONNXError {
    .badTensor(.numberOutOfRange(Int64(clamping: number), element), place)
  }
}
