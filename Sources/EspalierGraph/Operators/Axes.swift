extension AttributeReader {
  /// Axes that ascend strictly; nil when the key is absent.
  mutating func axes() throws(OperatorError) -> [Int]? {
    let all = 0...Shape.maximumRank - 1
    guard let axes = try integers(.axes, count: 1...Shape.maximumRank, in: all) else { return nil }
    for index in axes.indices.dropFirst() where axes[index - 1] >= axes[index] {
      throw .invalidAttribute(.axes)
    }
    return axes
  }

  /// The axis that an operator works along, counted from the first; 0 when the key is absent.
  mutating func axis() throws(OperatorError) -> Int {
    try integer(.axis, default: 0, in: 1...Shape.maximumRank - 1)
  }
}

extension Shape {
  /// Refuses axes, in ascending order, that the shape does not have.
  func expect(axes: [Int]) throws(OperatorError) {
    guard axes.allSatisfy({ $0 < rank }) else { throw .invalidAttribute(.axes) }
  }

  /// Refuses an axis that the shape does not have.
  func expect(axis: Int) throws(OperatorError) {
    guard axis < rank else { throw .invalidAttribute(.axis) }
  }

  /// The same sizes but one.
  func replacing(_ axis: Int, by size: Int) -> Shape {
    var sizes = sizes
    sizes[axis] = size
    return Shape(sizes)
  }
}
