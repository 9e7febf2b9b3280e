internal import CEspalierKernels

/// A function of one number.
package enum UnaryKernel: Sendable {
  /// max(x, 0); NaN and -0 stay what they are.
  case relu
  /// 1 / (1 + e^-x).
  case sigmoid
  /// (e^x - e^-x) / (e^x + e^-x).
  case tanh
  /// e^x.
  case exp
  /// Natural logarithm; -infinity at zero, NaN below.
  case log
  /// -x.
  case negate
  /// |x|.
  case absolute
  /// Square root; NaN below zero.
  case squareRoot
  /// 1 / x.
  case reciprocal
  /// The largest whole number that is not above x.
  case floor
  /// The smallest whole number that is not below x.
  case ceil
  /// The nearest whole number, the even one of two.
  case round
  /// -1, 0 or 1; NaN and -0 stay what they are.
  case sign
  /// The error function.
  case erf
  /// Sine of x radians.
  case sin
  /// Cosine of x radians.
  case cos
  /// Tangent of x radians.
  case tan
  /// Inverse of the sine; NaN beyond -1 and 1.
  case asin
  /// Inverse of the cosine; NaN beyond -1 and 1.
  case acos
  /// Inverse of the tangent.
  case atan
  /// (e^x - e^-x) / 2.
  case sinh
  /// (e^x + e^-x) / 2.
  case cosh
  /// Inverse of the hyperbolic sine.
  case asinh
  /// Inverse of the hyperbolic cosine; NaN below 1.
  case acosh
  /// Inverse of the hyperbolic tangent; NaN beyond -1 and 1.
  case atanh
  /// log(1 + e^x).
  case softplus
  /// x / (1 + |x|).
  case softsign
  /// beta x above zero, otherwise beta alpha (e^x - 1).
  case elu(alpha: Float, beta: Float)
  /// x above zero, otherwise alpha (e^(x / alpha) - 1).
  case celu(alpha: Float)
  /// alpha x below zero, otherwise x.
  case leakyRelu(alpha: Float)
  /// x above alpha, otherwise 0.
  case thresholdedRelu(alpha: Float)
  /// alpha x + beta, at least 0 and at most 1.
  case hardSigmoid(alpha: Float, beta: Float)
  /// x (x + 3) / 6, with x + 3 at least 0 and at most 6.
  case hardSwish
  /// x times the share of the normal distribution that is below it.
  case gelu
  /// x / 2 * (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
  case geluTanh
  /// x tanh(log(1 + e^x)).
  case mish
  /// x / (1 + e^(-alpha x)).
  case swish(alpha: Float)
  /// x + beta below -alpha, x - beta above alpha, otherwise 0.
  case shrink(alpha: Float, beta: Float)
  /// The smaller of upper and the larger of lower and x; NaN stays.
  case clip(lower: Float, upper: Float)
}

/// Computes `output[i] = function(input[i])`; both have the same count.
package func unary(
  _ function: UnaryKernel, _ input: Span<Float>, output: inout MutableSpan<Float>,
  using kernels: Kernels = .best
) {
  requireCount(output.count, input.count, "unary output")
  withPointers(input, &output) { source, target in
    function.apply(source, target, input.count, kernels)
  }
}

/// Replaces every number by its function value.
package func unary(
  _ function: UnaryKernel, inPlace values: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  values.withUnsafeMutableBufferPointer { values in
    function.apply(values.baseAddress, values.baseAddress, values.count, kernels)
  }
}

extension UnaryKernel {
  fileprivate func apply(
    _ input: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>?, _ count: Int,
    _ kernels: Kernels
  ) {
    let table = kernels.table
    switch self {
    case .relu: table.pointee.relu(input, output, count)
    case .sigmoid: table.pointee.sigmoid(input, output, count)
    case .tanh: table.pointee.hyperbolic_tangent(input, output, count)
    case .exp: table.pointee.exponential(input, output, count)
    case .log: table.pointee.logarithm(input, output, count)
    case .negate: table.pointee.negate(input, output, count)
    case .absolute: table.pointee.absolute(input, output, count)
    case .squareRoot: table.pointee.square_root(input, output, count)
    case .reciprocal: table.pointee.reciprocal(input, output, count)
    case .floor: table.pointee.round_down(input, output, count)
    case .ceil: table.pointee.round_up(input, output, count)
    case .round: table.pointee.round_to_even(input, output, count)
    case .sign: table.pointee.sign(input, output, count)
    case .erf: espalier_erf(input, output, count)
    case .sin: espalier_sine(input, output, count)
    case .cos: espalier_cosine(input, output, count)
    case .tan: espalier_tangent(input, output, count)
    case .asin: espalier_arc_sine(input, output, count)
    case .acos: espalier_arc_cosine(input, output, count)
    case .atan: espalier_arc_tangent(input, output, count)
    case .sinh: espalier_hyperbolic_sine(input, output, count)
    case .cosh: espalier_hyperbolic_cosine(input, output, count)
    case .asinh: espalier_area_sine(input, output, count)
    case .acosh: espalier_area_cosine(input, output, count)
    case .atanh: espalier_area_tangent(input, output, count)
    case .softplus: table.pointee.softplus(input, output, count)
    case .softsign: table.pointee.softsign(input, output, count)
    case .elu(let alpha, let beta): table.pointee.elu(input, output, count, alpha, beta)
    case .celu(let alpha): table.pointee.celu(input, output, count, alpha, 0)
    case .leakyRelu(let alpha): table.pointee.leaky_relu(input, output, count, alpha, 0)
    case .thresholdedRelu(let alpha): table.pointee.thresholded_relu(input, output, count, alpha, 0)
    case .hardSigmoid(let alpha, let beta):
      table.pointee.hard_sigmoid(input, output, count, alpha, beta)
    case .hardSwish: table.pointee.hard_swish(input, output, count)
    case .gelu: espalier_gelu(input, output, count)
    case .geluTanh: table.pointee.gelu_tanh(input, output, count)
    case .mish: table.pointee.mish(input, output, count)
    case .swish(let alpha): table.pointee.swish(input, output, count, alpha, 0)
    case .shrink(let alpha, let beta): table.pointee.shrink(input, output, count, alpha, beta)
    case .clip(let lower, let upper): table.pointee.clip(input, output, count, lower, upper)
    }
  }
}
