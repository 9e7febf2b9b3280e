/// A named constant tensor of a graph, usually learned: its type, and where its numbers lie.
public struct Parameter: Sendable {
  /// The name, unique among the graph's parameters.
  public let name: Name
  /// The element type and shape that the graph computes with.
  public let type: TensorType
  /// How the numbers lie in the storage: as the element type, or, for float32, in half the bytes.
  public let stored: ElementType
  /// The allocation that holds the numbers; several parameters may share one.
  public let storage: TensorStorage
  /// Where in the storage the first number lies, a multiple of the stored element's size.
  public let byteOffset: Int

  /// Makes a parameter of numbers that lie in a storage.
  ///
  /// - Parameter stored: how they lie there; nil for as `type` says.
  public init(
    name: Name, type: TensorType, stored: ElementType? = nil, storage: TensorStorage,
    byteOffset: Int = 0
  ) {
    self.name = name
    self.type = type
    self.stored = stored ?? type.element
    self.storage = storage
    self.byteOffset = byteOffset
  }

  /// Makes a parameter of numbers.
  ///
  /// - Precondition: `values` has as many elements as `shape`.
  public init(name: Name, shape: Shape, values: [Float]) {
    precondition(
      values.count == shape.elementCount,
      "\(values.count) numbers for a parameter of \(shape.elementCount)")
    self.init(
      name: name, type: TensorType(.float32, shape), storage: TensorStorage(values))
  }

  /// The number of elements.
  public var elementCount: Int { type.shape.elementCount }

  /// The bytes that the numbers take as they are stored.
  public var storedByteCount: Int { elementCount * stored.byteCount }

  /// The numbers of a float32 parameter, widened when they are stored in fewer bytes.
  public var values: [Float] {
    [Float](unsafeUninitializedCapacity: elementCount) { buffer, count in
      copyValues(to: buffer)
      count = elementCount
    }
  }

  /// Writes the numbers of a float32 parameter, widened when they are stored in fewer bytes.
  ///
  /// - Precondition: `buffer` has `elementCount` elements.
  package func copyValues(to buffer: UnsafeMutableBufferPointer<Float>) {
    precondition(type.element == .float32, "a parameter of \(type.element.label) read as float32")
    withStoredBytes { bytes in
      for index in 0..<elementCount {
        let number =
          switch stored {
          case .float16:
            Float(float16: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
          case .bfloat16:
            Float(bfloat16: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
          case .float32, .int8, .uint8, .int32, .int64, .bool, .float64:
            bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
          }
        buffer.initializeElement(at: index, to: number)
      }
    }
  }

  /// Calls `body` with the numbers as they are stored.
  package func withStoredBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    storage.withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[byteOffset...].prefix(storedByteCount)))
    }
  }

  /// Whether numbers of the type can be stored as they are said to be.
  var isStoredWell: Bool {
    switch stored {
    case type.element: true
    case .float16, .bfloat16: type.element == .float32
    case .float32, .int8, .uint8, .int32, .int64, .bool, .float64: false
    }
  }

  /// Whether the numbers lie wholly inside the storage, on a boundary of their size.
  package var liesInStorage: Bool {
    guard let count = TensorType(stored, type.shape).checkedByteCount, byteOffset >= 0 else {
      return false
    }
    return byteOffset % stored.byteCount == 0 && byteOffset <= storage.byteCount
      && count <= storage.byteCount - byteOffset
  }
}
