import EspalierGraph

extension ElementType {
  /// Numbers of the type, most of which some other type cannot hold.
  fileprivate var domain: ClosedRange<Double> {
    switch self {
    case .float32, .float16, .bfloat16, .float64: -300...300
    case .int8: -128...127
    case .uint8: 0...255
    case .int32, .int64: -3000...3000
    case .bool: 0...1
    }
  }
}

/// Every cast.
let castExamples: [OperatorExample] = ElementType.allCases.flatMap { from in
  ElementType.allCases.map { to in
    OperatorExample(
      "cast from \(from.label) to \(to.label)", .cast(.init(to)),
      [.init([2, 17], from, in: from.domain)])
  }
}
