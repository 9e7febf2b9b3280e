extension AttributeReader {
  /// Some axes; nil when the key is absent.
  mutating func axes() throws(OperatorError) -> [Int]? {
    try integers(.axes, count: 1...Shape.maximumRank, in: 0...Shape.maximumRank - 1)
  }

  /// The axis that an operator works along, counted from the first; 0 when the key is absent.
  mutating func axis() throws(OperatorError) -> Int {
    try integer(.axis, default: 0, in: 1...Shape.maximumRank - 1)
  }
}

extension Shape {
  /// Refuses axes that do not ascend, or that the shape does not have.
  func expect(axes: [Int]) throws(OperatorError) {
    for (axis, next) in zip(axes, axes.dropFirst() + [rank]) where axis < 0 || axis >= next {
      throw .invalidAttribute(.axes)
    }
  }

  /// The same sizes but one.
  func replacing(_ axis: Int, by size: Int) -> Shape {
    var sizes = sizes
    sizes[axis] = size
    return Shape(sizes)
  }
}
