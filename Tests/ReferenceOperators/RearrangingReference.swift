extension Tensor {
  /// The same numbers with their axes in another order.
  package func transpose(_ permutation: [Int]) -> Tensor {
    Tensor(permutation.map { shape[$0] }) { index in
      var source = index
      for (axis, from) in permutation.enumerated() { source[from] = index[axis] }
      return self[source]
    }
  }

  /// Some numbers along each axis.
  package func slice(starts: [Int], counts: [Int], steps: [Int]) -> Tensor {
    Tensor(counts) { index in
      self[index.indices.map { starts[$0] + index[$0] * steps[$0] }]
    }
  }

  /// The same numbers repeated along axes of size 1 and new ones.
  package func expand(_ sizes: [Int]) -> Tensor {
    Tensor(sizes) { index in
      self[zip(index.suffix(shape.count), shape).map { $1 == 1 ? 0 : $0 }]
    }
  }

  /// Tensors one after the other along an axis.
  package static func concatenate(_ tensors: [Tensor], axis: Int) -> Tensor {
    var shape = tensors[0].shape
    shape[axis] = tensors.reduce(0) { $0 + $1.shape[axis] }
    return Tensor(shape) { index in
      var index = index
      for tensor in tensors {
        if index[axis] < tensor.shape[axis] { return tensor[index] }
        index[axis] -= tensor.shape[axis]
      }
      preconditionFailure("an index beyond all tensors")
    }
  }
}
