/// A relation of two elements.
package enum ComparisonKernel: Sendable {
  /// left = right; no if either is NaN.
  case equal
  /// left < right; no if either is NaN.
  case less
  /// left ≤ right; no if either is NaN.
  case lessOrEqual
  /// left > right; no if either is NaN.
  case greater
  /// left ≥ right; no if either is NaN.
  case greaterOrEqual
}

/// Computes whether the relation holds, as 1 or 0, with NumPy's broadcasting.
package func compare(
  _ relation: ComparisonKernel, _ left: Span<Float>, _ right: Span<Float>, _ walk: BroadcastWalk<2>,
  output: inout MutableSpan<UInt8>
) {
  compareElements(relation, left, right, walk, output: &output)
}

/// Computes whether the relation holds between integers, as 1 or 0, with NumPy's broadcasting.
package func compare(
  _ relation: ComparisonKernel, _ left: Span<Int32>, _ right: Span<Int32>, _ walk: BroadcastWalk<2>,
  output: inout MutableSpan<UInt8>
) {
  compareElements(relation, left, right, walk, output: &output)
}

/// Computes whether the relation holds between integers, as 1 or 0, with NumPy's broadcasting.
package func compare(
  _ relation: ComparisonKernel, _ left: Span<Int64>, _ right: Span<Int64>, _ walk: BroadcastWalk<2>,
  output: inout MutableSpan<UInt8>
) {
  compareElements(relation, left, right, walk, output: &output)
}

@inline(__always)
func compareElements<Element: Comparable & BitwiseCopyable>(
  _ relation: ComparisonKernel, _ left: Span<Element>, _ right: Span<Element>,
  _ walk: BroadcastWalk<2>, output: inout MutableSpan<UInt8>
) {
  switch relation {
  case .equal: walk.map(left, right, output: &output) { $0 == $1 ? 1 : 0 }
  case .less: walk.map(left, right, output: &output) { $0 < $1 ? 1 : 0 }
  case .lessOrEqual: walk.map(left, right, output: &output) { $0 <= $1 ? 1 : 0 }
  case .greater: walk.map(left, right, output: &output) { $0 > $1 ? 1 : 0 }
  case .greaterOrEqual: walk.map(left, right, output: &output) { $0 >= $1 ? 1 : 0 }
  }
}
