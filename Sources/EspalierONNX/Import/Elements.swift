internal import EspalierGraph

extension ONNXElementType {
  /// The element type that an input or output of a model has for this one; nil when it cannot have any.
  ///
  /// Integers that have no type of their own take one that holds all of them.
  var inputElement: ElementType? {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int8: .int8
    case .uint8: .uint8
    case .int16, .uint16, .int32: .int32
    case .int64, .uint32, .uint64: .int64
    case .bool: .bool
    case .undefined, .string, .complex64, .complex128, .float8E4M3FN, .float8E4M3FNUZ,
      .float8E5M2, .float8E5M2FNUZ, .uint4, .int4, .float4E2M1, .float8E8M0, .uint2, .int2,
      .float6E2M3, .float6E3M2:
      nil
    }
  }

  /// The element type that a model computes with for this one.
  var computedElement: ElementType? {
    switch inputElement {
    case .float16?, .bfloat16?: .float32
    case let element: element
    }
  }

  /// Whether values are numbers with a fraction.
  var isFloat: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16: true
    default: false
    }
  }
}

extension Constant {
  /// The numbers of a tensor of a document.
  init(_ tensor: ONNXTensor) throws {
    guard let element = tensor.element.computedElement else {
      throw ImportProblem("elements of type \(tensor.element) are not supported")
    }
    let type = TensorType(element, Shape(tensor.dimensions))
    guard type.isCountable else {
      throw ImportProblem(
        "a tensor of the shape \(listed(tensor.dimensions)) is too large; \(Shape.maximumRank) "
          + "axes of \(Draft.maximumSize) are the most")
    }
    switch tensor.element {
    case .float16: self.init(type, stored: .float16, tensor.numbers)
    case .bfloat16: self.init(type, stored: .bfloat16, tensor.numbers)
    case .int16: self.init(type, tensor.converted(from: Int16.self) { Int32($0) })
    case .uint16: self.init(type, tensor.converted(from: UInt16.self) { Int32($0) })
    case .uint32: self.init(type, tensor.converted(from: UInt32.self) { Int64($0) })
    case .bool: self.init(type, tensor.converted(from: UInt8.self) { $0 != 0 })
    case .uint64:
      self.init(type, tensor.converted(from: UInt64.self) { Int64(truncatingIfNeeded: $0) })
    default: self.init(type, tensor.numbers)
    }
  }
}

extension ONNXTensor {
  fileprivate func converted<Source: BitwiseCopyable, Target: TensorElement>(
    from: Source.Type, _ convert: (Source) -> Target
  ) -> TensorStorage {
    numbers.withUnsafeBytes { bytes in
      TensorStorage(
        (0..<elementCount).map {
          convert(
            bytes.loadUnaligned(
              fromByteOffset: $0 * MemoryLayout<Source>.size, as: Source.self))
        })
    }
  }
}
