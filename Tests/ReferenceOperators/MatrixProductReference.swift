extension Tensor {
  /// output[a, m, n] = sum over k of self[a, m, k] * right[a, k, n], the axes before them broadcast.
  package func matrixProduct(_ right: Tensor) -> Tensor {
    let (rows, depth) = (shape[shape.count - 2], shape[shape.count - 1])
    let columns = right.shape[right.shape.count - 1]
    precondition(right.shape[right.shape.count - 2] == depth, "\(shape) by \(right.shape)")
    guard let outer = Tensor.broadcastShape(shape.dropLast(2), right.shape.dropLast(2)) else {
      preconditionFailure("\(shape) and \(right.shape) do not broadcast")
    }
    let left = expand(outer + [rows, depth])
    let right = right.expand(outer + [depth, columns])
    return Tensor(outer + [rows, columns]) { index in
      let (matrix, row, column) = (index.dropLast(2), index[outer.count], index[outer.count + 1])
      return (0..<depth).reduce(0) {
        $0 + left[matrix + [row, $1]] * right[matrix + [$1, column]]
      }
    }
  }

  /// The numbers with their last two axes exchanged.
  package func matricesTransposed() -> Tensor {
    let axes = shape.indices.dropLast(2)
    return transpose(axes + [axes.count + 1, axes.count])
  }
}
