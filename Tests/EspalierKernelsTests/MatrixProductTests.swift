import EspalierKernels
import ReferenceOperators
import Testing

@Suite struct MatrixProductTests {
  /// One product of matrices with contiguous rows.
  private func product(
    _ a: Operand, _ b: Operand, _ c: Operand, rows: Int, columns: Int, depth: Int,
    bias: Operand = Operand([]), accumulate: Bool = false, _ kernels: Kernels
  ) {
    var result = c.buffer.mutableSpan
    matrixProduct(
      a.buffer.span, rowStride: depth, columnStride: 1, b.buffer.span, bStride: columns,
      into: &result, cStride: columns, rows: rows, columns: columns, depth: depth,
      bias: bias.buffer.span, accumulate: accumulate, using: kernels)
  }

  /// Whole numbers make every sum exact, so that any wrong index shows and nothing else does.
  @Test(arguments: variants) func matchesReferenceAroundTileEdges(kernels: Kernels) {
    var numbers = Numbers(seed: 1)
    for depth in [0, 1, 2, 7, 33] {
      for columns in [1, 3, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 64, 65, 129] {
        // A row of the product depends on no other row: the reference serves every number of rows.
        let rowCounts = [1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 49]
        let most = rowCounts.max()!
        let a = numbers.whole(most * depth)
        let b = numbers.whole(depth * columns)
        let bias = numbers.whole(columns)
        let expected = Tensor([most, depth], a).dense(
          weights: Tensor([depth, columns], b), bias: Tensor([columns], bias))
        let right = Operand(b)
        for rows in rowCounts {
          let c = Operand(count: rows * columns)
          product(
            Operand(Array(a[..<(rows * depth)])), right, c, rows: rows, columns: columns,
            depth: depth, bias: Operand(bias), kernels)
          let difference = firstDifference(
            c.values, Array(expected.values[..<(rows * columns)]))
          #expect(difference == nil, "[\(rows), \(depth)] x [\(depth), \(columns)]")
          #expect(c.isIntact, "[\(rows), \(depth)] x [\(depth), \(columns)]")
        }
      }
    }
  }

  @Test(arguments: variants, [1, 5, 48]) func matchesReferenceOverSeveralBlocks(
    kernels: Kernels, rows: Int
  ) {
    let (depth, columns) = (1100, 35)
    var numbers = Numbers(seed: 2)
    let (a, b) = (numbers.whole(rows * depth), numbers.whole(depth * columns))
    let c = Operand(count: rows * columns)
    product(Operand(a), Operand(b), c, rows: rows, columns: columns, depth: depth, kernels)
    let expected = Tensor([rows, depth], a).dense(weights: Tensor([depth, columns], b))
    #expect(firstDifference(c.values, expected.values) == nil)
  }

  @Test(
    arguments: variants, [(false, false), (false, true), (true, false), (true, true)]
  ) func startsFromOldValuesAndBias(
    kernels: Kernels, start: (hasBias: Bool, accumulate: Bool)
  ) {
    let (hasBias, accumulate) = start
    var numbers = Numbers(seed: 3)
    for (rows, depth, columns) in [(1, 0, 5), (3, 4, 18), (14, 3, 37), (50, 600, 20)] {
      let (a, b) = (numbers.whole(rows * depth), numbers.whole(depth * columns))
      let (old, bias) = (numbers.whole(rows * columns), numbers.whole(columns))
      let c = Operand(old)
      product(
        Operand(a), Operand(b), c, rows: rows, columns: columns, depth: depth,
        bias: Operand(hasBias ? bias : []), accumulate: accumulate, kernels)
      var expected = Tensor([rows, depth], a).dense(weights: Tensor([depth, columns], b))
      for index in expected.values.indices {
        if accumulate { expected.values[index] += Double(old[index]) }
        if hasBias { expected.values[index] += Double(bias[index % columns]) }
      }
      let difference = firstDifference(c.values, expected.values)
      #expect(difference == nil, "[\(rows), \(depth)] x [\(depth), \(columns)]")
    }
  }

