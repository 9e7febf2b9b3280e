/// Computes `output = round(input / scale) + zero`, the nearest int8 if that is none, with NumPy's broadcasting.
///
/// Half-way quotients go to even numbers; NaN becomes zero before the zero point is added.
package func quantize(
  _ input: Span<Float>, scale: Span<Float>, zero: Span<Int8>, _ walk: BroadcastWalk<3>,
  output: inout MutableSpan<Int8>
) {
  walk.map(input, scale, zero, output: &output, quantized)
}

/// Computes `output = round(input / scale) + zero`, the nearest uint8 if that is none, with NumPy's broadcasting.
///
/// Half-way quotients go to even numbers; NaN becomes zero before the zero point is added.
package func quantize(
  _ input: Span<Float>, scale: Span<Float>, zero: Span<UInt8>, _ walk: BroadcastWalk<3>,
  output: inout MutableSpan<UInt8>
) {
  walk.map(input, scale, zero, output: &output, quantized)
}

/// Computes `output = (input - zero) * scale` with NumPy's broadcasting.
package func dequantize(
  _ input: Span<Int8>, scale: Span<Float>, zero: Span<Int8>, _ walk: BroadcastWalk<3>,
  output: inout MutableSpan<Float>
) {
  walk.map(input, scale, zero, output: &output, dequantized)
}

/// Computes `output = (input - zero) * scale` with NumPy's broadcasting.
package func dequantize(
  _ input: Span<UInt8>, scale: Span<Float>, zero: Span<UInt8>, _ walk: BroadcastWalk<3>,
  output: inout MutableSpan<Float>
) {
  walk.map(input, scale, zero, output: &output, dequantized)
}

/// Computes `output = (input - zero) * scale` with NumPy's broadcasting; the difference is rounded once.
package func dequantize(
  _ input: Span<Int32>, scale: Span<Float>, zero: Span<Int32>, _ walk: BroadcastWalk<3>,
  output: inout MutableSpan<Float>
) {
  walk.map(input, scale, zero, output: &output, dequantized)
}

@inline(__always)
func quantized<Integer: FixedWidthInteger>(
  _ number: Float, _ scale: Float, _ zero: Integer
) -> Integer {
  let quotient = (number / scale).rounded(.toNearestOrEven)
  // Whole numbers of this size are exact, and so is their sum with the zero point.
  let bounded = quotient.isNaN ? 0 : min(max(quotient, -0x1p20), 0x1p20)
  return Integer(clamping: Int32(bounded) + Int32(zero))
}

@inline(__always)
func dequantized<Integer: FixedWidthInteger>(
  _ number: Integer, _ scale: Float, _ zero: Integer
) -> Float {
  Float(Int64(number) - Int64(zero)) * scale
}
