import EspalierGraph
package import EspalierKernels

/// `Operator.Unary`.
package struct UnaryCall: PreparedCall {
  /// The function.
  package let function: UnaryKernel

  init(_ rule: Operator.Unary) {
    function =
      switch rule.function {
      case .relu: .relu
      case .sigmoid: .sigmoid
      case .tanh: .tanh
      }
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output.mutableSpan
    unary(function, operands[0].span, output: &result)
  }
}
