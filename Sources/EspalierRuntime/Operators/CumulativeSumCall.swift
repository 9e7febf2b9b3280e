import EspalierGraph
package import EspalierKernels

/// `Operator.CumulativeSum`.
package struct CumulativeSumCall: PreparedCall {
  /// How elements are combined.
  package let function: CumulativeKernel
  /// The axis.
  package let runs: AxisRuns
  /// Where sums begin, and what they include.
  package let order: CumulativeOrder
  private let element: ElementType

  init(_ rule: Operator.CumulativeSum, _ inputs: [TensorType]) {
    function = rule.function == .sum ? .sum : .product
    runs = AxisRuns(sizes: inputs[0].shape.sizes, axis: rule.axis)
    order = CumulativeOrder(isExclusive: rule.exclusive, isReversed: rule.reverse)
    element = inputs[0].element
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    switch element {
    case .int32: runIntegers(operands, as: Int32.self)
    case .int64: runIntegers(operands, as: Int64.self)
    case .float32, .float16, .bfloat16, .int8, .uint8, .bool, .float64:
      var result = operands.output.mutableSpan
      cumulate(operands[0].span, function, runs, order, output: &result)
    }
  }

  private func runIntegers<Element: FixedWidthInteger & BitwiseCopyable>(
    _ operands: Operands, as type: Element.Type
  ) {
    var result = operands.output(as: type).mutableSpan
    cumulateIntegers(operands[0, as: type].span, function, runs, order, output: &result)
  }
}
