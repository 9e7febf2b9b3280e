import EspalierGraph
import EspalierKernels

/// `Operator.Quantize`.
package struct QuantizeCall: PreparedCall {
  private let walk: BroadcastWalk<3>
  private let element: ElementType

  init(_ inputs: [TensorType], _ output: TensorType) {
    walk = BroadcastWalk(scaling: inputs)
    element = output.element
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    if element == .int8 {
      let none: InlineArray<1, Int8> = [0]
      var result = operands.output(as: Int8.self).mutableSpan
      quantize(
        operands[0].span, scale: operands[1].span,
        zero: operands.count > 2 ? operands[2, as: Int8.self].span : none.span, walk,
        output: &result)
    } else {
      let none: InlineArray<1, UInt8> = [0]
      var result = operands.output(as: UInt8.self).mutableSpan
      quantize(
        operands[0].span, scale: operands[1].span,
        zero: operands.count > 2 ? operands[2, as: UInt8.self].span : none.span, walk,
        output: &result)
    }
  }
}

extension BroadcastWalk<3> {
  /// The walk over numbers, scales and zero points, or one zero point where there are none.
  init(scaling inputs: [TensorType]) {
    self.init(
      [
        inputs[0].shape.sizes, inputs[1].shape.sizes, inputs.count > 2 ? inputs[2].shape.sizes : [],
      ], to: inputs[0].shape.sizes)
  }
}
