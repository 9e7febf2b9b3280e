import EspalierKernels
import ReferenceOperators
import Testing

@Suite struct PoolingTests {
  private func geometry(_ place: WindowCase, batch: Int, channels: Int) -> PoolingGeometry {
    PoolingGeometry(
      batch: batch, channels: channels, inputSize: Extent(place.input),
      outputSize: Extent(place.output), kernel: Extent(place.window.kernel),
      stride: Extent(place.window.stride), dilation: Extent(place.window.dilation),
      paddingBefore: Extent(place.window.paddingBefore, missing: 0))
  }

  private func run(
    _ pooling: PoolingReference, _ input: [Float], _ geometry: PoolingGeometry, _ kernels: Kernels
  ) -> Operand {
    let operand = Operand(input)
    let output = Operand(count: geometry.batch * geometry.outputSize.count * geometry.channels)
    var result = output.buffer.mutableSpan
    switch pooling {
    case .maximum:
      maximumPooling(operand.buffer.span, geometry, output: &result, using: kernels)
    case .average(let includePadding):
      averagePooling(
        operand.buffer.span, geometry, includePadding: includePadding, output: &result,
        using: kernels)
    case .powerSum(let power):
      powerPooling(
        operand.buffer.span, geometry, power: power, output: &result, using: kernels)
    case .maximumIndex:
      preconditionFailure("indices are not float32")
    }
    return output
  }

  private static let poolings: [PoolingReference] = [
    .maximum, .average(includePadding: false), .average(includePadding: true), .powerSum(1),
  ]

  @Test(arguments: WindowCase.all, poolings) func matchesReference(
    place: WindowCase, pooling: PoolingReference
  ) {
    for channels in [1, 3, 4, 8, 15, 17, 33] {
      var numbers = Numbers(seed: 80)
      let shape = [2] + place.input + [channels]
      let input = numbers.whole(shape.reduce(1, *))
      // Sums of whole numbers are exact, and one division rounds once.
      let expected = Tensor(shape, input).pooling(pooling, window: place.window).values
        .map { Double(Float($0)) }
      for kernels in variants {
        let output = run(pooling, input, geometry(place, batch: 2, channels: channels), kernels)
        let difference = firstDifference(output.values, expected)
        #expect(difference == nil, "\(channels) channels, \(kernels.testDescription)")
        #expect(output.isIntact)
      }
    }
  }

  @Test(arguments: variants) func keepsSpecialValues(kernels: Kernels) {
    let place = WindowCase([4], kernel: [2], stride: [2])
    let input: [Float] = [.nan, 1, -.infinity, -.infinity]
    let pooled = run(.maximum, input, geometry(place, batch: 1, channels: 1), kernels).values
    #expect(pooled[0].isNaN && pooled[1] == -.infinity)
    let swapped = run(
      .maximum, [1, .nan, 2, .infinity], geometry(place, batch: 1, channels: 1), kernels
    ).values
    #expect(swapped[0].isNaN && swapped[1] == .infinity)
  }
}
