internal import CEspalierKernels

/// How much each number counts among its neighbours in the last axis.
package struct LocalResponse: Equatable, Sendable {
  /// Numbers of a row.
  package let channels: Int
  /// Neighbours that are taken together.
  package let size: Int
  /// Weight of their mean square.
  package let alpha: Float
  /// Exponent.
  package let beta: Float
  /// What the weighted mean square is added to.
  package let bias: Float

  /// Makes a response.
  package init(channels: Int, size: Int, alpha: Float, beta: Float, bias: Float) {
    precondition(channels > 0 && size > 0, "\(size) neighbours of \(channels) channels")
    self.channels = channels
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.bias = bias
  }

  /// The neighbours of a channel: (size - 1) / 2 before it, rounded down, and the others after it.
  package func neighbours(of channel: Int) -> Range<Int> {
    let before = (size - 1) / 2
    return max(0, channel - before)..<min(channels, channel + size - before)
  }
}

/// Computes `output = input * r^-beta` with the responses `r[i] = bias + alpha / size * sum of
/// input[j]^2`, j running over the neighbours of i.
///
/// input and output are [rows, channels]. The power is `e^(-beta * log r)`: NaN where r is negative.
package func localResponseNormalization(
  _ input: Span<Float>, _ response: LocalResponse, output: inout MutableSpan<Float>,
  using kernels: Kernels = .best
) {
  forEachRow(input, response, &output) { input, output, channels in
    responses(input, response, output)
    raise(output, response, kernels)
    kernels.table.pointee.multiply.vectors(input, output, output, channels)
  }
}

/// Computes the responses r of one row, and their powers `r^-beta`.
///
/// input, responses and powers have `response.channels` numbers.
package func localResponses(
  _ input: Span<Float>, _ response: LocalResponse, responses result: inout MutableSpan<Float>,
  powers: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  requireCount(input.count, response.channels, "local response row")
  forEachRow(input, response, &result) { input, output, _ in responses(input, response, output) }
  forEachRow(result.span, response, &powers) { responses, output, channels in
    output.update(from: responses, count: channels)
    raise(output, response, kernels)
  }
}

@inline(__always)
private func forEachRow(
  _ input: Span<Float>, _ response: LocalResponse, _ output: inout MutableSpan<Float>,
  _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
) {
  let channels = response.channels
  requireCount(output.count, input.count, "local response output")
  precondition(input.count % channels == 0, "\(input.count) numbers in rows of \(channels)")
  let count = input.count
  withPointers(input, &output) { input, output in
    guard let input, let output else { return }
    for start in stride(from: 0, to: count, by: channels) {
      body(input + start, output + start, channels)
    }
  }
}

private func responses(
  _ input: UnsafePointer<Float>, _ response: LocalResponse, _ output: UnsafeMutablePointer<Float>
) {
  let weight = response.alpha / Float(response.size)
  for channel in 0..<response.channels {
    var sum: Float = 0
    for neighbour in response.neighbours(of: channel) { sum += input[neighbour] * input[neighbour] }
    output[channel] = response.bias + weight * sum
  }
}

/// Replaces each number r by `r^-beta`.
private func raise(
  _ values: UnsafeMutablePointer<Float>, _ response: LocalResponse, _ kernels: Kernels
) {
  let (table, count) = (kernels.table, response.channels)
  table.pointee.logarithm(values, values, count)
  table.pointee.multiply.vector_scalar(values, -response.beta, values, count)
  table.pointee.exponential(values, values, count)
}
