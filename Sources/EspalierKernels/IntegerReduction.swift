/// Reduces axes of an array of integers, which wrap; a mean is truncated toward zero.
///
/// - Parameters:
///   - input: `geometry.inputCount` numbers.
///   - function: Any but `sumOfSquares`.
///   - output: `geometry.outputCount` numbers.
@_specialize(where Element == Int32)
@_specialize(where Element == Int64)
@_specialize(where Element == UInt8)
package func reduceIntegers<Element: FixedWidthInteger & BitwiseCopyable>(
  _ input: Span<Element>, _ function: ReductionKernel, _ geometry: ReductionGeometry,
  output: inout MutableSpan<Element>
) {
  requireCount(input.count, geometry.inputCount, "reduction input")
  requireCount(output.count, geometry.outputCount, "reduction output")
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    switch function {
    case .sum, .mean: foldRuns(input, geometry, output, from: 0) { $0 &+ $1 }
    case .maximum: foldRuns(input, geometry, output, from: .min) { max($0, $1) }
    case .minimum: foldRuns(input, geometry, output, from: .max) { min($0, $1) }
    case .product: foldRuns(input, geometry, output, from: 1) { $0 &* $1 }
    case .sumOfSquares: foldRuns(input, geometry, output, from: 0) { $0 &+ $1 &* $1 }
    }
    guard function == .mean else { return }
    let count = Element(truncatingIfNeeded: geometry.reducedCount)
    for index in 0..<geometry.outputCount where count > 1 { output[index] /= count }
  }
}

@inline(__always)
func foldRuns<Element: FixedWidthInteger>(
  _ input: UnsafePointer<Element>, _ geometry: ReductionGeometry,
  _ output: UnsafeMutablePointer<Element>, from start: Element,
  _ combine: (Element, Element) -> Element
) {
  output.update(repeating: start, count: geometry.outputCount)
  let spread = geometry.spread
  let (count, stride) = (
    spread.sizes[spread.sizes.count - 1], spread.strides[spread.sizes.count - 1]
  )
  spread.forEachRun { to, from in
    for index in 0..<count {
      output[to + index * stride] = combine(output[to + index * stride], input[from + index])
    }
  }
}
