import EspalierKernels

extension StepGradient {
  /// `∂input += ∂output · f′`, with the derivative written in the output where that is exact.
  func unary(_ function: UnaryKernel) {
    switch function {
    case .relu: addScaledGradient { _, y in y > 0 ? 1 : 0 }
    case .sigmoid: addScaledGradient { _, y in y * (1 - y) }
    case .tanh: addScaledGradient { _, y in 1 - y * y }
    case .exp: addScaledGradient { _, y in y }
    case .log: addScaledGradient { x, _ in 1 / x }
    case .negate: addScaledGradient { _, _ in -1 }
    case .absolute: addScaledGradient { x, _ in x > 0 ? 1 : x < 0 ? -1 : 0 }
    case .squareRoot: addScaledGradient { _, y in 0.5 / y }
    }
  }

  @inline(__always)
  private func addScaledGradient(_ derivative: (_ x: Float, _ y: Float) -> Float) {
    guard let gradient = inputGradients[0] else { return }
    let input = inputs[0]
    for index in 0..<gradient.count {
      gradient[index] += outputGradient[index] * derivative(input[index], output[index])
    }
  }
}
