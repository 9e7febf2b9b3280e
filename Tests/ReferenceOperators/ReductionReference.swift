/// What becomes of many numbers, in double precision.
package enum ReductionReference: Sendable {
  /// Their sum.
  case sum
  /// Their mean.
  case mean
  /// The largest.
  case maximum
  /// The smallest.
  case minimum
  /// Their product.
  case product

  func callAsFunction(_ numbers: [Double]) -> Double {
    switch self {
    case .sum: numbers.reduce(0, +)
    case .mean: numbers.reduce(0, +) / Double(numbers.count)
    case .maximum: numbers.max() ?? -.infinity
    case .minimum: numbers.min() ?? .infinity
    case .product: numbers.reduce(1, *)
    }
  }
}

extension Tensor {
  /// One number for all that differ only in their places along some axes, which keep the extent 1.
  package func reduce(_ function: ReductionReference, axes: [Int]) -> Tensor {
    Tensor(replacing(axes, by: 1)) { function(numbers(around: $0, axes: axes)) }
  }

  /// Where the first or last largest or smallest number along an axis is.
  package func argReduce(largest: Bool, axis: Int, last: Bool) -> Tensor {
    Tensor(replacing([axis], by: 1)) { index in
      let line = numbers(around: index, axes: [axis])
      let wanted = largest ? line.max() : line.min()
      return Double(
        line.indices.filter { line[$0] == wanted }.min(by: { last ? $0 > $1 : $0 < $1 }) ?? 0)
    }
  }

  /// Where the largest or smallest numbers along an axis are, in order.
  package func topK(_ size: Int, axis: Int, largest: Bool) -> Tensor {
    Tensor(replacing([axis], by: size)) { index in
      let line = numbers(around: index, axes: [axis])
      let order = line.indices.sorted { left, right in
        if line[left] == line[right] { return left < right }
        return largest == (line[left] > line[right])
      }
      return Double(order[index[axis]])
    }
  }

  /// `(x − mean) / √(variance + epsilon)`, or `x / √(mean of x² + epsilon)`, over some axes.
  package func normalize(axes: [Int], isCentred: Bool, epsilon: Double) -> Tensor {
    Tensor(shape) { index in
      let group = numbers(around: index, axes: axes)
      let mean = isCentred ? group.reduce(0, +) / Double(group.count) : 0
      let square = group.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(group.count)
      return (self[index] - mean) / (square + epsilon).squareRoot()
    }
  }

  /// The sum or product of all numbers before one, and of itself unless it is left out.
  package func cumulate(axis: Int, multiplies: Bool, exclusive: Bool, reverse: Bool) -> Tensor {
    Tensor(shape) { index in
      let line = numbers(around: index, axes: [axis])
      let place = index[axis]
      let taken = line.indices.filter {
        $0 == place ? !exclusive : reverse ? $0 > place : $0 < place
      }
      return taken.reduce(multiplies ? 1 : 0) { multiplies ? $0 * line[$1] : $0 + line[$1] }
    }
  }

  private func replacing(_ axes: [Int], by extent: Int) -> [Int] {
    shape.indices.map { axes.contains($0) ? extent : shape[$0] }
  }

  /// All numbers whose index is the given one but for some axes, in row-major order.
  private func numbers(around index: [Int], axes: [Int]) -> [Double] {
    Tensor.indices(of: axes.map { shape[$0] }).map { places in
      var index = index
      for (axis, place) in zip(axes, places) { index[axis] = place }
      return self[index]
    }
  }
}
