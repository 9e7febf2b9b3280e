/// Products of many matrices: which matrix of either side each product takes, and how they lie.
package struct MatrixProducts: Sendable {
  /// The sizes of the axes before the matrices, to which both sides are broadcast.
  private let sizes: [Int]
  /// How far apart the matrices of either side are along these axes, 0 where one is repeated.
  private let leftStrides: [Int]
  private let rightStrides: [Int]

  /// The rows of left matrices and products.
  package let rows: Int
  /// The columns of right matrices and products.
  package let columns: Int
  /// The columns of left and rows of right matrices.
  package let depth: Int
  /// Whether left matrices lie as [depth, rows].
  package let transposesLeft: Bool
  /// Whether right matrices lie as [columns, depth].
  package let transposesRight: Bool

  /// Describes products, `left` and `right` the axes before the matrices, which broadcast to `sizes`.
  ///
  /// Where the right side is one matrix, the rows of all left ones are taken as those of one matrix.
  package init(
    left: [Int], right: [Int], sizes: [Int], rows: Int, columns: Int, depth: Int,
    transposesLeft: Bool, transposesRight: Bool
  ) {
    precondition(sizes.count <= 8, "rank \(sizes.count)")
    let isOneProduct =
      !transposesLeft && right.allSatisfy { $0 == 1 } && left.reduce(1, *) == sizes.reduce(1, *)
    self.sizes = isOneProduct ? [] : sizes
    self.rows = isOneProduct ? sizes.reduce(rows, *) : rows
    self.columns = columns
    self.depth = depth
    self.transposesLeft = transposesLeft
    self.transposesRight = transposesRight
    leftStrides = isOneProduct ? [] : Self.strides(left, rows * depth, sizes)
    rightStrides = isOneProduct ? [] : Self.strides(right, columns * depth, sizes)
  }

  private static func strides(_ side: [Int], _ matrix: Int, _ sizes: [Int]) -> [Int] {
    var strides = sizes.map { _ in 0 }
    var stride = matrix
    for axis in side.indices.reversed() {
      let place = axis + sizes.count - side.count
      precondition(side[axis] == sizes[place] || side[axis] == 1, "\(side) and \(sizes)")
      if side[axis] != 1 { strides[place] = stride }
      stride *= side[axis]
    }
    return strides
  }

  /// The numbers of scratch memory that products of floats need: for a transposed matrix.
  package var scratchCount: Int { transposesRight ? columns * depth : 0 }

  /// The numbers of all products.
  package var outputCount: Int { sizes.reduce(rows * columns, *) }

  /// Calls `body` with where the matrices of each product begin.
  @inline(__always)
  package func forEach(_ body: (_ left: Int, _ right: Int, _ output: Int) -> Void) {
    var position = Odometer()
    var output = 0
    repeat {
      body(position.offset(leftStrides.span), position.offset(rightStrides.span), output)
      output += rows * columns
    } while position.advance(in: sizes.span)
  }
}

/// Computes products of matrices of floats, each number as `matrixProduct` does.
package func matrixProducts(
  _ left: Span<Float>, _ right: Span<Float>, _ products: MatrixProducts,
  scratch: inout MutableSpan<Float>, output: inout MutableSpan<Float>,
  using kernels: Kernels = .best
) {
  requireCount(output.count, products.outputCount, "output")
  let (rows, columns, depth) = (products.rows, products.columns, products.depth)
  let matrixCount = depth * columns
  scratch.withUnsafeMutableBufferPointer { scratch in
    output.withUnsafeMutableBufferPointer { output in
      let flipped = UnsafeMutableBufferPointer(
        rebasing: scratch[..<(products.transposesRight ? matrixCount : 0)])
      var flippedStart = -1
      products.forEach { leftStart, rightStart, outputStart in
        let matrix = right.extracting(rightStart..<rightStart + matrixCount)
        if products.transposesRight && flippedStart != rightStart {
          var target = flipped.mutableSpan
          transpose(matrix, output: &target, rows: columns, columns: depth, using: kernels)
          flippedStart = rightStart
        }
        let place = outputStart..<outputStart + rows * columns
        var target = UnsafeMutableBufferPointer(rebasing: output[place]).mutableSpan
        matrixProduct(
          left.extracting(leftStart..<leftStart + rows * depth),
          rowStride: products.transposesLeft ? 1 : depth,
          columnStride: products.transposesLeft ? rows : 1,
          products.transposesRight ? flipped.span : matrix, bStride: columns, into: &target,
          cStride: columns, rows: rows, columns: columns, depth: depth, using: kernels)
      }
    }
  }
}

/// Computes products of matrices of integers, which wrap.
package func matrixProducts(
  _ left: Span<Int32>, _ right: Span<Int32>, _ products: MatrixProducts,
  output: inout MutableSpan<Int32>
) {
  requireCount(output.count, products.outputCount, "output")
  let (rows, columns, depth) = (products.rows, products.columns, products.depth)
  let leftStep = products.transposesLeft ? (row: 1, depth: rows) : (row: depth, depth: 1)
  let rightStep = products.transposesRight ? (depth: 1, column: depth) : (depth: columns, column: 1)
  products.forEach { leftStart, rightStart, outputStart in
    for row in 0..<rows {
      for column in 0..<columns {
        var sum: Int32 = 0
        for index in 0..<depth {
          sum &+=
            left[leftStart + row * leftStep.row + index * leftStep.depth]
            &* right[rightStart + index * rightStep.depth + column * rightStep.column]
        }
        output[outputStart + row * columns + column] = sum
      }
    }
  }
}
