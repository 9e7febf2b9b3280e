/// Computes `output = function(left, right)` of integers with NumPy's broadcasting.
///
/// What overflows wraps around. Division truncates toward zero, as does a power below zero; what divides by zero is 0.
package func binary(
  _ function: BinaryKernel, _ left: Span<Int32>, _ right: Span<Int32>, _ walk: BroadcastWalk<2>,
  output: inout MutableSpan<Int32>
) {
  computeIntegerPairs(function, left, right, walk, output: &output)
}

/// Computes `output = function(left, right)` of integers with NumPy's broadcasting, as for the narrower ones.
package func binary(
  _ function: BinaryKernel, _ left: Span<Int64>, _ right: Span<Int64>, _ walk: BroadcastWalk<2>,
  output: inout MutableSpan<Int64>
) {
  computeIntegerPairs(function, left, right, walk, output: &output)
}

@inline(__always)
func computeIntegerPairs<Integer: FixedWidthInteger & BitwiseCopyable>(
  _ function: BinaryKernel, _ left: Span<Integer>, _ right: Span<Integer>,
  _ walk: BroadcastWalk<2>, output: inout MutableSpan<Integer>
) {
  switch function {
  case .add: walk.map(left, right, output: &output) { $0 &+ $1 }
  case .subtract: walk.map(left, right, output: &output) { $0 &- $1 }
  case .multiply: walk.map(left, right, output: &output) { $0 &* $1 }
  case .divide: walk.map(left, right, output: &output) { $0.quotient($1) }
  case .minimum: walk.map(left, right, output: &output) { min($0, $1) }
  case .maximum: walk.map(left, right, output: &output) { max($0, $1) }
  case .power: walk.map(left, right, output: &output) { $0.power($1) }
  case .modulo: walk.map(left, right, output: &output) { $0.modulo($1) }
  case .remainder: walk.map(left, right, output: &output) { $0.remainder($1) }
  case .prelu: walk.map(left, right, output: &output) { $0 < 0 ? $0 &* $1 : $0 }
  }
}

extension FixedWidthInteger {
  fileprivate func quotient(_ divisor: Self) -> Self {
    divisor == 0 ? 0 : dividedReportingOverflow(by: divisor).partialValue
  }

  fileprivate func remainder(_ divisor: Self) -> Self {
    divisor == 0 ? 0 : remainderReportingOverflow(dividingBy: divisor).partialValue
  }

  fileprivate func modulo(_ divisor: Self) -> Self {
    let rest = remainder(divisor)
    return rest != 0 && (rest < 0) != (divisor < 0) ? rest &+ divisor : rest
  }

  /// The integer multiplied with itself, by squaring.
  fileprivate func power(_ exponent: Self) -> Self {
    if exponent < 0 {
      // The inverse of any integer but 1 and -1 is less than one, and that of 0 divides by it.
      return self == 1 ? 1 : self == 0 &- 1 ? (exponent & 1 == 0 ? 1 : self) : 0
    }
    var (result, square, rest): (Self, Self, Self) = (1, self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result &*= square }
      square &*= square
      rest >>= 1
    }
    return result
  }
}
