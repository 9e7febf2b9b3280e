/// Finds the first or last of the largest or smallest numbers of each line along an axis.
///
/// NaN counts as larger than the largest number and as smaller than the smallest.
///
/// - Parameters:
///   - input: [outer, count, inner] with a positive count.
///   - isLargest: Whether the largest is looked for, otherwise the smallest.
///   - isLast: Whether the last of equal numbers is meant.
///   - output: [outer, inner]; positions from 0 to count - 1.
@_specialize(where Element == Float)
@_specialize(where Element == Int32)
@_specialize(where Element == Int64)
package func argReduction<Element: Comparable & BitwiseCopyable>(
  _ input: Span<Element>, _ runs: AxisRuns, isLargest: Bool, isLast: Bool,
  output: inout MutableSpan<Int64>
) {
  requireCount(input.count, runs.elementCount, "argument reduction input")
  requireCount(output.count, runs.lineCount, "argument reduction output")
  precondition(runs.count > 0, "argument reduction of nothing")
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    let inner = runs.inner
    for outer in 0..<runs.outer {
      let source = input + outer * runs.count * inner
      let target = output + outer * inner
      target.update(repeating: 0, count: inner)
      for row in 1..<max(1, runs.count) {
        for line in 0..<inner {
          let (new, best) = (source[row * inner + line], source[Int(target[line]) * inner + line])
          if replaces(new, best, isLargest: isLargest, isLast: isLast) { target[line] = Int64(row) }
        }
      }
    }
  }
}

/// Whether a number takes the place of the best one before it.
@inline(__always)
func replaces<Element: Comparable>(
  _ new: Element, _ best: Element, isLargest: Bool, isLast: Bool
) -> Bool {
  // What is not equal to itself is not a number, which nothing but another one at a later place replaces.
  if isLast { return new != new || (best == best && (isLargest ? new >= best : new <= best)) }
  return best == best && !(isLargest ? new <= best : new >= best)
}
