import EspalierGraph
package import EspalierKernels

/// `Operator.Reduction`.
package struct ReductionCall: PreparedCall {
  /// What becomes of the elements.
  package let function: ReductionKernel
  /// Which axes are reduced.
  package let geometry: ReductionGeometry
  private let element: ElementType

  init(_ rule: Operator.Reduction, _ inputs: [TensorType]) {
    geometry = ReductionGeometry(sizes: inputs[0].shape.sizes, axes: rule.axes)
    element = inputs[0].element
    function =
      switch rule.function {
      case .sum: .sum
      case .mean: .mean
      case .maximum: .maximum
      case .minimum: .minimum
      case .product: .product
      }
  }

  /// Lanes, and results between axes.
  package var scratchCount: Int { element == .float32 ? geometry.scratchCount : 0 }

  /// Computes the output.
  package func run(_ operands: Operands) {
    switch element {
    case .int32: runIntegers(operands, as: Int32.self)
    case .int64: runIntegers(operands, as: Int64.self)
    // The largest of bytes that are 0 or 1 says whether any is 1, the smallest whether all are.
    case .bool, .int8, .uint8: runIntegers(operands, as: UInt8.self)
    case .float32, .float16, .bfloat16, .float64:
      var scratch = operands.scratch.mutableSpan
      var result = operands.output.mutableSpan
      reduce(operands[0].span, function, geometry, scratch: &scratch, output: &result)
    }
  }

  private func runIntegers<Element: FixedWidthInteger & BitwiseCopyable>(
    _ operands: Operands, as type: Element.Type
  ) {
    var result = operands.output(as: type).mutableSpan
    reduceIntegers(operands[0, as: type].span, function, geometry, output: &result)
  }
}
