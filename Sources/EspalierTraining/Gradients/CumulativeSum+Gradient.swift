import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// Each element gets the gradients of all results that it went into.
  func cumulativeSum(_ call: CumulativeSumCall) {
    guard let gradient = inputGradients[0] else { return }
    let runs = call.runs
    for line in 0..<runs.lineCount {
      let (outer, inner) = line.quotientAndRemainder(dividingBy: runs.inner)
      let steps = CumulativeLine(runs, call.order, start: outer * runs.count * runs.inner + inner)
      switch call.function {
      case .sum: sum(steps, call.order, gradient)
      case .product: product(steps, call.order, gradient)
      }
    }
  }

  private func sum(
    _ line: CumulativeLine, _ order: CumulativeOrder, _ gradient: UnsafeMutableBufferPointer<Float>
  ) {
    var later: Float = 0
    for step in (0..<line.count).reversed() {
      let place = line[step]
      gradient[place] += order.isExclusive ? later : later + outputGradient[place]
      later += outputGradient[place]
    }
  }

  /// The derivative by an element is the product of the others; without division, so that elements may be zero.
  private func product(
    _ line: CumulativeLine, _ order: CumulativeOrder, _ gradient: UnsafeMutableBufferPointer<Float>
  ) {
    let input = inputs[0]
    var before: Float = 1
    for step in 0..<line.count {
      var others = before
      if !order.isExclusive { gradient[line[step]] += outputGradient[line[step]] * others }
      for later in step + 1..<max(step + 1, line.count) {
        if !order.isExclusive { others *= input[line[later]] }
        gradient[line[step]] += outputGradient[line[later]] * others
        if order.isExclusive { others *= input[line[later]] }
      }
      before *= input[line[step]]
    }
  }
}

/// The positions of a line's elements in the order in which they are combined.
private struct CumulativeLine {
  let count: Int
  private let first: Int
  private let stride: Int

  init(_ runs: AxisRuns, _ order: CumulativeOrder, start: Int) {
    count = runs.count
    first = order.isReversed ? start + (runs.count - 1) * runs.inner : start
    stride = order.isReversed ? -runs.inner : runs.inner
  }

  subscript(step: Int) -> Int { first + step * stride }
}