  /// a transposed, and all three matrices parts of wider ones.
  @Test(arguments: variants) func followsStrides(kernels: Kernels) {
    var numbers = Numbers(seed: 4)
    for (rows, depth, columns) in [(1, 3, 7), (7, 5, 16), (13, 9, 33), (60, 4, 21)] {
      let (aStride, bStride, cStride) = (rows + 2, columns + 3, columns + 5)
      let a = numbers.whole((depth - 1) * aStride + rows)
      let b = numbers.whole((depth - 1) * bStride + columns)
      let c = Operand(count: (rows - 1) * cStride + columns)
      let old = c.values
      let (left, right) = (Operand(a), Operand(b))
      var result = c.buffer.mutableSpan
      matrixProduct(
        left.buffer.span, rowStride: 1, columnStride: aStride, right.buffer.span,
        bStride: bStride, into: &result, cStride: cStride, rows: rows, columns: columns,
        depth: depth, using: kernels)
      let product = Tensor([rows, depth]) { Double(a[$0[1] * aStride + $0[0]]) }
        .dense(weights: Tensor([depth, columns]) { Double(b[$0[0] * bStride + $0[1]]) })
      let expected = old.indices.map { index in
        let (row, column) = index.quotientAndRemainder(dividingBy: cStride)
        return column < columns ? product[[row, column]] : Double(old[index])
      }
      let difference = firstDifference(c.values, expected)
      #expect(difference == nil, "[\(rows), \(depth)] x [\(depth), \(columns)]")
    }
  }

  @Test(arguments: variants) func roundsLikeOneChain(kernels: Kernels) {
    let (rows, depth, columns) = (50, 700, 37)
    var numbers = Numbers(seed: 5)
    let (a, b) = (numbers.real(rows * depth), numbers.real(depth * columns))
    let bias = numbers.real(columns)
    let c = Operand(count: rows * columns)
    product(
      Operand(a), Operand(b), c, rows: rows, columns: columns, depth: depth, bias: Operand(bias),
      kernels)
    let expected = (0..<rows * columns).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      return (0..<depth).reduce(bias[column]) { sum, k in
        let (left, right) = (a[row * depth + k], b[k * columns + column])
        return kernels.isFused ? sum.addingProduct(left, right) : sum + left * right
      }
    }
    #expect(c.bits == expected.map(\.bitPattern))
  }

  @Test(arguments: variants) func rowIsIndependentOfItsBatch(kernels: Kernels) {
    let (depth, columns) = (300, 53)
    var numbers = Numbers(seed: 6)
    let (a, b) = (numbers.real(50 * depth), Operand(numbers.real(depth * columns)))
    let alone = (0..<50).map { row in
      let c = Operand(count: columns)
      let left = Operand(Array(a[(row * depth)..<((row + 1) * depth)]))
      product(left, b, c, rows: 1, columns: columns, depth: depth, kernels)
      return c.bits
    }
    for rows in [2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 24, 47, 48, 50] {
      let c = Operand(count: rows * columns)
      let left = Operand(Array(a[..<(rows * depth)]))
      product(left, b, c, rows: rows, columns: columns, depth: depth, kernels)
      #expect(c.bits == alone[..<rows].flatMap { $0 }, "\(rows) rows")
    }
  }

  @Test(arguments: variants) func infinityAndNaNStayInTheirRowsAndColumns(kernels: Kernels) {
    let (rows, depth, columns) = (13, 5, 19)
    var a = Array(repeating: Float(1), count: rows * depth)
    a[3 * depth + 1] = .nan
    a[12 * depth + 4] = .infinity
    let c = Operand(count: rows * columns)
    let b = Operand(Array(repeating: Float(1), count: depth * columns))
    product(Operand(a), b, c, rows: rows, columns: columns, depth: depth, kernels)
    for row in 0..<rows {
      let expected = row == 3 ? Double.nan : row == 12 ? .infinity : Double(depth)
      let actual = Array(c.values[(row * columns)..<((row + 1) * columns)])
      let difference = firstDifference(actual, Array(repeating: expected, count: columns))
      #expect(difference == nil, "row \(row)")
    }
  }
}
