import EspalierGraph
import EspalierKernels

/// `Operator.Concatenate` of rows.
package struct ConcatenateCall: PreparedCall, ElementMover {
  /// The columns of each input.
  package let columns: [Int]
  private let elementBytes: Int

  init(_ rule: Operator.Concatenate, _ inputs: [TensorType]) {
    columns = inputs.map { $0.shape.sizes[rule.axis...].reduce(1, *) }
    elementBytes = inputs[0].element.byteCount
  }

  /// Computes the output.
  package func run(_ operands: Operands) { move(operands, elementBytes: elementBytes) }

  /// Copies elements of a type.
  package func move<Element: BitwiseCopyable>(_ operands: Operands, as type: Element.Type) {
    var result = operands.output(as: type).mutableSpan
    let width = columns.reduce(0, +)
    var column = 0
    for (input, count) in columns.enumerated() {
      copyColumns(operands[input, as: type].span, to: column, width: width, output: &result)
      column += count
    }
  }
}
