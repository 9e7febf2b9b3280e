internal import CEspalierKernels

/// Computes each element along an axis as a weighted sum of elements of the input.
///
/// - Parameters:
///   - input: [outer, table.input, inner].
///   - outer: Arrays of which the axis is the first.
///   - inner: Numbers of one element.
///   - outside: What elements outside of the input are.
///   - output: [outer, table.output, inner].
package func resizeAxis(
  _ input: Span<Float>, _ table: ResizeTable, outer: Int, inner: Int, outside: Float,
  output: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  requireCount(input.count, outer * table.input * inner, "resize input")
  requireCount(output.count, outer * table.output * inner, "resize output")
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    for image in 0..<outer {
      let source = input + image * table.input * inner
      for index in 0..<table.output {
        let target = output + (image * table.output + index) * inner
        weigh(source, table, index, inner: inner, outside: outside, target, kernels)
      }
    }
  }
}

private func weigh(
  _ source: UnsafePointer<Float>, _ table: ResizeTable, _ index: Int, inner: Int, outside: Float,
  _ target: UnsafeMutablePointer<Float>, _ kernels: Kernels
) {
  let (first, weights) = (table.firsts[index], table.starts[index]..<table.starts[index + 1])
  guard first >= 0, let start = weights.first else {
    target.update(repeating: first < 0 ? outside : 0, count: inner)
    return
  }
  if inner == 1 {
    var sum = table.weights[start] * source[first]
    for tap in weights.dropFirst() { sum += table.weights[tap] * source[first + tap - start] }
    target.pointee = sum
    return
  }
  kernels.table.pointee.multiply.vector_scalar(
    source + first * inner, table.weights[start], target, inner)
  for tap in weights.dropFirst() {
    kernels.table.pointee.add_scaled(
      table.weights[tap], source + (first + tap - start) * inner, target, inner)
  }
}

/// Adds to the gradient of the input of `resizeAxis` what the gradient of its output implies.
///
/// The counts are those of input and output.
package func addResizedAxis(
  _ outputGradient: Span<Float>, _ table: ResizeTable, outer: Int, inner: Int,
  to inputGradient: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  requireCount(inputGradient.count, outer * table.input * inner, "resize input gradient")
  requireCount(outputGradient.count, outer * table.output * inner, "resize output gradient")
  withPointers(outputGradient, &inputGradient) { source, target in
    guard let source, let target else { return }
    for image in 0..<outer {
      for index in 0..<table.output where table.firsts[index] >= 0 {
        let row = source + (image * table.output + index) * inner
        let start = table.starts[index]
        for tap in start..<table.starts[index + 1] {
          let element = image * table.input + table.firsts[index] + tap - start
          kernels.table.pointee.add_scaled(table.weights[tap], row, target + element * inner, inner)
        }
      }
    }
  }
}

/// Which element of an array each one of a resized array is.
package struct NearestGeometry: Equatable, Sendable {
  /// For each axis from the first to the last that is resized, and each element along it, how far
  /// into the input that leads; -1 if it is outside of the input.
  private let offsets: [[Int]]
  /// Arrays before the first axis that is resized.
  private let outer: Int
  /// Numbers that stay together.
  package let inner: Int
  /// Numbers of the input.
  package let inputCount: Int
  /// Numbers of the output.
  package let outputCount: Int

  /// Makes a geometry of extents and the elements that are taken along at least one of the axes, in
  /// ascending order; -1 for those outside.
  package init(sizes: [Int], elements: [(axis: Int, elements: [Int])]) {
    precondition(!elements.isEmpty, "resize of no axis")
    let (first, last) = (elements[0].axis, elements[elements.count - 1].axis)
    outer = sizes[..<first].reduce(1, *)
    inner = sizes[(last + 1)...].reduce(1, *)
    inputCount = sizes.reduce(1, *)
    var stride = inner
    var offsets: [[Int]] = []
    for axis in (first...last).reversed() {
      let taken = elements.first { $0.axis == axis }?.elements ?? Array(0..<sizes[axis])
      precondition(taken.allSatisfy { $0 < sizes[axis] }, "an element beyond \(sizes[axis])")
      offsets.append(taken.map { $0 < 0 ? -1 : $0 * stride })
      stride *= sizes[axis]
    }
    self.offsets = offsets.reversed()
    outputCount = offsets.reduce(outer * inner) { $0 * $1.count }
  }

  /// The bytes of its numbers.
  package var byteCount: Int { offsets.reduce(0) { $0 + $1.count * MemoryLayout<Int>.stride } }

  /// Calls `body` with where each run of `inner` numbers begins in the input, nil outside of it, and
  /// in the output.
  @inline(__always)
  package func forEachRun(_ body: (_ input: Int?, _ output: Int) -> Void) {
    guard let last = offsets.last else { return }
    var position = InlineArray<8, Int>(repeating: 0)
    var (image, output) = (0, 0)
    while output < outputCount {
      var row: Int? = image
      for axis in 0..<offsets.count - 1 {
        let offset = offsets[axis][position[axis]]
        row = offset < 0 ? nil : row.map { $0 + offset }
      }
      for offset in last {
        body(offset < 0 ? nil : row.map { $0 + offset }, output)
        output += inner
      }
      var axis = offsets.count - 2
      while axis >= 0 {
        position[axis] += 1
        if position[axis] < offsets[axis].count { break }
        position[axis] = 0
        axis -= 1
      }
      if axis < 0 { image += inputCount / outer }
    }
  }
}

/// Takes the elements that a geometry says, `outside` for those that are not in the input.
package func resizeNearest<Element: BitwiseCopyable>(
  _ input: Span<Element>, _ geometry: NearestGeometry, outside: Element?,
  output: inout MutableSpan<Element>
) {
  requireCount(input.count, geometry.inputCount, "resize input")
  requireCount(output.count, geometry.outputCount, "resize output")
  let inner = geometry.inner
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    geometry.forEachRun { from, to in
      if let from {
        (output + to).update(from: input + from, count: inner)
      } else if let outside {
        (output + to).update(repeating: outside, count: inner)
      }
    }
  }
}
