/// A function of one integer.
package enum IntegerKernel: Sendable {
  /// |x|; the least integer stays what it is.
  case absolute
  /// -x; the least integer stays what it is.
  case negate
  /// -1, 0 or 1.
  case sign
  /// The smaller of upper and the larger of lower and x; bounds are truncated toward zero.
  case clip(lower: Float, upper: Float)
  /// The bits that x lacks.
  case not
}

/// A question about a number.
package enum PredicateKernel: Sendable {
  /// Whether it is NaN.
  case isNaN
  /// Whether it is infinite.
  case isInfinite
  /// Whether it is infinite and above zero.
  case isPositiveInfinite
  /// Whether it is infinite and below zero.
  case isNegativeInfinite
}

/// Computes `output[i] = function(input[i])` of integers; both have the same count.
package func unary(
  _ function: IntegerKernel, _ input: Span<Int32>, output: inout MutableSpan<Int32>
) {
  computeIntegers(function, input, &output)
}

/// Computes `output[i] = function(input[i])` of integers; both have the same count.
package func unary(
  _ function: IntegerKernel, _ input: Span<Int64>, output: inout MutableSpan<Int64>
) {
  computeIntegers(function, input, &output)
}

/// Answers a question about each number with 1 or 0; both have the same count.
package func test(
  _ predicate: PredicateKernel, _ input: Span<Float>, output: inout MutableSpan<UInt8>
) {
  switch predicate {
  case .isNaN: map(input, &output) { $0 != $0 ? 1 : 0 }
  case .isInfinite: map(input, &output) { $0.magnitude == .infinity ? 1 : 0 }
  case .isPositiveInfinite: map(input, &output) { $0 == .infinity ? 1 : 0 }
  case .isNegativeInfinite: map(input, &output) { $0 == -.infinity ? 1 : 0 }
  }
}

/// Inverts truth values, bytes of which 0 is false, to 1 or 0; both have the same count.
package func not(_ input: Span<UInt8>, output: inout MutableSpan<UInt8>) {
  map(input, &output) { $0 == 0 ? 1 : 0 }
}

@inline(__always)
func computeIntegers<Integer: FixedWidthInteger & BitwiseCopyable>(
  _ function: IntegerKernel, _ input: Span<Integer>, _ output: inout MutableSpan<Integer>
) {
  switch function {
  case .absolute: map(input, &output) { $0 < 0 ? 0 &- $0 : $0 }
  case .negate: map(input, &output) { 0 &- $0 }
  case .sign: map(input, &output) { $0.signum() }
  case .clip(let lower, let upper):
    let (lower, upper) = (Integer(saturating: lower), Integer(saturating: upper))
    map(input, &output) { min(max($0, lower), upper) }
  case .not: map(input, &output) { ~$0 }
  }
}

extension FixedWidthInteger {
  /// The number truncated toward zero, or the nearest integer that there is.
  fileprivate init(saturating number: Float) {
    if let exact = Self(exactly: number.rounded(.towardZero)) {
      self = exact
    } else {
      self = number < 0 ? .min : .max
    }
  }
}

@inline(__always)
func map<Element: BitwiseCopyable, Result: BitwiseCopyable>(
  _ input: Span<Element>, _ output: inout MutableSpan<Result>, _ function: (Element) -> Result
) {
  let count = input.count
  requireCount(output.count, count, "unary output")
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    for index in 0..<count { output[index] = function(input[index]) }
  }
}
