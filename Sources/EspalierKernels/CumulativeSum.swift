/// How elements of a line are combined.
package enum CumulativeKernel: Sendable {
  /// They are added.
  case sum
  /// They are multiplied.
  case product
}

/// Where a cumulative sum begins, and what it includes.
package struct CumulativeOrder: Equatable, Sendable {
  /// Whether an element is left out of its own sum.
  package let isExclusive: Bool
  /// Whether lines are walked from their ends.
  package let isReversed: Bool

  /// Makes an order.
  package init(isExclusive: Bool, isReversed: Bool) {
    self.isExclusive = isExclusive
    self.isReversed = isReversed
  }
}

/// Adds or multiplies float32 along an axis: element i gets all that come before it, and itself.
///
/// - Parameters:
///   - input: [outer, count, inner].
///   - output: The same.
package func cumulate(
  _ input: Span<Float>, _ function: CumulativeKernel, _ runs: AxisRuns, _ order: CumulativeOrder,
  output: inout MutableSpan<Float>
) {
  switch function {
  case .sum: accumulateLines(input, runs, order, &output, from: 0) { $0 + $1 }
  case .product: accumulateLines(input, runs, order, &output, from: 1) { $0 * $1 }
  }
}

/// The same for integers, which wrap.
@_specialize(where Element == Int32)
@_specialize(where Element == Int64)
package func cumulateIntegers<Element: FixedWidthInteger & BitwiseCopyable>(
  _ input: Span<Element>, _ function: CumulativeKernel, _ runs: AxisRuns,
  _ order: CumulativeOrder, output: inout MutableSpan<Element>
) {
  switch function {
  case .sum: accumulateLines(input, runs, order, &output, from: 0) { $0 &+ $1 }
  case .product: accumulateLines(input, runs, order, &output, from: 1) { $0 &* $1 }
  }
}

@inline(__always)
func accumulateLines<Element: BitwiseCopyable>(
  _ input: Span<Element>, _ runs: AxisRuns, _ order: CumulativeOrder,
  _ output: inout MutableSpan<Element>, from start: Element,
  _ combine: (Element, Element) -> Element
) {
  requireCount(input.count, runs.elementCount, "cumulative input")
  requireCount(output.count, runs.elementCount, "cumulative output")
  let inner = runs.inner
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    for outer in 0..<runs.outer {
      var before: Int?
      for step in 0..<runs.count {
        let row = outer * runs.count + (order.isReversed ? runs.count - 1 - step : step)
        let (source, target) = (input + row * inner, output + row * inner)
        if let before {
          let (last, added) = (
            output + before * inner, order.isExclusive ? input + before * inner : source
          )
          for line in 0..<inner { target[line] = combine(last[line], added[line]) }
        } else if order.isExclusive {
          target.update(repeating: start, count: inner)
        } else {
          target.update(from: source, count: inner)
        }
        before = row
      }
    }
  }
}
