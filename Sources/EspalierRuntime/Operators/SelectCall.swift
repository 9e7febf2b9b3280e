import EspalierGraph
package import EspalierKernels

/// `Operator.Select`.
package struct SelectCall: PreparedCall, ElementMover {
  /// The order of the elements.
  package let walk: BroadcastWalk<3>
  private let elementBytes: Int

  init(_ inputs: [TensorType], _ output: TensorType) {
    walk = BroadcastWalk(
      [inputs[0].shape.sizes, inputs[1].shape.sizes, inputs[2].shape.sizes],
      to: output.shape.sizes)
    elementBytes = output.element.byteCount
  }

  /// Computes the output.
  package func run(_ operands: Operands) { move(operands, elementBytes: elementBytes) }

  /// Chooses elements of a type.
  package func move<Element: BitwiseCopyable>(_ operands: Operands, as type: Element.Type) {
    var result = operands.output(as: type).mutableSpan
    select(
      operands[0, as: UInt8.self].span, operands[1, as: type].span, operands[2, as: type].span,
      walk, output: &result)
  }
}
