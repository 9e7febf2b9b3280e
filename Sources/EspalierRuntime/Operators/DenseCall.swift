import EspalierGraph
import EspalierKernels

/// `Operator.Dense` on rows.
package struct DenseCall: PreparedCall {
  /// The rows of input and output.
  package let rows: Int
  /// The columns of the input.
  package let inputs: Int
  /// The columns of the output.
  package let outputs: Int

  init(_ inputs: [TensorType], _ output: TensorType) {
    outputs = output.shape.last
    rows = output.shape.elementCount / outputs
    self.inputs = inputs[0].shape.last
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output.mutableSpan
    dense(
      operands[0].span, weights: operands[1].span, bias: operands[2].span, output: &result,
      rows: rows, inputs: inputs, outputs: outputs)
  }
}
