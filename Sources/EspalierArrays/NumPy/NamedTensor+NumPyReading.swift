internal import EspalierFiles
public import EspalierGraph

extension NamedTensor {
  /// Reads the bytes of an `.npy` file of version 1, 2 or 3, in either order of bytes and of axes.
  ///
  /// Numbers of 16 bits become int32, uint32 and uint64 ones int64; float64 ones float32 where the options say so.
  ///
  /// - Throws: `ArrayFileError` when the bytes are none of such a file, or the elements none that a tensor can have.
  public init(
    npy bytes: [UInt8], name: Name, options: ReadingOptions = ReadingOptions()
  ) throws(ArrayFileError) {
    var position = 0
    var budget = options.memoryBytes
    do throws(ArrayFileError) {
      try self.init(name: name, npyBytes: bytes.count, options, &budget) { piece in
        piece.copyBytes(from: bytes[position..<position + piece.count])
        position += piece.count
      }
    } catch {
      // The array of a file that holds one needs no name.
      throw ArrayFileError(error.problem)
    }
  }

  /// Reads an `.npy` file as it comes.
  ///
  /// - Parameters:
  ///   - byteCount: the bytes of the file.
  ///   - budget: the bytes of memory that numbers may take, from which those of this tensor are taken.
  ///   - read: fills its argument with the next bytes; never asked for more than `byteCount` in all.
  package init(
    name: Name, npyBytes byteCount: Int, _ options: ReadingOptions, _ budget: inout Int,
    read: (UnsafeMutableRawBufferPointer) throws(ArrayFileError) -> Void
  ) throws(ArrayFileError) {
    let (header, headerBytes) = try NumPyHeader.read(name, fileBytes: byteCount, read)
    guard let expected = header.checkedByteCount else {
      throw ArrayFileError(.badShape(header.shape.sizes), in: name)
    }
    guard expected == byteCount - headerBytes else {
      throw ArrayFileError(
        .wrongSize(found: byteCount - headerBytes, expected: expected), in: name)
    }
    guard expected <= budget else {
      let needed = (options.memoryBytes - budget).addingReportingOverflow(expected)
      throw ArrayFileError(
        .overBudget(
          needed: needed.overflow ? Int.max : needed.partialValue, limit: options.memoryBytes),
        in: name)
    }
    budget -= expected
    var storage = try TensorStorage.filled(byteCount: expected) {
      (buffer) throws(ArrayFileError) in
      try read(buffer)
      if header.isBigEndian { buffer.swapBytes(of: header.element.byteCount) }
    }
    if header.isFortranOrder {
      storage = storage.transposed(header.shape, elementBytes: header.element.byteCount)
    }
    let tensor = NamedTensor(
      name: name, type: TensorType(header.element.tensorElement, header.shape),
      storage: try storage.converted(from: header.element, header.shape, of: name))
    self = options.narrowsFloat64 ? try tensor.narrowed() : tensor
  }
}

extension NumPyHeader {
  /// Reads magic number, version, size and dictionary; returns how many bytes that were, too.
  fileprivate static func read(
    _ array: Name, fileBytes: Int,
    _ read: (UnsafeMutableRawBufferPointer) throws(ArrayFileError) -> Void
  ) throws(ArrayFileError) -> (NumPyHeader, byteCount: Int) {
    var position = 0
    func bytes(_ count: Int) throws(ArrayFileError) -> [UInt8] {
      guard count <= fileBytes - position else {
        throw ArrayFileError(.truncated(needed: position + count, found: fileBytes), in: array)
      }
      position += count
      var bytes = [UInt8](repeating: 0, count: count)
      var failure: ArrayFileError?
      bytes.withUnsafeMutableBytes { buffer in
        do throws(ArrayFileError) { try read(buffer) } catch { failure = error }
      }
      if let failure { throw failure }
      return bytes
    }
    let beginning = try bytes(min(magic.count, fileBytes))
    guard beginning == magic else {
      let found = FileKind(prefix: beginning[...], byteCount: fileBytes)
      throw ArrayFileError(.notOfFormat(.npy, found: found), in: array)
    }
    let version = try bytes(2)
    guard (1...3).contains(version[0]), version[1] == 0 else {
      throw ArrayFileError(
        .unknownVersion(major: Int(version[0]), minor: Int(version[1])), in: array)
    }
    let size = try bytes(version[0] == 1 ? 2 : 4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard size <= maximumBytes else {
      throw ArrayFileError(.headerTooLong(size, limit: maximumBytes), in: array)
    }
    let header = try NumPyHeader(try bytes(size)[...], version: Int(version[0]), of: array)
    return (header, position)
  }
}
