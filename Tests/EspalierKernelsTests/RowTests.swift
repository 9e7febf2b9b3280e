import EspalierKernels
import ReferenceOperators
import Testing

@Suite struct SoftmaxTests {
  private func apply(_ values: [Float], rows: Int, columns: Int, _ kernels: Kernels) -> Operand {
    let (input, output) = (Operand(values), Operand(count: values.count))
    var result = output.buffer.mutableSpan
    softmax(input.buffer.span, output: &result, rows: rows, columns: columns, using: kernels)
    return output
  }

  @Test(arguments: variants) func matchesReference(kernels: Kernels) {
    var numbers = Numbers(seed: 40)
    for columns in 1...66 {
      let values = numbers.real(3 * columns).map { $0 * 20 }
      let output = apply(values, rows: 3, columns: columns, kernels)
      let expected = Tensor([3, columns], values).softmax()
      let difference = firstDifference(output.values, expected.values, error: 4e-7)
      #expect(difference == nil, "\(columns) columns")
      #expect(output.isIntact, "\(columns) columns")
    }
  }

  @Test(arguments: variants) func isStableForExtremeRows(kernels: Kernels) {
    let large = apply([3e38, -3e38, 3e38, 0], rows: 1, columns: 4, kernels).values
    #expect(large == [0.5, 0, 0.5, 0])
    let masked = apply([1, -.infinity, 1, -.infinity], rows: 1, columns: 4, kernels).values
    #expect(masked == [0.5, 0, 0.5, 0])
    for undefined in [-Float.infinity, .infinity, .nan] {
      let output = apply(
        Array(repeating: undefined, count: 19) + Array(repeating: 7, count: 19), rows: 2,
        columns: 19, kernels
      ).values
      #expect(output[..<19].allSatisfy { $0.isNaN }, "a row of \(undefined)")
      #expect(output[19...].allSatisfy { $0 == Float(1) / 19 }, "beside a row of \(undefined)")
    }
  }

  @Test(arguments: variants) func rowIsIndependentOfItsBatch(kernels: Kernels) {
    var numbers = Numbers(seed: 41)
    let values = numbers.real(5 * 21)
    let together = apply(values, rows: 5, columns: 21, kernels).bits
    for row in 0..<5 {
      let range = (row * 21)..<((row + 1) * 21)
      let alone = apply(Array(values[range]), rows: 1, columns: 21, kernels).bits
      #expect(alone == Array(together[range]), "row \(row)")
    }
  }
}

@Suite struct ReductionTests {
  @Test(arguments: variants) func addsInTheDocumentedOrder(kernels: Kernels) {
    var numbers = Numbers(seed: 42)
    for count in 0...100 {
      let values = numbers.real(count)
      var partials = Array(repeating: Float(0), count: 16)
      for (index, value) in values.enumerated() { partials[index % 16] += value }
      for half in [8, 4, 2, 1] {
        for index in 0..<half { partials[index] += partials[index + half] }
      }
      let operand = Operand(values)
      let total = sum(operand.buffer.span, using: kernels)
      #expect(total.bitPattern == partials[0].bitPattern, "\(count) numbers")
    }
  }

  @Test(arguments: variants) func findsTheLargestAtEveryPlace(kernels: Kernels) {
    for count in 1...50 {
      for place in 0..<count {
        var values = (0..<count).map { Float(-$0 - 1) }
        values[place] = -0.5
        let operand = Operand(values)
        #expect(largest(operand.buffer.span, using: kernels) == -0.5, "\(place) of \(count)")
        operand.buffer[place] = .nan
        #expect(largest(operand.buffer.span, using: kernels).isNaN, "NaN at \(place) of \(count)")
      }
    }
    #expect(largest(Span(), using: kernels) == -.infinity)
  }
}

@Suite struct AddScaledTests {
  @Test(arguments: variants) func addsAMultiple(kernels: Kernels) {
    var numbers = Numbers(seed: 43)
    for count in 0...50 {
      let (x, y) = (numbers.real(count), numbers.real(count))
      let (source, target) = (Operand(x), Operand(y))
      var span = target.buffer.mutableSpan
      addScaled(0.3, source.buffer.span, to: &span, using: kernels)
      let expected = zip(x, y).map { x, y in
        kernels.isFused ? y.addingProduct(0.3, x) : y + 0.3 * x
      }
      #expect(target.values == expected, "\(count) numbers")
      #expect(target.isIntact, "\(count) numbers")
    }
  }
}

@Suite struct TransposeTests {
  @Test(arguments: variants) func movesEveryElement(kernels: Kernels) {
    let extents = [0, 1, 3, 4, 5, 8, 9, 15, 16, 17, 33]
    for rows in extents {
      for columns in extents {
        let values = (0..<rows * columns).map { Float($0) }
        let (input, output) = (Operand(values), Operand(count: values.count))
        var result = output.buffer.mutableSpan
        transpose(
          input.buffer.span, output: &result, rows: rows, columns: columns, using: kernels)
        let expected = (0..<columns).flatMap { j in (0..<rows).map { values[$0 * columns + j] } }
        #expect(output.values == expected, "[\(rows), \(columns)]")
        #expect(output.isIntact, "[\(rows), \(columns)]")
      }
    }
  }
}
