extension Tensor {
  /// 1 where along a new axis each number points, counted from the end when negative, and 0 elsewhere.
  package func oneHot(axis: Int, size: Int) -> Tensor {
    Tensor(Array(shape[..<axis]) + [size] + shape[axis...]) { index in
      let named = Int(self[Array(index[..<axis]) + index[(axis + 1)...]])
      return named == index[axis] || named + size == index[axis] ? 1 : 0
    }
  }

  /// The positions along an axis, from 0 on.
  package func range(axis: Int) -> Tensor {
    Tensor([shape[axis]]) { Double($0[0]) }
  }
}
