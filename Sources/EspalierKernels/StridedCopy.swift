/// Which number of an array each number of another one is: with every axis goes a stride.
///
/// Number `(i₀, i₁, …)` of the output is number `offset + Σ iₖ · stridesₖ` of the input. A stride of 0 repeats, a negative
/// one goes backwards.
package struct StridedCopy: Equatable, Sendable {
  /// The input's number that is the output's first.
  package let offset: Int
  /// The output's sizes, neighbouring axes that are crossed with one stride merged; at least one.
  package let sizes: [Int]
  /// The input's stride along each of these.
  package let strides: [Int]
  /// The numbers of the output.
  package let count: Int
  /// The input's least and greatest number that is used.
  let reach: ClosedRange<Int>

  private static let maximumRank = 8

  /// Describes a copy.
  ///
  /// - Precondition: `sizes` are positive, at most eight, and as many as `strides`.
  package init(offset: Int, sizes: [Int], strides: [Int]) {
    precondition(sizes.count == strides.count, "\(sizes.count) sizes, \(strides.count) strides")
    precondition(sizes.count <= Self.maximumRank, "rank \(sizes.count)")
    var merged: [(size: Int, stride: Int)] = []
    for (size, stride) in zip(sizes, strides) where size != 1 {
      precondition(size > 0, "size \(size)")
      if let last = merged.last, last.stride == stride * size {
        merged[merged.count - 1] = (last.size * size, stride)
      } else {
        merged.append((size, stride))
      }
    }
    if merged.isEmpty { merged = [(1, 1)] }
    let ends = merged.map { ($0.size - 1) * $0.stride }
    self.offset = offset
    self.sizes = merged.map { $0.size }
    self.strides = merged.map { $0.stride }
    count = self.sizes.reduce(1, *)
    reach =
      offset + ends.reduce(0) { $0 + min($1, 0) }...offset + ends.reduce(0) { $0 + max($1, 0) }
  }

  /// Calls `body` with where each run along the last axis begins in input and output.
  @inline(__always)
  package func forEachRun(_ body: (_ input: Int, _ output: Int) -> Void) {
    let last = sizes.count - 1
    var position = InlineArray<8, Int>(repeating: 0)
    var (input, output) = (offset, 0)
    while true {
      body(input, output)
      output += sizes[last]
      var axis = last - 1
      while axis >= 0 {
        position[axis] += 1
        input += strides[axis]
        if position[axis] < sizes[axis] { break }
        input -= strides[axis] * sizes[axis]
        position[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

/// Computes what a strided copy says.
package func copyStrided<Element: BitwiseCopyable>(
  _ input: Span<Element>, _ copy: StridedCopy, output: inout MutableSpan<Element>
) {
  requireCount(output.count, copy.count, "output")
  precondition(
    copy.reach.lowerBound >= 0 && copy.reach.upperBound < input.count,
    "numbers \(copy.reach) of \(input.count)")
  let (count, stride) = (copy.sizes[copy.sizes.count - 1], copy.strides[copy.strides.count - 1])
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    copy.forEachRun { from, to in
      if stride == 1 {
        (output + to).update(from: input + from, count: count)
      } else {
        for index in 0..<count { output[to + index] = input[from + index * stride] }
      }
    }
  }
}

/// Copies one of the arrays that are concatenated to its place in the output.
///
/// The output is rows of `width` numbers; the input is as many rows of fewer, which go to `column` and after it.
package func copyColumns<Element: BitwiseCopyable>(
  _ input: Span<Element>, to column: Int, width: Int, output: inout MutableSpan<Element>
) {
  precondition(width > 0 && output.count % width == 0, "\(output.count) numbers of \(width)")
  let rows = output.count / width
  precondition(rows > 0 && input.count % rows == 0, "\(input.count) numbers in \(rows) rows")
  let count = input.count / rows
  precondition(column >= 0 && column + count <= width, "\(count) from \(column) on of \(width)")
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    for row in 0..<rows {
      (output + row * width + column).update(from: input + row * count, count: count)
    }
  }
}
