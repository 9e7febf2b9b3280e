/// Counts through the positions of an array of at most eight axes, the last one running fastest.
struct Odometer {
  /// The position along each axis.
  private(set) var position = InlineArray<8, Int>(repeating: 0)

  /// Moves to the next position; false after the last one.
  mutating func advance(in sizes: Span<Int>) -> Bool {
    var axis = sizes.count - 1
    while axis >= 0 {
      position[axis] += 1
      if position[axis] < sizes[axis] { return true }
      position[axis] = 0
      axis -= 1
    }
    return false
  }

  /// How far the position is from the first one, given how far neighbours along each axis are apart.
  func offset(_ strides: Span<Int>) -> Int {
    var offset = 0
    for axis in 0..<strides.count { offset += position[axis] * strides[axis] }
    return offset
  }
}
