#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// What a pooling operator makes of the numbers under its window.
package enum PoolingReference: Sendable {
  /// The largest; -infinity if there is none.
  case maximum
  /// The sum divided by the taps inside the input, or inside its padding too; 0 if there is none inside.
  case average(includePadding: Bool)
  /// `(Σ |x|ᵖ)^(1/p)`.
  case powerSum(Int)
  /// The number of the first largest in its row-major plane; 0 if there is none.
  case maximumIndex
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
        let counted = taps.count { window.isInsidePadding(place, tap: $0, input: spatial) }
        let divisor = includePadding ? counted : numbers.count
        return numbers.reduce(0, +) / Double(max(1, divisor))
      case .powerSum(let power):
        return pow(numbers.reduce(0) { $0 + pow($1.magnitude, Double(power)) }, 1 / Double(power))
      case .maximumIndex:
        guard let largest = numbers.max(), let first = numbers.firstIndex(of: largest) else {
          return 0
        }
        return Double(zip(inside[first], spatial).reduce(0) { $0 * $1.1 + $1.0 })
      }
    }
  }
}
