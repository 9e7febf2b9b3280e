extension Tensor {
  /// The position that an index names: negative ones count from the end, those outside are the nearest.
  private static func position(_ index: Double, size: Int) -> Int {
    let index = Int(index)
    return max(0, min(size - 1, index < 0 ? index + size : index))
  }

  /// output[a, i, b] = self[a, indices[i], b].
  package func gather(_ indices: Tensor, axis: Int) -> Tensor {
    let rank = indices.shape.count
    return Tensor(shape[..<axis] + indices.shape + shape[(axis + 1)...]) { place in
      let index = indices[Array(place[axis..<axis + rank])]
      let position = Tensor.position(index, size: shape[axis])
      return self[place[..<axis] + [position] + place[(axis + rank)...]]
    }
  }

  /// output[i, j, k] = self[i, indices[i, j, k], k] for axis 1.
  package func gatherElements(_ indices: Tensor, axis: Int) -> Tensor {
    Tensor(indices.shape) { self[elementPlace($0, indices, axis: axis)] }
  }

  /// output[b, i, c] = self[b, indices[b, i]..., c].
  package func gatherND(_ indices: Tensor, batchAxes: Int) -> Tensor {
    let axes = batchAxes..<batchAxes + indices.shape[indices.shape.count - 1]
    let tuples = indices.shape.dropLast()
    return Tensor(Array(tuples) + shape[axes.upperBound...]) { place in
      let tuple = tuplePlace(Array(place[..<tuples.count]), indices, axes)
      return self[Array(place[..<batchAxes]) + tuple + place[tuples.count...]]
    }
  }

  /// The numbers with updates of elements, in the order of the updates.
  package func scatterElements(
    _ indices: Tensor, _ updates: Tensor, axis: Int, _ function: (Double, Double) -> Double
  ) -> Tensor {
    var result = self
    for place in Tensor.indices(of: updates.shape) {
      result.update(elementPlace(place, indices, axis: axis), updates[place], function)
    }
    return result
  }

  /// The numbers with updates of parts, in the order of the updates.
  package func scatterND(
    _ indices: Tensor, _ updates: Tensor, _ function: (Double, Double) -> Double
  ) -> Tensor {
    var result = self
    let axes = 0..<indices.shape[indices.shape.count - 1]
    let tuples = indices.shape.count - 1
    for place in Tensor.indices(of: updates.shape) {
      let tuple = tuplePlace(Array(place[..<tuples]), indices, axes)
      result.update(tuple + place[tuples...], updates[place], function)
    }
    return result
  }

  private func elementPlace(_ place: [Int], _ indices: Tensor, axis: Int) -> [Int] {
    var place = place
    place[axis] = Tensor.position(indices[place], size: shape[axis])
    return place
  }

  private func tuplePlace(_ tuple: [Int], _ indices: Tensor, _ axes: Range<Int>) -> [Int] {
    axes.enumerated().map { Tensor.position(indices[tuple + [$0]], size: shape[$1]) }
  }

  private mutating func update(
    _ place: [Int], _ value: Double, _ function: (Double, Double) -> Double
  ) {
    let offset = zip(place, shape).reduce(0) { $0 * $1.1 + $1.0 }
    values[offset] = function(values[offset], value)
  }
}
