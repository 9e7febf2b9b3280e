#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A function of one number, in double precision.
package enum UnaryReference: String, Sendable, CaseIterable {
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

  /// The function's value.
  package func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .relu: x < 0 ? 0 : x
    case .sigmoid: 1 / (1 + _exp(-x))
    case .tanh: _tanh(x)
    case .exp: _exp(x)
    case .log: _log(x)
    case .negate: -x
    case .absolute: x.magnitude
    case .squareRoot: x.squareRoot()
    }
  }
}

extension Tensor {
  /// Applies a function to every number.
  package func unary(_ function: UnaryReference) -> Tensor {
    Tensor(shape, values.map { function($0) })
  }
}

// The cases of the enumeration hide the functions of the same name.
private func _exp(_ x: Double) -> Double { exp(x) }
private func _tanh(_ x: Double) -> Double { tanh(x) }
private func _log(_ x: Double) -> Double { log(x) }
