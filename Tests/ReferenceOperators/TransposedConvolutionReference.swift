extension Tensor {
  /// The transpose of a convolution: each number adds its multiple of the kernel to the output.
  ///
  /// self is [batch, spatial..., channels], weights [channels, kernel..., filters / groups].
  package func transposedConvolution(
    weights: Tensor, bias: Tensor? = nil, window: WindowReference, outputSize: [Int],
    groups: Int = 1
  ) -> Tensor {
    let share = weights.shape[weights.shape.count - 1]
    let channels = shape[shape.count - 1]
    var result = Tensor([shape[0]] + outputSize + [share * groups]) { index in
      bias?.values[index[index.count - 1]] ?? 0
    }
    let taps = Tensor.indices(of: window.kernel)
    for index in Tensor.indices(of: shape) {
      let place = Array(index[1..<index.count - 1])
      let channel = index[index.count - 1]
      let firstFilter = channel / (channels / groups) * share
      for tap in taps {
        guard let position = window.position(place, tap: tap, input: outputSize) else { continue }
        for filter in 0..<share {
          let target = [index[0]] + position + [firstFilter + filter]
          result[target] += self[index] * weights[[channel] + tap + [filter]]
        }
      }
    }
    return result
  }
}
