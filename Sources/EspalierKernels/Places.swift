/// Which parts of an array the indices of a gather or scatter name, one after the other.
package enum Places: Sendable {
  /// Parts at positions along one axis: the array is [outer, size, inner], an index names `[o, index, ...]` for every o.
  case axis(outer: Int, size: Int, inner: Int, indexCount: Int)
  /// Elements that are moved along one axis.
  case elements(ElementPlaces)
  /// Parts at tuples of positions.
  case tuples(TuplePlaces)

  /// The elements of the array.
  package var arrayCount: Int {
    switch self {
    case .axis(let outer, let size, let inner, _): outer * size * inner
    case .elements(let places): places.arrayCount
    case .tuples(let places): places.arrayCount
    }
  }

  /// The elements that are named, each as often as it is.
  package var pickedCount: Int {
    switch self {
    case .axis(let outer, _, let inner, let indexCount): outer * indexCount * inner
    case .elements(let places): places.indexCount
    case .tuples(let places): places.tupleCount * places.part
    }
  }

  /// The indices that name them.
  package var indexCount: Int {
    switch self {
    case .axis(_, _, _, let indexCount): indexCount
    case .elements(let places): places.indexCount
    case .tuples(let places): places.tupleCount * places.sizes.count
    }
  }

  /// The first index that names no position, and those that do; nil when all do.
  package func firstOutside(_ indices: Indices) -> (index: Int, range: ClosedRange<Int>)? {
    func first(_ size: Int, from start: Int, stride: Int) -> (index: Int, range: ClosedRange<Int>)?
    {
      // Of an axis without positions nothing can be named; shape rules leave no index to it.
      guard size > 0 else { return nil }
      let range = -size...size - 1
      return indices.firstPlace(outside: range, from: start, stride: stride).map {
        (indices[$0], range)
      }
    }
    switch self {
    case .axis(_, let size, _, _): return first(size, from: 0, stride: 1)
    case .elements(let places): return first(places.size, from: 0, stride: 1)
    case .tuples(let places):
      let axes = places.sizes.count
      for (axis, size) in places.sizes.enumerated() {
        if let found = first(size, from: axis, stride: axes) { return found }
      }
      return nil
    }
  }

  /// Calls `body` with runs of named elements: where each begins among those named and in the array, and its length.
  @inline(__always)
  package func forEachRun(
    _ indices: Indices, _ body: (_ picked: Int, _ place: Int, _ count: Int) -> Void
  ) {
    requireCount(indices.count, indexCount, "indices")
    switch self {
    case .axis(let outer, let size, let inner, let indexCount):
      for row in 0..<outer {
        for index in 0..<indexCount {
          let position = indices.position(at: index, size: size)
          body((row * indexCount + index) * inner, (row * size + position) * inner, inner)
        }
      }
    case .elements(let places):
      let walk = places.walk
      let (count, stride) = (walk.sizes[walk.sizes.count - 1], walk.strides[walk.sizes.count - 1])
      walk.forEachRun { place, picked in
        for index in 0..<count {
          let position = indices.position(at: picked + index, size: places.size)
          body(picked + index, place + index * stride + position * places.stride, 1)
        }
      }
    case .tuples(let places):
      for tuple in 0..<places.tupleCount {
        body(tuple * places.part, places.place(of: tuple, indices), places.part)
      }
    }
  }
}

/// Places of an array, one for each index: the index's own place, moved along an axis to where it points.
package struct ElementPlaces: Sendable {
  /// Where each index's own place begins along the axis.
  let walk: StridedCopy
  /// The positions along the axis, and how far apart they are.
  let size: Int
  let stride: Int
  let arrayCount: Int

  /// The number of indices.
  var indexCount: Int { walk.count }

  /// Describes places in an array of these sizes; `indices` are no greater along any axis but `axis`.
  package init(array: [Int], indices: [Int], axis: Int) {
    precondition(
      array.count == indices.count && array.indices.contains(axis),
      "axis \(axis) of ranks \(array.count) and \(indices.count)")
    var strides = array
    var stride = 1
    for other in array.indices.reversed() {
      precondition(
        other == axis || indices[other] <= array[other],
        "\(indices[other]) indices in \(array[other])")
      strides[other] = stride
      stride *= array[other]
    }
    size = array[axis]
    self.stride = strides[axis]
    arrayCount = stride
    strides[axis] = 0
    walk = StridedCopy(offset: 0, sizes: indices, strides: strides)
  }
}

/// Parts of an array of [batches, sizes..., part], named by as many tuples of positions in each batch.
package struct TuplePlaces: Sendable {
  let batches: Int
  let tuplesPerBatch: Int
  /// The sizes of the axes that the tuples point into.
  let sizes: [Int]
  /// The elements of a part.
  let part: Int

  /// Describes places.
  package init(batches: Int, tuplesPerBatch: Int, sizes: [Int], part: Int) {
    self.batches = batches
    self.tuplesPerBatch = tuplesPerBatch
    self.sizes = sizes
    self.part = part
  }

  var tupleCount: Int { batches * tuplesPerBatch }
  var arrayCount: Int { sizes.reduce(batches * part, *) }

  func place(of tuple: Int, _ indices: Indices) -> Int {
    var place = tuple / tuplesPerBatch
    for axis in sizes.indices {
      let position = indices.position(at: tuple * sizes.count + axis, size: sizes[axis])
      place = place * sizes[axis] + position
    }
    return place * part
  }
}
