import EspalierGraph
import EspalierKernels

/// `Operator.Softmax` on rows.
package struct SoftmaxCall: PreparedCall {
  /// The rows.
  package let rows: Int
  /// The numbers that one sum runs over.
  package let columns: Int

  init(_ inputs: [TensorType]) {
    columns = inputs[0].shape.last
    rows = inputs[0].shape.elementCount / columns
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output.mutableSpan
    softmax(operands[0].span, output: &result, rows: rows, columns: columns)
  }
}
