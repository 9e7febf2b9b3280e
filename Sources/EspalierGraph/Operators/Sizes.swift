extension Operator {
  /// The size that is copied from an axis of a reshape's or expansion's second input.
  public static func like(axis: Int) -> Int { -2 - axis }

  /// The least size that a list of sizes may have: the last axis of the highest rank.
  static var leastSize: Int { like(axis: Shape.maximumRank - 1) }

  /// The axis of the second input that a size is copied from; nil for any other size.
  static func likeAxis(_ size: Int) -> Int? { size <= like(axis: 0) ? -2 - size : nil }

  /// The sizes with those that are copied from the second input filled in, which must be there just when it is used.
  static func filledIn(
    _ sizes: [Int], _ inputs: [TensorType]
  ) throws(OperatorError) -> [Int] {
    let needed = sizes.contains { likeAxis($0) != nil } ? 2 : 1
    guard inputs.count == needed else {
      throw .wrongInputCount(found: inputs.count, minimum: needed, maximum: needed)
    }
    var result: [Int] = []
    for size in sizes {
      let axis = likeAxis(size)
      guard axis.map({ $0 < inputs[1].shape.rank }) ?? true else { throw .invalidAttribute(.shape) }
      result.append(axis.map { inputs[1].shape[$0] } ?? size)
    }
    return result
  }
}
