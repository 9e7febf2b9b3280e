internal import CEspalierKernels

/// A function of the gates and states of a recurrent layer.
package struct GateActivation: Sendable {
  /// Which function.
  package enum Function: Sendable {
    /// 1 / (1 + e^-x).
    case sigmoid
    /// The hyperbolic tangent.
    case tanh
    /// max(x, 0).
    case relu
    /// x, and alpha * x where x is negative.
    case leakyRelu
    /// x where it is greater than alpha, 0 elsewhere.
    case thresholdedRelu
    /// alpha * tanh(beta * x).
    case scaledTanh
    /// alpha * x + beta, between 0 and 1.
    case hardSigmoid
    /// x, and alpha * (e^x - 1) where x is negative.
    case elu
    /// x / (1 + |x|).
    case softsign
    /// log(1 + e^x).
    case softplus
    /// alpha * x + beta.
    case affine
  }

  private let function: Function
  private let alpha: Float
  private let beta: Float

  /// Makes an activation.
  package init(_ function: Function, alpha: Float = 0, beta: Float = 0) {
    self.function = function
    self.alpha = alpha
    self.beta = beta
  }

  /// Computes `y[i] = f(x[i])`; x and y may be the same array.
  package func apply(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int, kernels: Kernels
  ) {
    switch function {
    case .sigmoid: kernels.table.pointee.sigmoid(x, y, count)
    case .tanh: kernels.table.pointee.hyperbolic_tangent(x, y, count)
    case .relu: kernels.table.pointee.relu(x, y, count)
    case .leakyRelu: for index in 0..<count { y[index] = x[index] * (x[index] < 0 ? alpha : 1) }
    case .thresholdedRelu: for index in 0..<count { y[index] = x[index] > alpha ? x[index] : 0 }
    case .scaledTanh:
      for index in 0..<count { y[index] = x[index] * beta }
      kernels.table.pointee.hyperbolic_tangent(y, y, count)
      for index in 0..<count { y[index] *= alpha }
    case .hardSigmoid:
      for index in 0..<count { y[index] = max(0, min(1, alpha * x[index] + beta)) }
    case .elu:
      for index in 0..<count {
        y[index] = x[index] < 0 ? alpha * (exponential(x[index], kernels) - 1) : x[index]
      }
    case .softsign: for index in 0..<count { y[index] = x[index] / (1 + x[index].magnitude) }
    case .softplus: for index in 0..<count { y[index] = softplus(x[index], kernels) }
    case .affine: for index in 0..<count { y[index] = alpha * x[index] + beta }
    }
  }

  /// The derivative at `x`, where the function is `y`.
  package func derivative(_ x: Float, _ y: Float, kernels: Kernels = .best) -> Float {
    switch function {
    case .sigmoid: return y * (1 - y)
    case .tanh: return 1 - y * y
    case .relu: return x > 0 ? 1 : 0
    case .leakyRelu: return x < 0 ? alpha : 1
    case .thresholdedRelu: return x > alpha ? 1 : 0
    case .scaledTanh:
      let tanh = alpha == 0 ? 0 : y / alpha
      return alpha * beta * (1 - tanh * tanh)
    case .hardSigmoid: return y > 0 && y < 1 ? alpha : 0
    case .elu: return x < 0 ? y + alpha : 1
    case .softsign: return 1 / ((1 + x.magnitude) * (1 + x.magnitude))
    case .softplus: return 1 - exponential(-y, kernels)
    case .affine: return alpha
    }
  }

  /// `max(x, 0) + log(1 + z)` with `z = e^-|x|`, the logarithm corrected for the rounding of its argument `u`, as
  /// `log(u) * z / (u - 1)` (Kahan).
  private func softplus(_ x: Float, _ kernels: Kernels) -> Float {
    let small = exponential(-x.magnitude, kernels)
    var sum = 1 + small
    let rounded = sum - 1
    guard rounded != 0 else { return max(x, 0) + small }
    var logarithm: Float = 0
    kernels.table.pointee.logarithm(&sum, &logarithm, 1)
    return max(x, 0) + logarithm * (small / rounded)
  }

  private func exponential(_ x: Float, _ kernels: Kernels) -> Float {
    var x = x
    var y: Float = 0
    kernels.table.pointee.exponential(&x, &y, 1)
    return y
  }
}
