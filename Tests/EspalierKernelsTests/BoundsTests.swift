import EspalierKernels
import Testing

/// Every operator on arrays flush with the start, and with the end, of what may be touched.
///
/// A stray access faults; a stray write also shows in what lies on the other side.
@Suite struct BoundsTests {
  private static let counts = [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33]

  @Test(arguments: variants, Operand.Edge.allCases) func productStaysInside(
    kernels: Kernels, edge: Operand.Edge
  ) {
    var numbers = Numbers(seed: 90)
    for rows in [1, 2, 7, 13, 50] {
      for columns in Self.counts {
        let a = Operand(numbers.real(rows * 3), flushWith: edge)
        let b = Operand(numbers.real(3 * columns), flushWith: edge)
        let bias = Operand(numbers.real(columns), flushWith: edge)
        let c = Operand(count: rows * columns, flushWith: edge)
        var result = c.buffer.mutableSpan
        dense(
          a.buffer.span, weights: b.buffer.span, bias: bias.buffer.span, output: &result,
          rows: rows, inputs: 3, outputs: columns, using: kernels)
        #expect(c.isIntact && b.isIntact && a.isIntact, "\(rows) rows, \(columns) columns")
      }
    }
  }

  @Test(arguments: variants, Operand.Edge.allCases) func rowsStayInside(
    kernels: Kernels, edge: Operand.Edge
  ) {
    var numbers = Numbers(seed: 91)
    for count in Self.counts {
      let input = Operand(numbers.real(2 * count), flushWith: edge)
      let output = Operand(count: 2 * count, flushWith: edge)
      var result = output.buffer.mutableSpan
      for (function, _) in UnaryTests.functions {
        unary(function, input.buffer.span, output: &result, using: kernels)
      }
      softmax(input.buffer.span, output: &result, rows: 2, columns: count, using: kernels)
      logSoftmax(input.buffer.span, output: &result, rows: 2, columns: count, using: kernels)
      transpose(input.buffer.span, output: &result, rows: 2, columns: count, using: kernels)
      addScaled(2, input.buffer.span, to: &result, using: kernels)
      let full = [2, count]
      for (function, _) in BinaryTests.functions {
        for shape in [[2, count], [2, 1], [count]] {
          let other = Operand(numbers.real(shape.reduce(1, *)), flushWith: edge)
          binary(
            function, input.buffer.span, other.buffer.span, BroadcastWalk([full, shape], to: full),
            output: &result, using: kernels)
        }
      }
      #expect(output.isIntact && input.isIntact, "\(count) numbers")
    }
  }

  @Test(arguments: variants, Operand.Edge.allCases) func windowsStayInside(
    kernels: Kernels, edge: Operand.Edge
  ) {
    var numbers = Numbers(seed: 92)
    let one = Extent(repeating: 1)
    let size = Extent(depth: 1, height: 3, width: 4)
    for channels in Self.counts {
      let pooling = PoolingGeometry(
        batch: 1, channels: channels, inputSize: size, outputSize: size,
        kernel: Extent([3, 3]), stride: one, paddingBefore: Extent([1, 1], missing: 0))
      let depthwise = ConvolutionGeometry(
        batch: 1, inputSize: size, inputChannels: channels, outputSize: size,
        outputChannels: channels, kernel: Extent([3, 3]),
        paddingBefore: Extent([1, 1], missing: 0), groups: channels)
      let input = Operand(numbers.real(12 * channels), flushWith: edge)
      let weights = Operand(numbers.real(9 * channels), flushWith: edge)
      let bias = Operand(numbers.real(channels), flushWith: edge)
      let output = Operand(count: 12 * channels, flushWith: edge)
      var result = output.buffer.mutableSpan
      var none = MutableSpan<Float>()
      maximumPooling(input.buffer.span, pooling, output: &result, using: kernels)
      averagePooling(
        input.buffer.span, pooling, includePadding: true, output: &result, using: kernels)
      convolution(
        input.buffer.span, weights: weights.buffer.span, bias: bias.buffer.span, depthwise,
        scratch: &none, output: &result, using: kernels)
      #expect(output.isIntact && input.isIntact, "\(channels) channels")
    }
  }
}
