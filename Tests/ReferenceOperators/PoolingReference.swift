/// What a pooling operator makes of the numbers under its window.
package enum PoolingReference: Sendable {
  /// The largest; -infinity if there is none.
  case maximum
  /// The sum divided by the taps inside the input, or by all taps; 0 if there is none inside.
  case average(includePadding: Bool)
}

extension Tensor {
  /// Pools a channels-last tensor [batch, spatial..., channels].
  package func pooling(_ pooling: PoolingReference, window: WindowReference) -> Tensor {
    let spatial = Array(shape[1..<shape.count - 1])
    let taps = Tensor.indices(of: window.kernel)
    let outputShape = [shape[0]] + window.outputSize(spatial) + [shape[shape.count - 1]]
    return Tensor(outputShape) { index in
      let place = Array(index[1..<index.count - 1])
      let inside = taps.compactMap { window.position(place, tap: $0, input: spatial) }
      let numbers = inside.map { self[[index[0]] + $0 + [index[index.count - 1]]] }
      switch pooling {
      case .maximum: return numbers.max() ?? -.infinity
      case .average(let includePadding):
        let divisor = includePadding ? taps.count : max(1, numbers.count)
        return numbers.reduce(0, +) / Double(divisor)
      }
    }
  }
}
