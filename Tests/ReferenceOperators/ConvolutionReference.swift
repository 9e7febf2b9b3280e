extension Tensor {
  /// Convolution without flipping the kernel, in as many dimensions as the window has.
  ///
  /// self is [batch, spatial..., channels], weights [kernel..., channels / groups, outputs].
  package func convolution(
    weights: Tensor, bias: Tensor? = nil, window: WindowReference, groups: Int = 1
  ) -> Tensor {
    let spatial = Array(shape[1..<shape.count - 1])
    let channels = shape[shape.count - 1] / groups
    let outputs = weights.shape[weights.shape.count - 1]
    let taps = Tensor.indices(of: window.kernel)
    let outputShape = [shape[0]] + window.outputSize(spatial) + [outputs]
    return Tensor(outputShape) { index in
      let output = index[index.count - 1]
      let firstChannel = output / (outputs / groups) * channels
      var sum = bias?.values[output] ?? 0
      for tap in taps {
        let place = Array(index[1..<index.count - 1])
        guard let position = window.position(place, tap: tap, input: spatial) else { continue }
        for channel in 0..<channels {
          sum +=
            self[[index[0]] + position + [firstChannel + channel]]
            * weights[tap + [channel, output]]
        }
      }
      return sum
    }
  }
}
