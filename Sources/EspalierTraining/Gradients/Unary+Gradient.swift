import EspalierKernels
import EspalierRuntime
import Foundation

extension StepGradient {
  /// `∂input += ∂output · f′`.
  func unary(_ call: UnaryCall) {
    switch call.kernel {
    case .numbers(let function):
      // Functions that are constant almost everywhere give nothing.
      switch function {
      case .floor, .ceil, .round, .sign: break
      case .sin, .cos, .tan, .asin, .acos, .atan, .sinh, .cosh, .asinh, .acosh, .atanh, .erf:
        elementary(function)
      case .softplus, .softsign, .elu, .celu, .leakyRelu, .thresholdedRelu, .hardSigmoid,
        .hardSwish, .gelu, .geluTanh, .mish, .swish, .shrink, .clip:
        activation(function)
      case .relu: addScaledGradient { _, y in y > 0 ? 1 : 0 }
      case .sigmoid: addScaledGradient { _, y in y * (1 - y) }
      case .tanh: addScaledGradient { _, y in 1 - y * y }
      case .exp: addScaledGradient { _, y in y }
      case .log: addScaledGradient { x, _ in 1 / x }
      case .negate: addScaledGradient { _, _ in -1 }
      case .absolute: addScaledGradient { x, _ in x > 0 ? 1 : x < 0 ? -1 : 0 }
      case .squareRoot: addScaledGradient { _, y in 0.5 / y }
      case .reciprocal: addScaledGradient { _, y in -y * y }
      }
    case .narrowIntegers, .wideIntegers, .predicate, .not:
      break  // The output is not float32.
    }
  }

  /// Derivatives of functions of the C library.
  private func elementary(_ function: UnaryKernel) {
    switch function {
    case .sin: addScaledGradient { x, _ in cos(x) }
    case .cos: addScaledGradient { x, _ in -sin(x) }
    case .tan: addScaledGradient { _, y in 1 + y * y }
    case .asin: addScaledGradient { x, _ in 1 / ((1 - x) * (1 + x)).squareRoot() }
    case .acos: addScaledGradient { x, _ in -1 / ((1 - x) * (1 + x)).squareRoot() }
    case .atan: addScaledGradient { x, _ in 1 / (1 + x * x) }
    case .sinh: addScaledGradient { x, _ in cosh(x) }
    case .cosh: addScaledGradient { x, _ in sinh(x) }
    case .asinh: addScaledGradient { x, _ in 1 / (x * x + 1).squareRoot() }
    case .acosh: addScaledGradient { x, _ in 1 / ((x - 1) * (x + 1)).squareRoot() }
    case .atanh: addScaledGradient { x, _ in 1 / ((1 - x) * (1 + x)) }
    case .erf: addScaledGradient { x, _ in 2 / Float.pi.squareRoot() * exp(-x * x) }
    default: preconditionFailure("\(function) is not elementary")
    }
  }

  /// Derivatives of functions that layers end with.
  private func activation(_ function: UnaryKernel) {
    switch function {
    case .softplus: addScaledGradient { x, _ in sigmoid(x) }
    case .softsign: addScaledGradient { x, _ in 1 / ((1 + abs(x)) * (1 + abs(x))) }
    case .elu(let alpha, let beta):
      addScaledGradient { x, y in x > 0 ? beta : y + alpha * beta }
    case .celu(let alpha): addScaledGradient { x, y in x > 0 ? 1 : y / alpha + 1 }
    case .leakyRelu(let alpha): addScaledGradient { x, _ in x < 0 ? alpha : 1 }
    case .thresholdedRelu(let alpha): addScaledGradient { x, _ in x > alpha ? 1 : 0 }
    case .hardSigmoid(let alpha, _): addScaledGradient { _, y in y > 0 && y < 1 ? alpha : 0 }
    case .hardSwish:
      addScaledGradient { x, _ in x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6 }
    case .gelu:
      addScaledGradient { x, _ in
        let density = exp(-0.5 * x * x) / (2 * Float.pi).squareRoot()
        return 0.5 * erfc(-x * Float(0.5).squareRoot()) + x * density
      }
    case .geluTanh:
      // y = x σ(u), u = c (x + 0.044715 x³)
      let c = (8 / Float.pi).squareRoot()
      addScaledGradient { x, _ in
        let square = x * x
        let share = sigmoid(c * x * (1 + 0.044715 * square))
        return share + x * share * (1 - share) * c * (1 + 0.134145 * square)
      }
    case .mish:
      addScaledGradient { x, _ in
        let share = tanh(log1p(exp(min(x, 80))))
        return share + x * (1 - share * share) * sigmoid(x)
      }
    case .swish(let alpha):
      addScaledGradient { x, y in
        let share = sigmoid(alpha * x)
        return share + alpha * y * (1 - share)
      }
    case .shrink(let alpha, _): addScaledGradient { x, _ in x < -alpha || x > alpha ? 1 : 0 }
    case .clip(let lower, let upper):
      addScaledGradient { x, _ in x >= lower && x <= upper ? 1 : 0 }
    default: preconditionFailure("\(function) is no activation")
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

/// `1 / (1 + e⁻ˣ)`.
private func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
