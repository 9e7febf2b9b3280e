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
    guard let doubles else { return nil }
    let storage: TensorStorage
    switch element {
    case .float64: storage = TensorStorage(doubles)
    case .float32: storage = TensorStorage(doubles.map { Float($0) })
    case .float16: storage = TensorStorage(halves: doubles.map { Float(forRounding: $0).float16 })
    case .bfloat16: storage = TensorStorage(halves: doubles.map { Float(forRounding: $0).bfloat16 })
    case .int8, .uint8, .int32, .int64, .bool: return nil
    }
    return NamedTensor(name: name, type: TensorType(element, shape), storage: storage)
  }

  /// The tensor with float32 numbers where it has float64 ones.
  ///
  /// - Throws: `ArrayFileError.beyondFloat32` when one is too large.
  package func narrowed() throws(ArrayFileError) -> NamedTensor {
    guard type.element == .float64, let narrowed = converted(to: .float32) else { return self }
    let doubles = doubles ?? []
    let pairs = zip(doubles, narrowed.values ?? []).enumerated()
    if let wrong = pairs.first(where: { $1.0.isFinite && $1.1.isInfinite })?.offset {
      throw ArrayFileError(
        .beyondFloat32(index: shape.position(of: wrong), value: doubles[wrong]), in: name)
    }
    return narrowed
  }

  /// What was lost when the tensor was converted.
  func loss(in converted: NamedTensor) -> ConversionLoss {
    guard type.element != converted.type.element, let doubles, let others = converted.doubles
    else {
      return .none
    }
    var loss = ConversionLoss.none
    for (before, after) in zip(doubles, others) where before != after && !before.isNaN {
      if after.isInfinite { return .overflow }
      loss = .rounding
    }
    return loss
  }
}
