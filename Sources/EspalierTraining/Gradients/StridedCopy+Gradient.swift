import EspalierKernels

extension StepGradient {
  /// Each number gets the sum of the gradients of those that are copies of it.
  func strided(_ copy: StridedCopy) {
    guard let gradient = inputGradients[0] else { return }
    let (count, stride) = (copy.sizes[copy.sizes.count - 1], copy.strides[copy.strides.count - 1])
    copy.forEachRun { from, to in
      for index in 0..<count { gradient[from + index * stride] += outputGradient[to + index] }
    }
  }

  /// Each input's numbers get the gradients of their place in every row.
  func concatenate(columns: [Int]) {
    let width = columns.reduce(0, +)
    var column = 0
    for (input, count) in columns.enumerated() {
      if let gradient = inputGradients[input] {
        for row in 0..<gradient.count / count {
          for index in 0..<count {
            gradient[row * count + index] += outputGradient[row * width + column + index]
          }
        }
      }
      column += count
    }
  }
}
