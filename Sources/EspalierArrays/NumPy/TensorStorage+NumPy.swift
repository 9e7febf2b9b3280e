import EspalierGraph

extension UnsafeMutableRawBufferPointer {
  /// Reverses the bytes of each number of a size.
  func swapBytes(of size: Int) {
    func swap<Word: FixedWidthInteger & BitwiseCopyable>(_: Word.Type) {
      for offset in stride(from: 0, to: count, by: size) {
        let word = loadUnaligned(fromByteOffset: offset, as: Word.self)
        storeBytes(of: word.byteSwapped, toByteOffset: offset, as: Word.self)
      }
    }
    switch size {
    case 2: swap(UInt16.self)
    case 4: swap(UInt32.self)
    case 8: swap(UInt64.self)
    default: break
    }
  }
}

extension TensorStorage {
  /// The elements in row-major order, of a storage that has the first axis innermost.
  func transposed(_ shape: Shape, elementBytes: Int) -> TensorStorage {
    if byteCount == 0 { return self }
    switch elementBytes {
    case 1: return transposed(shape, as: UInt8.self)
    case 2: return transposed(shape, as: UInt16.self)
    case 4: return transposed(shape, as: UInt32.self)
    default: return transposed(shape, as: UInt64.self)
    }
  }

  private func transposed<Word: BitwiseCopyable>(_ shape: Shape, as _: Word.Type) -> TensorStorage {
    var strides: [Int] = []
    var stride = MemoryLayout<Word>.size
    for size in shape.sizes {
      strides.append(stride)
      stride *= size
    }
    return mapped(count: shape.elementCount, to: Word.self) { source, target in
      var position = shape.sizes.map { _ in 0 }
      var offset = 0
      for index in target.indices {
        target[index] = source.load(fromByteOffset: offset, as: Word.self)
        // The next position: the innermost axis that is not at its end moves on, those inside it begin anew.
        var axis = shape.rank - 1
        while axis >= 0 {
          position[axis] += 1
          offset += strides[axis]
          if position[axis] < shape[axis] { break }
          offset -= position[axis] * strides[axis]
          position[axis] = 0
          axis -= 1
        }
      }
    }
  }

  /// The elements as those of a tensor's type, little-endian and in order.
  ///
  /// - Throws: `ArrayFileError` when a boolean is none, or a uint64 number is too large for int64.
  func converted(
    from element: NumPyElement, _ shape: Shape, of array: Name
  ) throws(ArrayFileError) -> TensorStorage {
    switch element {
    case .float16, .float32, .float64, .int8, .uint8, .int32, .int64: return self
    case .bool:
      if let problem = withUnsafeBytes({ $0.problemOfBooleans }) {
        throw ArrayFileError(problem, in: array)
      }
      return self
    case .uint64:
      if let (number, value) = withUnsafeBytes({ $0.firstBeyondInt64 }) {
        throw ArrayFileError(
          .beyondInt64(index: shape.position(of: number), value: value), in: array)
      }
      return self
    case .int16: return converted(Int16.self) { Int32($0) }
    case .uint16: return converted(UInt16.self) { Int32($0) }
    case .uint32: return converted(UInt32.self) { Int64($0) }
    }
  }

  private func converted<Source: BitwiseCopyable, Target: BitwiseCopyable>(
    _: Source.Type, _ convert: (Source) -> Target
  ) -> TensorStorage {
    let size = MemoryLayout<Source>.size
    return mapped(count: byteCount / size, to: Target.self) { source, target in
      for index in target.indices {
        target[index] = convert(source.load(fromByteOffset: index * size, as: Source.self))
      }
    }
  }

  /// A new storage of elements that are made of the bytes of this one.
  private func mapped<Target: BitwiseCopyable>(
    count: Int, to _: Target.Type,
    _ fill: (UnsafeRawBufferPointer, UnsafeMutableBufferPointer<Target>) -> Void
  ) -> TensorStorage {
    TensorStorage.filled(byteCount: count * MemoryLayout<Target>.stride) { buffer in
      withUnsafeBytes { fill($0, buffer.bindMemory(to: Target.self)) }
    }
  }
}

extension UnsafeRawBufferPointer {
  /// What is wrong with the first byte that is neither 0 nor 1; nil when all are.
  var problemOfBooleans: ArrayFileError.Problem? {
    firstIndex { $0 > 1 }.map { .notBoolean(element: $0, value: self[$0]) }
  }

  /// The first number, and which one it is, that is too large for int64; nil when none is.
  fileprivate var firstBeyondInt64: (Int, UInt64)? {
    for index in 0..<count / 8 {
      let value = UInt64(littleEndian: loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
      if value > UInt64(Int64.max) { return (index, value) }
    }
    return nil
  }
}
