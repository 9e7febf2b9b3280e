/// A function of two truth values: bytes of which 0 is false.
package enum LogicKernel: Sendable {
  /// Whether both are true.
  case and
  /// Whether one is true, or both.
  case or
  /// Whether just one is true.
  case xor
  /// Whether both are true, or both false.
  case equal
}

/// A function of the bits of two integers.
package enum BitKernel: Sendable {
  /// The bits that both have.
  case and
  /// The bits that one has, or both.
  case or
  /// The bits that just one has.
  case xor
  /// The bits of the left one, so many places higher; none when that is negative or too far.
  case shiftLeft
  /// The bits of the left one, so many places lower; nothing but the sign when that is negative or too far.
  case shiftRight
}

/// Computes a function of truth values, as 1 or 0, with NumPy's broadcasting.
package func logic(
  _ function: LogicKernel, _ left: Span<UInt8>, _ right: Span<UInt8>, _ walk: BroadcastWalk<2>,
  output: inout MutableSpan<UInt8>
) {
  switch function {
  case .and: walk.map(left, right, output: &output) { $0 != 0 && $1 != 0 ? 1 : 0 }
  case .or: walk.map(left, right, output: &output) { $0 | $1 != 0 ? 1 : 0 }
  case .xor: walk.map(left, right, output: &output) { ($0 != 0) != ($1 != 0) ? 1 : 0 }
  case .equal: walk.map(left, right, output: &output) { ($0 != 0) == ($1 != 0) ? 1 : 0 }
  }
}

/// Computes a function of bits with NumPy's broadcasting.
package func bits(
  _ function: BitKernel, _ left: Span<Int32>, _ right: Span<Int32>, _ walk: BroadcastWalk<2>,
  output: inout MutableSpan<Int32>
) {
  combineIntegers(function, left, right, walk, output: &output)
}

/// Computes a function of bits with NumPy's broadcasting.
package func bits(
  _ function: BitKernel, _ left: Span<Int64>, _ right: Span<Int64>, _ walk: BroadcastWalk<2>,
  output: inout MutableSpan<Int64>
) {
  combineIntegers(function, left, right, walk, output: &output)
}

@inline(__always)
func combineIntegers<Integer: FixedWidthInteger & BitwiseCopyable>(
  _ function: BitKernel, _ left: Span<Integer>, _ right: Span<Integer>, _ walk: BroadcastWalk<2>,
  output: inout MutableSpan<Integer>
) {
  let places = Integer(0)..<Integer(Integer.bitWidth)
  switch function {
  case .and: walk.map(left, right, output: &output) { $0 & $1 }
  case .or: walk.map(left, right, output: &output) { $0 | $1 }
  case .xor: walk.map(left, right, output: &output) { $0 ^ $1 }
  case .shiftLeft:
    walk.map(left, right, output: &output) { places.contains($1) ? $0 &<< $1 : 0 }
  case .shiftRight:
    walk.map(left, right, output: &output) {
      $0 &>> (places.contains($1) ? $1 : places.upperBound - 1)
    }
  }
}
