import EspalierKernels
import Testing

/// Sizes that do not fit stop the program before a kernel sees them.
@Suite struct RequirementTests {
  @Test func productNeedsOperandsThatReach() async {
    await #expect(processExitsWith: .failure) {
      let a = [Float](repeating: 1, count: 5)
      var c = [Float](repeating: 0, count: 4)
      var result = c.mutableSpan
      matrixProduct(
        a.span, rowStride: 3, columnStride: 1, a.span, bStride: 2, into: &result, cStride: 2,
        rows: 2, columns: 2, depth: 3)
    }
  }

  @Test func productNeedsRowsThatDoNotOverlap() async {
    await #expect(processExitsWith: .failure) {
      let a = [Float](repeating: 1, count: 4)
      var c = [Float](repeating: 0, count: 4)
      var result = c.mutableSpan
      matrixProduct(
        a.span, rowStride: 2, columnStride: 1, a.span, bStride: 2, into: &result, cStride: 1,
        rows: 2, columns: 2, depth: 2)
    }
  }

  @Test func matrixNeedsItsCount() async {
    await #expect(processExitsWith: .failure) {
      let input = [Float](repeating: 1, count: 6)
      var output = [Float](repeating: 0, count: 6)
      var result = output.mutableSpan
      transpose(input.span, output: &result, rows: -2, columns: -3)
    }
  }

  @Test func broadcastNeedsShapesThatFit() async {
    await #expect(processExitsWith: .failure) {
      _ = BroadcastWalk([[6], [3]], to: [6])
    }
    await #expect(processExitsWith: .failure) {
      _ = BroadcastWalk([[1], [1], [1]], to: [2])
    }
  }

  @Test func broadcastNeedsTheNumbersOfItsShapes() async {
    await #expect(processExitsWith: .failure) {
      let input = [Float](repeating: 1, count: 6)
      var output = [Float](repeating: 0, count: 6)
      var result = output.mutableSpan
      binary(
        .add, input.span, input.span.extracting(first: 3), BroadcastWalk([[6], [1]], to: [6]),
        output: &result)
    }
  }

  @Test func convolutionNeedsItsScratch() async {
    await #expect(processExitsWith: .failure) {
      let geometry = ConvolutionGeometry(
        batch: 1, inputSize: Extent([4]), inputChannels: 1, outputSize: Extent([3]),
        outputChannels: 2, kernel: Extent([2]))
      let input = [Float](repeating: 1, count: 4)
      var output = [Float](repeating: 0, count: 6)
      var result = output.mutableSpan
      var none = MutableSpan<Float>()
      convolution(
        input.span, weights: input.span, bias: Span(), geometry,
        scratch: &none, output: &result)
    }
  }

  @Test func windowNeedsTapsAndStrides() async {
    await #expect(processExitsWith: .failure) {
      let geometry = PoolingGeometry(
        batch: 1, channels: 1, inputSize: Extent([4]), outputSize: Extent([4]),
        kernel: Extent([1]), stride: Extent([0]))
      let input = [Float](repeating: 1, count: 4)
      var output = [Float](repeating: 0, count: 4)
      var result = output.mutableSpan
      maximumPooling(input.span, geometry, output: &result)
    }
  }
}
