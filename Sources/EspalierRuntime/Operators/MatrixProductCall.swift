import EspalierGraph
package import EspalierKernels

/// `Operator.MatrixProduct`.
package struct MatrixProductCall: PreparedCall {
  /// Which matrices are multiplied.
  package let products: MatrixProducts
  private let isInteger: Bool

  init(_ rule: Operator.MatrixProduct, _ inputs: [TensorType], _ output: TensorType) {
    let left = inputs[0].shape.sizes
    products = MatrixProducts(
      left: left.dropLast(2), right: inputs[1].shape.sizes.dropLast(2),
      sizes: output.shape.sizes.dropLast(2), rows: output.shape[output.shape.rank - 2],
      columns: output.shape.last, depth: left[left.count - (rule.transposesLeft ? 2 : 1)],
      transposesLeft: rule.transposesLeft, transposesRight: rule.transposesRight)
    isInteger = inputs[0].element == .int32
  }

  /// A transposed matrix.
  package var scratchCount: Int { isInteger ? 0 : products.scratchCount }

  /// Computes the output.
  package func run(_ operands: Operands) {
    if isInteger {
      var result = operands.output(as: Int32.self).mutableSpan
      matrixProducts(
        operands[0, as: Int32.self].span, operands[1, as: Int32.self].span, products,
        output: &result)
    } else {
      var result = operands.output.mutableSpan
      var scratch = operands.scratch.mutableSpan
      matrixProducts(
        operands[0].span, operands[1].span, products, scratch: &scratch, output: &result)
    }
  }
}
