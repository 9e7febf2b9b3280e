package import EspalierGraph
import EspalierKernels

/// `Operator.Softmax` on rows.
package struct SoftmaxCall: PreparedCall {
  /// What becomes of a row.
  package let function: Operator.Softmax.Function
  /// The rows.
  package let rows: Int
  /// The numbers that one sum runs over.
  package let columns: Int

  init(_ rule: Operator.Softmax, _ inputs: [TensorType]) {
    function = rule.function
    columns = inputs[0].shape.last
    rows = inputs[0].shape.elementCount / columns
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output.mutableSpan
    switch function {
    case .softmax: softmax(operands[0].span, output: &result, rows: rows, columns: columns)
    case .logSoftmax: logSoftmax(operands[0].span, output: &result, rows: rows, columns: columns)
    }
  }
}
