import EspalierKernels
import ReferenceOperators
import Testing

/// A convolution's operands: whole numbers, so that results are exact.
private struct ConvolutionCase {
  let geometry: ConvolutionGeometry
  let input: [Float]
  let weights: [Float]
  let bias: [Float]
  let expected: Tensor

  init(
    _ place: WindowCase, batch: Int, channels: Int, outputs: Int, groups: Int, hasBias: Bool,
    seed: UInt64
  ) {
    var numbers = Numbers(seed: seed)
    let inputShape = [batch] + place.input + [channels]
    let weightShape = place.window.kernel + [channels / groups, outputs]
    input = numbers.whole(inputShape.reduce(1, *))
    weights = numbers.whole(weightShape.reduce(1, *))
    bias = hasBias ? numbers.whole(outputs) : []
    geometry = ConvolutionGeometry(
      batch: batch, inputSize: Extent(place.input), inputChannels: channels,
      outputSize: Extent(place.output), outputChannels: outputs,
      kernel: Extent(place.window.kernel), stride: Extent(place.window.stride),
      dilation: Extent(place.window.dilation),
      paddingBefore: Extent(place.window.paddingBefore, missing: 0), groups: groups)
    expected = Tensor(inputShape, input).convolution(
      weights: Tensor(weightShape, weights), bias: hasBias ? Tensor([outputs], bias) : nil,
      window: place.window, groups: groups)
  }

  func run(_ kernels: Kernels) -> Operand {
    let (input, weights, bias) = (Operand(input), Operand(weights), Operand(bias))
    let scratch = Operand(count: scratchCount(for: geometry))
    let output = Operand(count: expected.values.count)
    var patches = scratch.buffer.mutableSpan
    var result = output.buffer.mutableSpan
    convolution(
      input.buffer.span, weights: weights.buffer.span, bias: bias.buffer.span, geometry,
      scratch: &patches, output: &result, using: kernels)
    return output
  }
}

@Suite struct ConvolutionTests {
  /// Channels in, channels out and groups: plain, grouped, depthwise, depthwise with a multiplier.
  private static let channels = [
    (1, 1, 1), (3, 5, 1), (4, 6, 2), (5, 5, 5), (3, 6, 3), (17, 17, 17),
  ]

  @Test(arguments: WindowCase.all) func matchesReference(place: WindowCase) {
    for (index, (channels, outputs, groups)) in Self.channels.enumerated() {
      let example = ConvolutionCase(
        place, batch: 2, channels: channels, outputs: outputs, groups: groups,
        hasBias: index.isMultiple(of: 2), seed: UInt64(50 + index))
      for kernels in variants {
        let output = example.run(kernels)
        let difference = firstDifference(output.values, example.expected.values)
        #expect(
          difference == nil,
          "\(channels) to \(outputs) channels in \(groups) groups, \(kernels.testDescription)")
        #expect(output.isIntact)
      }
    }
  }

  /// More patches than the scratch holds at once.
  @Test func worksInBlocks() {
    let place = WindowCase([40, 41], kernel: [3, 3], before: [1, 1], after: [1, 1])
    let example = ConvolutionCase(
      place, batch: 2, channels: 8, outputs: 1, groups: 1, hasBias: true, seed: 60)
    #expect(example.geometry.outputPixels * example.geometry.patchCount > 65_536)
    #expect(scratchCount(for: example.geometry) <= 65_536)
    for kernels in variants {
      let difference = firstDifference(example.run(kernels).values, example.expected.values)
      #expect(difference == nil, "\(kernels.testDescription)")
    }
  }

  @Test func scratchHoldsAtLeastOnePatch() {
    let size = Extent(depth: 1, height: 9, width: 9)
    let one = Extent(repeating: 1)
    let geometry = ConvolutionGeometry(
      batch: 1, inputSize: size, inputChannels: 1_000, outputSize: one, outputChannels: 1,
      kernel: size)
    #expect(scratchCount(for: geometry) == 81_000)
    var pointwise = geometry
    (pointwise.kernel, pointwise.outputSize) = (one, size)
    #expect(scratchCount(for: pointwise) == 0)
    var empty = geometry
    empty.batch = 0
    #expect(scratchCount(for: empty) == 0)
  }

  @Test(arguments: variants) func imageIsIndependentOfItsBatch(kernels: Kernels) {
    let place = WindowCase([5, 6], kernel: [3, 3], before: [1, 1], after: [1, 1])
    for (channels, outputs, groups) in [(7, 19, 1), (18, 18, 18), (6, 4, 2)] {
      var numbers = Numbers(seed: 61)
      let weights = Operand(numbers.real(9 * channels / groups * outputs))
      let images = (0..<3).map { _ in numbers.real(30 * channels) }
      let run = { (images: [[Float]]) -> [UInt32] in
        let geometry = ConvolutionGeometry(
          batch: images.count, inputSize: Extent(place.input), inputChannels: channels,
          outputSize: Extent(place.output), outputChannels: outputs, kernel: Extent([3, 3]),
          paddingBefore: Extent([1, 1], missing: 0), groups: groups)
        let input = Operand(images.flatMap { $0 })
        let scratch = Operand(count: scratchCount(for: geometry))
        let output = Operand(count: images.count * 30 * outputs)
        var patches = scratch.buffer.mutableSpan
        var result = output.buffer.mutableSpan
        convolution(
          input.buffer.span, weights: weights.buffer.span, bias: Span(), geometry,
          scratch: &patches, output: &result, using: kernels)
        return output.bits
      }
      #expect(run(images) == images.flatMap { run([$0]) }, "\(channels) to \(outputs) channels")
    }
  }
}

@Suite struct PatchMatrixTests {
  /// With P for taking patches, the inner products of P x with y and of x with P^T y are equal.
  ///
  /// Whole numbers make both exact.
  @Test(arguments: WindowCase.all) func addingIsTheTransposeOfTaking(place: WindowCase) {
    for (channels, groups) in [(1, 1), (6, 1), (6, 2)] {
      let geometry = ConvolutionCase(
        place, batch: 2, channels: channels, outputs: groups, groups: groups, hasBias: false,
        seed: 70
      ).geometry
      var numbers = Numbers(seed: 71)
      let x = numbers.whole(2 * place.input.reduce(1, *) * channels)
      let pixels = geometry.outputPixels / 3..<geometry.outputPixels
      let y = numbers.whole(pixels.count * geometry.patchCount)
      for group in 0..<groups {
        let (input, patches) = (Operand(x), Operand(count: y.count))
        var taken = patches.buffer.mutableSpan
        patchMatrix(of: input.buffer.span, geometry, group: group, pixels: pixels, into: &taken)
        let (gradient, spread) = (Operand(y), Operand(Array(repeating: 0, count: x.count)))
        var added = spread.buffer.mutableSpan
        addPatches(gradient.buffer.span, geometry, group: group, pixels: pixels, to: &added)
        let left = zip(patches.values, y).reduce(0) { $0 + $1.0 * $1.1 }
        let right = zip(x, spread.values).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(left == right, "group \(group) of \(groups), \(channels) channels")
        #expect(patches.isIntact && spread.isIntact)
      }
    }
  }
}
