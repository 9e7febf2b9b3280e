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
    switch (isLargest, isLast) {
    case (true, false): find(input, runs, output) { $1 == $1 && !($0 <= $1) }
    case (true, true): find(input, runs, output) { $0 != $0 || ($1 == $1 && $0 >= $1) }
    case (false, false): find(input, runs, output) { $1 == $1 && !($0 >= $1) }
    case (false, true): find(input, runs, output) { $0 != $0 || ($1 == $1 && $0 <= $1) }
    }
  }
}

/// - Parameter replaces: Whether a number takes the place of the one that was found before.
@inline(__always)
private func find<Element: Comparable>(
  _ input: UnsafePointer<Element>, _ runs: AxisRuns, _ output: UnsafeMutablePointer<Int64>,
  _ replaces: (_ new: Element, _ best: Element) -> Bool
) {
  let inner = runs.inner
  for outer in 0..<runs.outer {
    let source = input + outer * runs.count * inner
    let target = output + outer * inner
    target.update(repeating: 0, count: inner)
    for row in 1..<max(1, runs.count) {
      for line in 0..<inner
      where replaces(source[row * inner + line], source[Int(target[line]) * inner + line]) {
        target[line] = Int64(row)
      }
    }
  }
}
