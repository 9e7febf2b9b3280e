#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A function of one number, in double precision.
package enum UnaryReference: Sendable {
  /// max(x, 0), NaN if x is NaN.
  case relu
  /// 1 / (1 + e^-x).
  case sigmoid
  /// Hyperbolic tangent.
  case tanh
  /// e^x.
  case exp
  /// Natural logarithm.
  case log
  /// -x.
  case negate
  /// |x|.
  case absolute
  /// Square root.
  case squareRoot
  /// 1 / x.
  case reciprocal
  /// Rounded down.
  case floor
  /// Rounded up.
  case ceil
  /// Rounded to the nearest, to even.
  case round
  /// -1, 0 or 1.
  case sign
  /// Error function.
  case erf
  /// Sine.
  case sin
  /// Cosine.
  case cos
  /// Tangent.
  case tan
  /// Inverse sine.
  case asin
  /// Inverse cosine.
  case acos
  /// Inverse tangent.
  case atan
  /// Hyperbolic sine.
  case sinh
  /// Hyperbolic cosine.
  case cosh
  /// Inverse hyperbolic sine.
  case asinh
  /// Inverse hyperbolic cosine.
  case acosh
  /// Inverse hyperbolic tangent.
  case atanh
  /// log(1 + e^x).
  case softplus
  /// x / (1 + |x|).
  case softsign
  /// x above zero, otherwise alpha (e^x - 1).
  case elu(alpha: Double)
  /// beta times elu.
  case selu(alpha: Double, beta: Double)
  /// max(x, 0) + min(alpha (e^(x / alpha) - 1), 0).
  case celu(alpha: Double)
  /// alpha x below zero, otherwise x.
  case leakyRelu(alpha: Double)
  /// x above alpha, otherwise 0.
  case thresholdedRelu(alpha: Double)
  /// alpha x + beta, between 0 and 1.
  case hardSigmoid(alpha: Double, beta: Double)
  /// x (x / 6 + 1 / 2), the factor between 0 and 1.
  case hardSwish
  /// x / 2 (1 + erf(x / sqrt 2)).
  case gelu
  /// gelu's approximation.
  case geluTanh
  /// x tanh(softplus(x)).
  case mish
  /// x / (1 + e^(-alpha x)).
  case swish(alpha: Double)
  /// x + beta below -alpha, x - beta above alpha, otherwise 0.
  case shrink(alpha: Double, beta: Double)
  /// 1 if x is NaN, otherwise 0.
  case isNaN
  /// 1 if x is infinite, otherwise 0.
  case isInfinite
  /// 1 if x is infinity, otherwise 0.
  case isPositiveInfinite
  /// 1 if x is -infinity, otherwise 0.
  case isNegativeInfinite
  /// The smaller of upper and the larger of lower and x.
  case clip(lower: Double, upper: Double)
  /// 1 - x.
  case notBool
  /// -x - 1: all bits of an integer inverted.
  case notInteger

  /// The function's value.
  package func callAsFunction(_ x: Double) -> Double { value(of: self, at: x) }
}

extension Tensor {
  /// Applies a function to every number.
  package func unary(_ function: UnaryReference) -> Tensor {
    Tensor(shape, values.map { function($0) })
  }
}

// Outside of the enumeration, whose cases hide the functions of the same name.
private func value(of function: UnaryReference, at x: Double) -> Double {
  switch function {
  case .relu: return x < 0 ? 0 : x
  case .sigmoid: return 1 / (1 + exp(-x))
  case .tanh: return tanh(x)
  case .exp: return exp(x)
  case .log: return log(x)
  case .negate: return -x
  case .absolute: return x.magnitude
  case .squareRoot: return x.squareRoot()
  case .reciprocal: return 1 / x
  case .floor: return floor(x)
  case .ceil: return ceil(x)
  case .round: return x.rounded(.toNearestOrEven)
  case .sign: return x > 0 ? 1 : x < 0 ? -1 : x
  case .erf: return erf(x)
  case .sin: return sin(x)
  case .cos: return cos(x)
  case .tan: return tan(x)
  case .asin: return asin(x)
  case .acos: return acos(x)
  case .atan: return atan(x)
  case .sinh: return sinh(x)
  case .cosh: return cosh(x)
  case .asinh: return asinh(x)
  case .acosh: return acosh(x)
  case .atanh: return atanh(x)
  case .softplus: return x > 700 ? x : log1p(exp(x))
  case .softsign: return x / (1 + x.magnitude)
  case .elu(let alpha): return x > 0 ? x : alpha * expm1(x)
  case .selu(let alpha, let beta): return beta * (x > 0 ? x : alpha * expm1(x))
  case .celu(let alpha): return max(x, 0) + min(alpha * expm1(x / alpha), 0)
  case .leakyRelu(let alpha): return x < 0 ? alpha * x : x
  case .thresholdedRelu(let alpha): return x > alpha ? x : 0
  case .hardSigmoid(let alpha, let beta): return bounded(alpha * x + beta, 0, 1)
  case .hardSwish: return x * bounded(x / 6 + 0.5, 0, 1)
  // The sum of one and the error function, without cancellation.
  case .gelu: return 0.5 * x * erfc(-x / 2.0.squareRoot())
  // Half the sum of one and a hyperbolic tangent, without cancellation.
  case .geluTanh: return x / (1 + exp(-(8 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  case .mish: return x * tanh(value(of: .softplus, at: x))
  case .swish(let alpha): return x / (1 + exp(-alpha * x))
  case .shrink(let alpha, let beta): return x < -alpha ? x + beta : x > alpha ? x - beta : 0
  case .isNaN: return x.isNaN ? 1 : 0
  case .isInfinite: return x.isInfinite ? 1 : 0
  case .isPositiveInfinite: return x == .infinity ? 1 : 0
  case .isNegativeInfinite: return x == -.infinity ? 1 : 0
  case .clip(let lower, let upper): return bounded(x, lower, upper)
  case .notBool: return 1 - x
  case .notInteger: return -x - 1
  }
}

/// The smaller of upper and the larger of lower and x; NaN if x is.
private func bounded(_ x: Double, _ lower: Double, _ upper: Double) -> Double {
  x.isNaN ? x : min(max(x, lower), upper)
}
