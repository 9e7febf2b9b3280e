import EspalierKernels
import Testing

@Suite struct AxisReductionTests {
  private func run(
    _ values: [Float], _ function: ReductionKernel, _ geometry: ReductionGeometry,
    _ kernels: Kernels
  ) -> Operand {
    let (input, output) = (Operand(values), Operand(count: geometry.outputCount))
    let memory = Operand(count: geometry.scratchCount)
    var scratch = memory.buffer.mutableSpan
    var result = output.buffer.mutableSpan
    reduce(
      input.buffer.span, function, geometry, scratch: &scratch, output: &result, using: kernels)
    return output
  }

  /// Columns are added in the order of rows: the sum over the first axis has the bits of the transposed one over the last.
  @Test(arguments: [1, 2, 15, 16, 17, 31, 32, 33, 100])
  func orderDoesNotDependOnTheLayout(rows: Int) {
    var numbers = Numbers(seed: 300)
    for columns in [2, 3, 16, 33, 2050] {
      let values = numbers.real(rows * columns)
      let turned = (0..<rows * columns).map { values[$0 % rows * columns + $0 / rows] }
      for kernels in variants {
        for function in [ReductionKernel.sum, .mean, .maximum, .sumOfSquares] {
          let down = run(values, function, .init(sizes: [rows, columns], axes: [0]), kernels)
          let across = run(turned, function, .init(sizes: [columns, rows], axes: [1]), kernels)
          #expect(down.bits == across.bits, "\(function) of \(rows)x\(columns)")
        }
      }
    }
  }

  /// Whatever the width of the registers, and however large the batch.
  @Test func fusedVariantsAgreeInEveryBit() {
    var numbers = Numbers(seed: 301)
    let values = numbers.real(2 * 37 * 5 * 19)
    for axes in [[1], [3], [1, 3], [1, 2], [0, 2]] {
      let geometry = ReductionGeometry(sizes: [2, 37, 5, 19], axes: axes)
      for function in [ReductionKernel.sum, .product, .minimum, .sumOfSquares] {
        let results = variants.filter(\.isFused).map { run(values, function, geometry, $0).bits }
        #expect(results.allSatisfy { $0 == results[0] }, "\(function) over \(axes)")
      }
    }
  }

  /// 65,536 numbers in one chain would be off by six times as much.
  @Test func longSumsAreAccurate() {
    let count = 1 << 16
    for kernels in variants {
      let mean = run(
        Array(repeating: 0.1, count: count), .mean, .init(sizes: [count], axes: [0]), kernels)
      #expect(abs(mean.values[0] - 0.1) < 1e-5)
    }
  }

  @Test func extremaOfWhatIsNoNumberAreNone() {
    let values: [Float] = [1, .nan, 3, 4, 5, 6]
    for kernels in variants {
      for function in [ReductionKernel.maximum, .minimum] {
        let rows = run(values, function, .init(sizes: [2, 3], axes: [1]), kernels).values
        #expect(rows[0].isNaN && !rows[1].isNaN)
        let columns = run(values, function, .init(sizes: [2, 3], axes: [0]), kernels).values
        #expect(columns.map(\.isNaN) == [false, true, false])
      }
    }
  }

  @Test func integersWrapAndTheirMeansAreTruncated() {
    func run(_ values: [Int32], _ function: ReductionKernel) -> [Int32] {
      var output: [Int32] = [0, 0]
      var result = output.mutableSpan
      reduceIntegers(values.span, function, .init(sizes: [2, 2], axes: [1]), output: &result)
      return output
    }
    #expect(run([.max, 1, -3, -4], .sum) == [.min, -7])
    #expect(run([3, 4, -3, -4], .mean) == [3, -3])
    #expect(run([.max, 2, 7, -4], .product) == [-2, -28])
    #expect(run([3, 4, -3, -4], .sumOfSquares) == [25, 25])
  }

  @Test func searchesFindWhatIsNoNumberFirst() {
    let values: [Float] = [1, .nan, 3, .nan]
    func find(isLargest: Bool, isLast: Bool) -> Int64 {
      var output: [Int64] = [0]
      var result = output.mutableSpan
      argReduction(
        values.span, AxisRuns(sizes: [4], axis: 0), isLargest: isLargest, isLast: isLast,
        output: &result)
      return output[0]
    }
    #expect(find(isLargest: true, isLast: false) == 1)
    #expect(find(isLargest: false, isLast: false) == 1)
    #expect(find(isLargest: true, isLast: true) == 3)
    #expect(find(isLargest: false, isLast: true) == 3)
  }

  @Test func topKOrdersWhatIsNoNumberAsTheLargest() {
    let values: [Float] = [1, .nan, 3, -.infinity, .nan, .infinity]
    func order(isLargest: Bool) -> [Int64] {
      var output = [Int64](repeating: 0, count: 6)
      var result = output.mutableSpan
      topK(
        values.span, AxisRuns(sizes: [6], axis: 0), size: 6, isLargest: isLargest, output: &result)
      return output
    }
    #expect(order(isLargest: true) == [1, 4, 5, 2, 0, 3])
    #expect(order(isLargest: false) == [3, 0, 2, 5, 1, 4])
  }

  /// A mean that is large beside the deviation does not swallow it.
  @Test func normalizationSubtractsTheMeanFirst() {
    let values: [Float] = (0..<64).map { 10_000 + Float($0 % 2) }
    let geometry = NormalizationGeometry(sizes: [1, 64], axes: [1])
    for kernels in variants {
      let (input, output) = (Operand(values), Operand(count: 64))
      let memory = Operand(count: geometry.scratchCount)
      var scratch = memory.buffer.mutableSpan
      var result = output.buffer.mutableSpan
      normalize(
        input.buffer.span, geometry, isCentred: true, epsilon: 0, scratch: &scratch,
        output: &result, using: kernels)
      #expect(output.values == (0..<64).map { $0 % 2 == 0 ? -1 : 1 })
    }
  }
}
