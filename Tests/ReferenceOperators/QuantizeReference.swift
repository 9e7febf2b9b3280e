extension Tensor {
  /// `round(x / scale) + zero`, to even, within bounds; operands broadcast.
  package func quantize(scale: Tensor, zero: Tensor, to bounds: ClosedRange<Double>) -> Tensor {
    Tensor.broadcast([self, scale, zero]) { operands in
      let level = (operands[0] / operands[1]).rounded(.toNearestOrEven) + operands[2]
      return min(max(level, bounds.lowerBound), bounds.upperBound)
    }
  }

  /// `(x - zero) * scale`; operands broadcast.
  package func dequantize(scale: Tensor, zero: Tensor) -> Tensor {
    Tensor.broadcast([self, scale, zero]) { ($0[0] - $0[2]) * $0[1] }
  }
}
