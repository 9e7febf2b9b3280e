package import EspalierGraph
package import EspalierKernels

/// `Operator.Binary`.
package struct BinaryCall: PreparedCall {
  /// The function.
  package let function: BinaryKernel
  /// The shape of the left operand.
  package let left: Shape
  /// The shape of the right operand.
  package let right: Shape
  /// The shape that they broadcast to.
  package let shape: Shape

  init(_ rule: Operator.Binary, _ inputs: [TensorType], _ output: TensorType) {
    left = inputs[0].shape
    right = inputs[1].shape
    shape = output.shape
    function =
      switch rule.function {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      }
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output.mutableSpan
    binary(
      function, operands[0].span, leftShape: left.sizes.span, operands[1].span,
      rightShape: right.sizes.span, output: &result, outputShape: shape.sizes.span)
  }
}
