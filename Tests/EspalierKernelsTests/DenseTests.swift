import EspalierKernels
import ReferenceOperators
import Testing

@Suite struct DenseTests {
  @Test(arguments: variants, [false, true]) func matchesReference(kernels: Kernels, hasBias: Bool) {
    var numbers = Numbers(seed: 10)
    for (rows, inputs, outputs) in [(0, 3, 4), (1, 1, 1), (1, 64, 10), (5, 17, 31), (33, 16, 48)] {
      let (x, w) = (numbers.whole(rows * inputs), numbers.whole(inputs * outputs))
      let b = numbers.whole(outputs)
      let (input, weights, bias) = (Operand(x), Operand(w), Operand(hasBias ? b : []))
      let output = Operand(count: rows * outputs)
      var result = output.buffer.mutableSpan
      dense(
        input.buffer.span, weights: weights.buffer.span, bias: bias.buffer.span, output: &result,
        rows: rows, inputs: inputs, outputs: outputs, using: kernels)
      let expected = Tensor([rows, inputs], x).dense(
        weights: Tensor([inputs, outputs], w), bias: hasBias ? Tensor([outputs], b) : nil)
      let difference = firstDifference(output.values, expected.values)
      #expect(difference == nil, "[\(rows), \(inputs)] to \(outputs)")
    }
  }
}
