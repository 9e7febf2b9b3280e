internal import CEspalierKernels

/// How an array is normalised: in items one after the other, each over some of its axes.
package struct NormalizationGeometry: Equatable, Sendable {
  /// Items, which share no mean.
  package let items: Int
  /// The axes of one item, the first of which is normalised.
  package let item: ReductionGeometry

  /// Makes a geometry of an array of positive extents and ascending axes of it, at least one.
  package init(sizes: [Int], axes: [Int]) {
    precondition(!axes.isEmpty, "normalization over no axis")
    let first = axes[0]
    items = sizes[..<first].reduce(1, *)
    item = ReductionGeometry(sizes: Array(sizes[first...]), axes: axes.map { $0 - first })
  }

  /// Numbers of scratch that normalising needs.
  package var scratchCount: Int { item.scratchCount + item.outputCount }
}

/// Brings the numbers of each item to one scale.
///
/// Centred: `(x - mean) / sqrt(mean of (x - mean)^2 + epsilon)`, the mean being computed first.
/// Otherwise: `x / sqrt(mean of x^2 + epsilon)`. Sums have the order of `reduce`.
///
/// - Parameters:
///   - input: `items` times `item.inputCount` numbers.
///   - scratch: At least `geometry.scratchCount` numbers; their contents are overwritten.
///   - output: As many as the input.
package func normalize(
  _ input: Span<Float>, _ geometry: NormalizationGeometry, isCentred: Bool, epsilon: Float,
  scratch: inout MutableSpan<Float>, output: inout MutableSpan<Float>,
  using kernels: Kernels = .best
) {
  let item = geometry.item
  requireCount(input.count, geometry.items * item.inputCount, "normalization input")
  requireCount(output.count, input.count, "normalization output")
  precondition(
    scratch.count >= geometry.scratchCount,
    "normalization scratch has \(scratch.count) numbers, needs \(geometry.scratchCount)")
  scratch.withUnsafeMutableBufferPointer { scratch in
    withPointers(input, &output) { input, output in
      guard let input, let output, let means = scratch.baseAddress else { return }
      let step = ItemNormalization(
        item: item, means: means, rest: means + item.outputCount, epsilon: epsilon,
        kernels: kernels)
      for index in 0..<geometry.items {
        let start = index * item.inputCount
        step.run(input + start, isCentred: isCentred, output + start)
      }
    }
  }
}

/// What the normalisation of each item needs.
private struct ItemNormalization {
  let item: ReductionGeometry
  /// One number for each result of a reduction.
  let means: UnsafeMutablePointer<Float>
  let rest: UnsafeMutablePointer<Float>
  let epsilon: Float
  let kernels: Kernels

  func run(
    _ input: UnsafePointer<Float>, isCentred: Bool, _ output: UnsafeMutablePointer<Float>
  ) {
    let table = kernels.table
    var source = input
    if isCentred {
      reduce(input, .mean, item, rest, means, kernels)
      spread(input, table.pointee.subtract, output)
      source = UnsafePointer(output)
    }
    reduce(source, .sumOfSquares, item, rest, means, kernels)
    let count = Float(item.reducedCount)
    for index in 0..<item.outputCount {
      means[index] = 1 / (means[index] / count + epsilon).squareRoot()
    }
    spread(source, table.pointee.multiply, output)
  }

  /// Combines each number with the result of the reduction that it went into.
  private func spread(
    _ input: UnsafePointer<Float>, _ function: espalier_binary,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let last = item.spread.sizes.count - 1
    let (count, stride) = (item.spread.sizes[last], item.spread.strides[last])
    item.spread.forEachRun { mean, start in
      if stride == 0 {
        function.vector_scalar(input + start, means[mean], output + start, count)
      } else {
        function.vectors(input + start, means + mean, output + start, count)
      }
    }
  }
}
