import EspalierGraph
import ReferenceOperators

extension Operator.Unary {
  /// What the function computes of elements of a type.
  func reference(_ input: Tensor, _ element: ElementType) -> Tensor {
    let (alpha, beta) = (Double(alpha ?? 0), Double(beta ?? 0))
    switch function {
    case .relu: return input.unary(.relu)
    case .sigmoid: return input.unary(.sigmoid)
    case .tanh: return input.unary(.tanh)
    case .absolute: return input.unary(.absolute)
    case .negate: return input.unary(.negate)
    case .exp: return input.unary(.exp)
    case .log: return input.unary(.log)
    case .squareRoot: return input.unary(.squareRoot)
    case .reciprocal: return input.unary(.reciprocal)
    case .floor: return input.unary(.floor)
    case .ceil: return input.unary(.ceil)
    case .round: return input.unary(.round)
    case .sign: return input.unary(.sign)
    case .erf: return input.unary(.erf)
    case .sin: return input.unary(.sin)
    case .cos: return input.unary(.cos)
    case .tan: return input.unary(.tan)
    case .asin: return input.unary(.asin)
    case .acos: return input.unary(.acos)
    case .atan: return input.unary(.atan)
    case .sinh: return input.unary(.sinh)
    case .cosh: return input.unary(.cosh)
    case .asinh: return input.unary(.asinh)
    case .acosh: return input.unary(.acosh)
    case .atanh: return input.unary(.atanh)
    case .softplus: return input.unary(.softplus)
    case .softsign: return input.unary(.softsign)
    case .elu: return input.unary(.elu(alpha: alpha))
    case .selu: return input.unary(.selu(alpha: alpha, beta: beta))
    case .celu: return input.unary(.celu(alpha: alpha))
    case .leakyRelu: return input.unary(.leakyRelu(alpha: alpha))
    case .thresholdedRelu: return input.unary(.thresholdedRelu(alpha: alpha))
    case .hardSigmoid: return input.unary(.hardSigmoid(alpha: alpha, beta: beta))
    case .hardSwish: return input.unary(.hardSwish)
    case .gelu: return input.unary(.gelu)
    case .geluTanh: return input.unary(.geluTanh)
    case .mish: return input.unary(.mish)
    case .swish: return input.unary(.swish(alpha: alpha))
    case .shrink: return input.unary(.shrink(alpha: alpha, beta: beta))
    case .isNaN: return input.unary(.isNaN)
    case .isInfinite: return input.unary(.isInfinite)
    case .isPositiveInfinite: return input.unary(.isPositiveInfinite)
    case .isNegativeInfinite: return input.unary(.isNegativeInfinite)
    case .clip:
      guard element != .float32 else { return input.unary(.clip(lower: alpha, upper: beta)) }
      return input.unary(
        .clip(lower: alpha.rounded(.towardZero), upper: beta.rounded(.towardZero)))
    case .not: return input.unary(element == .bool ? .notBool : .notInteger)
    }
  }
}

extension Operator.Binary {
  /// What the function computes of elements of a type.
  func reference(_ left: Tensor, _ right: Tensor, _ element: ElementType) -> Tensor {
    let result = left.binary(function.reference, right)
    guard !element.isFloat else { return result }
    // Integers: the fraction is dropped, and what divides by zero is 0.
    return Tensor(result.shape, result.values.map { $0.isFinite ? $0.rounded(.towardZero) : 0 })
  }
}

extension Operator.Binary.Function {
  fileprivate var reference: BinaryReference {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .power: .power
    case .minimum: .minimum
    case .maximum: .maximum
    case .modulo: .modulo
    case .remainder: .remainder
    case .equal: .equal
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .and: .and
    case .or: .or
    case .xor: .xor
    case .shiftLeft: .shiftLeft
    case .shiftRight: .shiftRight
    case .prelu: .prelu
    }
  }
}

extension Operator.Cast {
  /// The numbers of elements of a type as elements of the other.
  func reference(_ input: Tensor, _ from: ElementType) -> Tensor {
    switch element {
    case .float32: input.cast(.rounding(bits: 24))
    case .float64: input
    case .float16: input.cast(.rounding(bits: 11))
    case .bfloat16: input.cast(.rounding(bits: 8))
    case .bool: input.cast(.truth)
    case .int8, .uint8, .int32, .int64:
      input.cast(from.isFloat ? .saturating(element.bounds) : .wrapping(element.bounds))
    }
  }
}

extension Operator.Quantize {
  /// The numbers as multiples of scales.
  func reference(_ inputs: [Tensor]) -> Tensor {
    let zero = inputs.count > 2 ? inputs[2] : Tensor([], [0])
    return inputs[0].quantize(scale: inputs[1], zero: zero, to: element.bounds)
  }
}

extension ElementType {
  private static func bounds<Integer: FixedWidthInteger>(
    _ type: Integer.Type
  ) -> ClosedRange<Double> { Double(Integer.min)...Double(Integer.max) }

  /// The least and the greatest integer of a type.
  fileprivate var bounds: ClosedRange<Double> {
    switch self {
    case .int8: Self.bounds(Int8.self)
    case .uint8: Self.bounds(UInt8.self)
    case .int32: Self.bounds(Int32.self)
    case .int64: Self.bounds(Int64.self)
    case .float32, .float16, .bfloat16, .float64, .bool:
      preconditionFailure("\(self) is no integer")
    }
  }

  fileprivate var isFloat: Bool {
    switch self {
    case .float32, .float16, .bfloat16, .float64: true
    case .int8, .uint8, .int32, .int64, .bool: false
    }
  }
}
