public import EspalierGraph

extension ONNXTensor {
  /// Makes a tensor of elements that models have.
  public init(
    name: Name, type: TensorType, storage: TensorStorage, byteOffset: Int = 0
  ) {
    let element: ONNXElementType =
      switch type.element {
      case .float32: .float32
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .int8: .int8
      case .uint8: .uint8
      case .int32: .int32
      case .int64: .int64
      case .bool: .bool
      case .float64: .float64
      }
    let count = type.shape.elementCount * type.element.byteCount
    let numbers = TensorStorage.filled(byteCount: count) { target in
      storage.withUnsafeBytes {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[byteOffset...].prefix(count)))
      }
    }
    self.init(name: name, element, dimensions: type.shape.sizes, numbers: numbers)
  }
}
