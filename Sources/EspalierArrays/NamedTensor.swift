public import EspalierGraph

/// A tensor with a name, as files of arrays hold it: little-endian numbers, row-major.
public struct NamedTensor: Sendable {
  /// The name.
  public let name: Name
  /// The element type and the sizes.
  public let type: TensorType
  /// The allocation that holds the numbers; several tensors may share one.
  public let storage: TensorStorage
  /// Where in the storage the first number lies.
  public let byteOffset: Int

  /// Makes a tensor of numbers that lie in a storage.
  ///
  /// - Precondition: they lie wholly inside it.
  public init(name: Name, type: TensorType, storage: TensorStorage, byteOffset: Int = 0) {
    guard let count = type.checkedByteCount, byteOffset >= 0, byteOffset <= storage.byteCount,
      count <= storage.byteCount - byteOffset
    else {
      preconditionFailure(
        "\(type.shape) of \(type.element.label) from byte \(byteOffset) of \(storage.byteCount)")
    }
    self.name = name
    self.type = type
    self.storage = storage
    self.byteOffset = byteOffset
  }

  /// Makes a tensor of elements.
  ///
  /// - Precondition: `values` has as many elements as `shape`.
  public init<Element: TensorElement>(name: Name, shape: Shape, values: [Element]) {
    precondition(
      values.count == shape.elementCount, "\(values.count) numbers for a tensor \(shape)")
    self.init(
      name: name, type: TensorType(Element.elementType, shape),
      storage: values.withUnsafeBytes { bytes in
        TensorStorage.filled(byteCount: bytes.count) { $0.copyMemory(from: bytes) }
      })
  }

  /// Makes a tensor of the bytes of its numbers.
  ///
  /// - Precondition: `bytes` are as many as `type` takes.
  package init(name: Name, type: TensorType, bytes: [UInt8]) {
    self.init(
      name: name, type: type,
      storage: TensorStorage.filled(byteCount: bytes.count) { $0.copyBytes(from: bytes) })
  }

  /// The sizes, outermost first.
  public var shape: Shape { type.shape }

  /// The bytes that the numbers take.
  public var byteCount: Int { shape.elementCount * type.element.byteCount }

  /// The numbers of a float32, float16 or bfloat16 tensor, all of which float32 holds; nil for other types.
  public var values: [Float]? {
    switch type.element {
    case .float32: return numbers(UInt32.self) { Float(bitPattern: $0) }
    case .float16: return numbers(UInt16.self) { Float(float16: $0) }
    case .bfloat16: return numbers(UInt16.self) { Float(bfloat16: $0) }
    case .int8, .uint8, .int32, .int64, .bool, .float64: return nil
    }
  }

  /// The numbers of a tensor of any floating-point type; nil for other types.
  package var doubles: [Double]? {
    guard type.element == .float64 else { return values?.map { Double($0) } }
    return numbers(UInt64.self) { Double(bitPattern: $0) }
  }

  /// Calls `body` with the bytes of the numbers.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    storage.withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[byteOffset...].prefix(byteCount)))
    }
  }

  /// What a conversion makes of each element.
  private func numbers<Bits: FixedWidthInteger & BitwiseCopyable, Number>(
    _: Bits.Type, _ convert: (Bits) -> Number
  ) -> [Number] {
    withBytes { bytes in
      (0..<shape.elementCount).map { index in
        let offset = index * MemoryLayout<Bits>.size
        let bits = bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self)
        return convert(Bits(littleEndian: bits))
      }
    }
  }
}

extension NamedTensor: Equatable {
  /// Whether name, type and the bytes of the numbers are the same.
  public static func == (left: NamedTensor, right: NamedTensor) -> Bool {
    left.name == right.name && left.type == right.type
      && left.withBytes { bytes in right.withBytes { bytes.elementsEqual($0) } }
  }
}

extension TensorType {
  /// The element type and the sizes, such as `float32 8 x 3`.
  package var text: String {
    var text = element.label
    for (axis, size) in shape.sizes.enumerated() { text += (axis == 0 ? " " : " x ") + "\(size)" }
    return text
  }
}
