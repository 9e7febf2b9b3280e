import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// Any of the three matrices, transposed.
  static func matrixProductScratchCount(_ products: MatrixProducts) -> Int {
    let (rows, columns, depth) = (products.rows, products.columns, products.depth)
    return max(rows * columns, rows * depth, columns * depth)
  }

  /// `∂left += ∂output · rightᵀ` and `∂right += leftᵀ · ∂output`, summed over the products that a matrix is taken for.
  func matrixProducts(_ products: MatrixProducts) {
    let (rows, columns, depth) = (products.rows, products.columns, products.depth)
    products.forEach { left, right, output in
      let result = Matrix(outputGradient.from(output, count: rows * columns), rows, columns)
      if let gradient = inputGradients[0] {
        let right = Matrix(
          inputs[1].from(right, count: depth * columns), depth, columns,
          isTransposed: products.transposesRight)
        let target = Matrix(
          gradient.from(left, count: rows * depth), rows, depth,
          isTransposed: products.transposesLeft)
        addProduct(result, right.transposed, to: target)
      }
      if let gradient = inputGradients[1] {
        let left = Matrix(
          inputs[0].from(left, count: rows * depth), rows, depth,
          isTransposed: products.transposesLeft)
        let target = Matrix(
          gradient.from(right, count: depth * columns), depth, columns,
          isTransposed: products.transposesRight)
        addProduct(left.transposed, result, to: target)
      }
    }
  }

  /// `target += left · right`, by way of `targetᵀ += rightᵀ · leftᵀ` where the target is transposed.
  private func addProduct(_ left: Matrix, _ right: Matrix, to target: Matrix) {
    guard !target.isTransposed else {
      return addProduct(right.transposed, left.transposed, to: target.transposed)
    }
    let (columns, depth) = (right.columns, right.rows)
    var matrix = right.memory
    if right.isTransposed {
      matrix = scratch.from(0, count: depth * columns)
      var rows = matrix.mutableSpan
      transpose(right.memory.span, output: &rows, rows: columns, columns: depth)
    }
    var result = target.memory.mutableSpan
    matrixProduct(
      left.memory.span, rowStride: left.isTransposed ? 1 : depth,
      columnStride: left.isTransposed ? left.rows : 1, matrix.span, bStride: columns, into: &result,
      cStride: columns, rows: left.rows, columns: columns, depth: depth, accumulate: true)
  }
}

/// A matrix, which lies as its rows or, transposed, as its columns.
private struct Matrix {
  let memory: UnsafeMutableBufferPointer<Float>
  let rows: Int
  let columns: Int
  let isTransposed: Bool

  init(
    _ memory: UnsafeMutableBufferPointer<Float>, _ rows: Int, _ columns: Int,
    isTransposed: Bool = false
  ) {
    self.memory = memory
    self.rows = rows
    self.columns = columns
    self.isTransposed = isTransposed
  }

  /// The same memory, seen as the transposed matrix.
  var transposed: Matrix { Matrix(memory, columns, rows, isTransposed: !isTransposed) }
}
