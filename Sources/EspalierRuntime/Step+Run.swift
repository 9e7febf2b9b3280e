import EspalierGraph
import EspalierKernels

extension Step {
  /// Computes the output slot from the input slots.
  package func run(on tensors: TensorTable) {
    let first = tensors[inputs[0]].span
    let buffer = tensors[output]
    var result = buffer.mutableSpan
    switch kernel {
    case .dense(let rows, let inputs, let outputs):
      dense(
        first, weights: tensors[self.inputs[1]].span, bias: bias(tensors).span, output: &result,
        rows: rows, inputs: inputs, outputs: outputs)
    case .convolution(let geometry):
      var scratch = tensors.scratchMemory.mutableSpan
      convolution(
        first, weights: tensors[inputs[1]].span, bias: bias(tensors).span, geometry,
        scratch: &scratch, output: &result)
    case .maximumPooling(let geometry):
      maximumPooling(first, geometry, output: &result)
    case .averagePooling(let geometry, let includesPadding):
      averagePooling(first, geometry, includePadding: includesPadding, output: &result)
    case .unary(let function):
      unary(function, first, output: &result)
    case .binary(let function, let left, let right, let shape):
      binary(
        function, first, leftShape: left.sizes.span, tensors[inputs[1]].span,
        rightShape: right.sizes.span, output: &result, outputShape: shape.sizes.span)
    case .softmax(let rows, let columns):
      softmax(first, output: &result, rows: rows, columns: columns)
    case .strided(let copy):
      copyStrided(first, copy, output: &result)
    case .concatenate(let columns):
      let width = columns.reduce(0, +)
      var column = 0
      for (input, count) in zip(inputs, columns) {
        copyColumns(tensors[input].span, to: column, width: width, output: &result)
        column += count
      }
    }
  }

  /// The third operand, or nothing.
  private func bias(_ tensors: TensorTable) -> UnsafeMutableBufferPointer<Float> {
    inputs.count > 2
      ? tensors[inputs[2]] : UnsafeMutableBufferPointer(start: nil, count: 0)
  }
}
