package import EspalierGraph

/// What is lost where numbers become those of another type.
enum ConversionLoss {
  /// Nothing.
  case none
  /// Some became the nearest of the type.
  case rounding
  /// Some became infinite.
  case overflow
}

extension NamedTensor {
  /// The numbers in a type, each the nearest to what it was; nil unless both types are floating-point or the same.
  package func converted(to element: ElementType) -> NamedTensor? {
    if type.element == element { return self }
    guard let values else { return nil }
    let storage: TensorStorage
    switch element {
    case .float32: storage = TensorStorage(values)
    case .float16: storage = TensorStorage(halves: values.map { $0.float16 })
    case .bfloat16: storage = TensorStorage(halves: values.map { $0.bfloat16 })
    case .int8, .uint8, .int32, .int64, .bool: return nil
    }
    return NamedTensor(name: name, type: TensorType(element, shape), storage: storage)
  }

  /// What was lost when the tensor was converted.
  func loss(in converted: NamedTensor) -> ConversionLoss {
    guard type.element != converted.type.element, let values, let others = converted.values else {
      return .none
    }
    var loss = ConversionLoss.none
    for (before, after) in zip(values, others) where before != after && !before.isNaN {
      if after.isInfinite { return .overflow }
      loss = .rounding
    }
    return loss
  }
}
