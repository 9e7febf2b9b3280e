import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// `∂input += ∂output · weightsᵀ`, `∂weights += inputᵀ · ∂output`, `∂bias += Σ rows of ∂output`.
  func dense(_ call: DenseCall) {
    let (rows, inputs, outputs) = (call.rows, call.inputs, call.outputs)
    if let gradient = inputGradients[0] {
      var transposed = scratch.from(0, count: inputs * outputs).mutableSpan
      transpose(self.inputs[1].span, output: &transposed, rows: inputs, columns: outputs)
      var result = gradient.mutableSpan
      matrixProduct(
        outputGradient.span, rowStride: outputs, columnStride: 1, transposed.span, bStride: inputs,
        into: &result, cStride: inputs, rows: rows, columns: inputs, depth: outputs,
        accumulate: true)
    }
    if let gradient = inputGradients[1] {
      var result = gradient.mutableSpan
      matrixProduct(
        self.inputs[0].span, rowStride: 1, columnStride: inputs, outputGradient.span,
        bStride: outputs, into: &result, cStride: outputs, rows: inputs, columns: outputs,
        depth: rows, accumulate: true)
    }
    if inputGradients.count > 2, let gradient = inputGradients[2] {
      addColumnSums(outputGradient, columns: outputs, to: gradient)
    }
  }
}
