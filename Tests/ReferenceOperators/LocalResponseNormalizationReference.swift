#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension Tensor {
  /// `x / (bias + alpha / size · Σ of the squares of the neighbours along the last axis)^beta`.
  package func localResponseNormalization(
    size: Int, alpha: Double, beta: Double, bias: Double
  ) -> Tensor {
    Tensor(shape) { index in
      let channel = index[index.count - 1]
      let first = channel - Int((Double(size - 1) / 2).rounded(.down))
      var squares = 0.0
      for neighbour in first..<first + size where (0..<shape[shape.count - 1]).contains(neighbour) {
        let value = self[index.dropLast() + [neighbour]]
        squares += value * value
      }
      return self[index] / pow(bias + alpha / Double(size) * squares, beta)
    }
  }
}
