import EspalierGraph
package import EspalierKernels

/// `Operator.Pad`.
package struct PadCall: PreparedCall, ElementMover {
  /// Which element of the input each of the output is.
  package let padding: Padding
  private let elementBytes: Int

  init(_ rule: Operator.Pad, _ inputs: [TensorType]) {
    let mode: Padding.Mode =
      switch rule.mode {
      case .constant: .constant
      case .reflect: .reflect
      case .edge: .edge
      case .wrap: .wrap
      }
    padding = Padding(
      mode,
      inputs[0].shape.sizes.enumerated().map { axis, size in
        Padding.Axis(before: rule.before[axis], size: size, after: rule.after[axis])
      })
    elementBytes = inputs[0].element.byteCount
  }

  /// Computes the output.
  package func run(_ operands: Operands) { move(operands, elementBytes: elementBytes) }

  /// Copies elements of a type, whose zero has no bit set.
  package func move<Element: BitwiseCopyable & FixedWidthInteger>(
    _ operands: Operands, as type: Element.Type
  ) {
    let value = operands.count > 1 ? operands[1, as: type][0] : 0
    var result = operands.output(as: type).mutableSpan
    pad(operands[0, as: type].span, padding, value: value, output: &result)
  }
}
