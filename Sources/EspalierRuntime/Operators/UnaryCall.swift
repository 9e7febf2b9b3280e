import EspalierGraph
package import EspalierKernels

/// `Operator.Unary`.
package struct UnaryCall: PreparedCall {
  /// What is computed.
  package enum Kernel: Sendable {
    /// Float32 of float32.
    case numbers(UnaryKernel)
    /// Int32 of int32.
    case narrowIntegers(IntegerKernel)
    /// Int64 of int64.
    case wideIntegers(IntegerKernel)
    /// Bool of float32.
    case predicate(PredicateKernel)
    /// Bool of bool.
    case not
  }

  /// What is computed.
  package let kernel: Kernel

  init(_ rule: Operator.Unary, _ inputs: [TensorType]) {
    kernel =
      switch inputs[0].element {
      case .int32: .narrowIntegers(rule.integerKernel)
      case .int64: .wideIntegers(rule.integerKernel)
      case .bool: .not
      default: rule.kernel
      }
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    switch kernel {
    case .numbers(let function):
      var result = operands.output.mutableSpan
      unary(function, operands[0].span, output: &result)
    case .narrowIntegers(let function):
      var result = operands.output(as: Int32.self).mutableSpan
      unary(function, operands[0, as: Int32.self].span, output: &result)
    case .wideIntegers(let function):
      var result = operands.output(as: Int64.self).mutableSpan
      unary(function, operands[0, as: Int64.self].span, output: &result)
    case .predicate(let predicate):
      var result = operands.output(as: UInt8.self).mutableSpan
      test(predicate, operands[0].span, output: &result)
    case .not:
      var result = operands.output(as: UInt8.self).mutableSpan
      EspalierKernels.not(operands[0, as: UInt8.self].span, output: &result)
    }
  }
}

extension Operator.Unary {
  /// What is computed of float32.
  fileprivate var kernel: UnaryCall.Kernel {
    let (alpha, beta) = (alpha ?? 0, beta ?? 0)
    return switch function {
    case .relu: .numbers(.relu)
    case .sigmoid: .numbers(.sigmoid)
    case .tanh: .numbers(.tanh)
    case .absolute: .numbers(.absolute)
    case .negate: .numbers(.negate)
    case .exp: .numbers(.exp)
    case .log: .numbers(.log)
    case .squareRoot: .numbers(.squareRoot)
    case .reciprocal: .numbers(.reciprocal)
    case .floor: .numbers(.floor)
    case .ceil: .numbers(.ceil)
    case .round: .numbers(.round)
    case .sign: .numbers(.sign)
    case .erf: .numbers(.erf)
    case .sin: .numbers(.sin)
    case .cos: .numbers(.cos)
    case .tan: .numbers(.tan)
    case .asin: .numbers(.asin)
    case .acos: .numbers(.acos)
    case .atan: .numbers(.atan)
    case .sinh: .numbers(.sinh)
    case .cosh: .numbers(.cosh)
    case .asinh: .numbers(.asinh)
    case .acosh: .numbers(.acosh)
    case .atanh: .numbers(.atanh)
    case .softplus: .numbers(.softplus)
    case .softsign: .numbers(.softsign)
    case .elu: .numbers(.elu(alpha: alpha, beta: 1))
    case .selu: .numbers(.elu(alpha: alpha, beta: beta))
    case .celu: .numbers(.celu(alpha: alpha))
    case .leakyRelu: .numbers(.leakyRelu(alpha: alpha))
    case .thresholdedRelu: .numbers(.thresholdedRelu(alpha: alpha))
    case .hardSigmoid: .numbers(.hardSigmoid(alpha: alpha, beta: beta))
    case .hardSwish: .numbers(.hardSwish)
    case .gelu: .numbers(.gelu)
    case .geluTanh: .numbers(.geluTanh)
    case .mish: .numbers(.mish)
    case .swish: .numbers(.swish(alpha: alpha))
    case .shrink: .numbers(.shrink(alpha: alpha, beta: beta))
    case .isNaN: .predicate(.isNaN)
    case .isInfinite: .predicate(.isInfinite)
    case .isPositiveInfinite: .predicate(.isPositiveInfinite)
    case .isNegativeInfinite: .predicate(.isNegativeInfinite)
    case .clip: .numbers(.clip(lower: alpha, upper: beta))
    case .not: .not
    }
  }

  /// What is computed of integers.
  fileprivate var integerKernel: IntegerKernel {
    switch function {
    case .absolute: .absolute
    case .negate: .negate
    case .sign: .sign
    case .clip: .clip(lower: alpha ?? -.infinity, upper: beta ?? .infinity)
    case .not: .not
    default: preconditionFailure("function \(function.rawValue) of integers")
    }
  }
}
