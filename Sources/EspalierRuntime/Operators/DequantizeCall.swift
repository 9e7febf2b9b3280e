package import EspalierGraph
package import EspalierKernels

/// `Operator.Dequantize`.
package struct DequantizeCall: PreparedCall {
  /// The order of the elements.
  package let walk: BroadcastWalk<3>
  /// The type of the input's elements.
  package let element: ElementType

  init(_ inputs: [TensorType]) {
    walk = BroadcastWalk(scaling: inputs)
    element = inputs[0].element
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output.mutableSpan
    let scale = operands[1].span
    switch element {
    case .int8:
      let none: InlineArray<1, Int8> = [0]
      dequantize(
        operands[0, as: Int8.self].span, scale: scale,
        zero: operands.count > 2 ? operands[2, as: Int8.self].span : none.span, walk,
        output: &result)
    case .uint8:
      let none: InlineArray<1, UInt8> = [0]
      dequantize(
        operands[0, as: UInt8.self].span, scale: scale,
        zero: operands.count > 2 ? operands[2, as: UInt8.self].span : none.span, walk,
        output: &result)
    default:
      let none: InlineArray<1, Int32> = [0]
      dequantize(
        operands[0, as: Int32.self].span, scale: scale,
        zero: operands.count > 2 ? operands[2, as: Int32.self].span : none.span, walk,
        output: &result)
    }
  }
}
