public import EspalierGraph

extension ONNXTensor {
  /// Makes a tensor of elements that models have.
  public init(
    name: Name, type: TensorType, storage: TensorStorage, byteOffset: Int = 0
  ) {
    let element = ONNXElementType(type.element)
    let count = type.shape.elementCount * type.element.byteCount
    let numbers = TensorStorage.filled(byteCount: count) { target in
      storage.withUnsafeBytes {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[byteOffset...].prefix(count)))
      }
    }
    self.init(name: name, element, dimensions: type.shape.sizes, numbers: numbers)
  }
}
