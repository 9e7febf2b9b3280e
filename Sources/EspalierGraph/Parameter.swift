/// A named constant tensor of a graph, usually learned: its type, and where its numbers lie.
public struct Parameter: Sendable {
  /// The name, unique among the graph's parameters.
  public let name: Name
  /// The element type and shape.
  public let type: TensorType
  /// The allocation that holds the numbers; several parameters may share one.
  public let storage: TensorStorage
  /// Where in the storage the first number lies, a multiple of the element size.
  public let byteOffset: Int

  /// Makes a parameter of numbers that lie in a storage.
  public init(name: Name, type: TensorType, storage: TensorStorage, byteOffset: Int = 0) {
    self.name = name
    self.type = type
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

  /// The numbers of a float32 parameter.
  public var values: [Float] {
    precondition(type.element == .float32, "a parameter of \(type.element.label) read as float32")
    let offset = byteOffset
    return storage.withUnsafeBytes { bytes in
      (0..<elementCount).map {
        bytes.loadUnaligned(fromByteOffset: offset + $0 * 4, as: Float.self)
      }
    }
  }

  /// Whether the numbers lie wholly inside the storage, on a boundary of their size.
  var liesInStorage: Bool {
    guard let count = type.checkedByteCount, byteOffset >= 0 else { return false }
    return byteOffset % type.element.byteCount == 0 && byteOffset <= storage.byteCount
      && count <= storage.byteCount - byteOffset
  }
}
