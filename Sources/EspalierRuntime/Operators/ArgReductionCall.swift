import EspalierGraph
import EspalierKernels

/// `Operator.ArgReduction`.
package struct ArgReductionCall: PreparedCall {
  private let rule: Operator.ArgReduction
  private let runs: AxisRuns
  private let element: ElementType

  init(_ rule: Operator.ArgReduction, _ inputs: [TensorType]) {
    self.rule = rule
    runs = AxisRuns(sizes: inputs[0].shape.sizes, axis: rule.axis)
    element = inputs[0].element
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    switch element {
    case .int32: find(operands, as: Int32.self)
    case .int64: find(operands, as: Int64.self)
    case .float32, .float16, .bfloat16, .int8, .uint8, .bool, .float64:
      find(operands, as: Float.self)
    }
  }

  private func find<Element: Comparable & BitwiseCopyable>(
    _ operands: Operands, as type: Element.Type
  ) {
    var result = operands.output(as: Int64.self).mutableSpan
    argReduction(
      operands[0, as: type].span, runs, isLargest: rule.function == .maximum,
      isLast: rule.lastIndex, output: &result)
  }
}
