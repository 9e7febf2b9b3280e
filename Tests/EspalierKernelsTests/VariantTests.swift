import EspalierKernels
import Testing

@Suite struct VariantTests {
  @Test func bestIsTheLast() {
    #expect(Kernels.best.testDescription == variants.last?.testDescription)
    #expect(Set(variants.map(\.testDescription)).count == variants.count)
  }

  @Test func onlyTheBaselineMayRoundTwice() {
    #expect(variants.dropFirst().allSatisfy { $0.isFused })
  }

  /// Fusing variants give the same bits, whatever the width of their registers.
  @Test func fusedVariantsAgreeInEveryBit() {
    let results = variants.filter(\.isFused).map { (name: $0.testDescription, bits: run($0)) }
    for result in results.dropFirst() {
      for (index, (bits, expected)) in zip(result.bits, results[0].bits).enumerated() {
        #expect(
          bits.values == expected.values,
          "\(bits.operation) (\(index)): \(result.name) and \(results[0].name)")
      }
    }
  }

  /// What one variant makes of the same numbers with every operation that rounds.
  private func run(_ kernels: Kernels) -> [(operation: String, values: [UInt32])] {
    var results: [(operation: String, values: [UInt32])] = []
    var numbers = Numbers(seed: 100)
    for count in [5, 16, 37, 330] {
      let input = Operand(numbers.real(7 * count).map { $0 * 30 })
      let weights = Operand(numbers.real(count * 41))
      let positive = Operand(input.values.map { abs($0) + 0x1p-30 })
      let output = Operand(count: 7 * count)
      var values = output.buffer.mutableSpan
      for (function, _) in UnaryTests.functions {
        unary(function, positive.buffer.span, output: &values, using: kernels)
        results.append(("\(function)", output.bits))
      }
      for (function, _) in UnaryTests.functions {
        unary(function, input.buffer.span, output: &values, using: kernels)
        results.append(("\(function)", output.bits))
      }
      softmax(input.buffer.span, output: &values, rows: 7, columns: count, using: kernels)
      results.append(("softmax", output.bits))
      logSoftmax(input.buffer.span, output: &values, rows: 7, columns: count, using: kernels)
      results.append(("logSoftmax", output.bits))
      addScaled(0.1, input.buffer.span, to: &values, using: kernels)
      results.append(("addScaled", output.bits))

      let product = Operand(count: 7 * 41)
      var c = product.buffer.mutableSpan
      dense(
        input.buffer.span, weights: weights.buffer.span, bias: Span(), output: &c, rows: 7,
        inputs: count, outputs: 41, using: kernels)
      results.append(("dense", product.bits))
      results.append(("depthwise", depthwise(input, weights, channels: count, kernels)))
    }
    return results
  }

  private func depthwise(
    _ input: Operand, _ weights: Operand, channels: Int, _ kernels: Kernels
  ) -> [UInt32] {
    let geometry = ConvolutionGeometry(
      batch: 1, inputSize: Extent([7]), inputChannels: channels, outputSize: Extent([7]),
      outputChannels: channels, kernel: Extent([3]), paddingBefore: Extent([1], missing: 0),
      groups: channels)
    let output = Operand(count: 7 * channels)
    var result = output.buffer.mutableSpan
    var none = MutableSpan<Float>()
    convolution(
      input.buffer.span, weights: weights.buffer.span.extracting(first: 3 * channels),
      bias: Span(), geometry, scratch: &none, output: &result, using: kernels)
    return output.bits
  }
}
