/// A row-major array seen along one axis: [outer, count, inner].
///
/// Element i of the axis in line (o, j) is number `(o * count + i) * inner + j`.
package struct AxisRuns: Equatable, Sendable {
  /// Product of the extents before the axis.
  package let outer: Int
  /// Extent of the axis.
  package let count: Int
  /// Product of the extents after the axis.
  package let inner: Int

  /// Makes a view from the three extents.
  package init(outer: Int, count: Int, inner: Int) {
    precondition(
      outer >= 0 && count >= 0 && inner >= 0, "axis of \(count) in [\(outer), \(inner)]")
    self.outer = outer
    self.count = count
    self.inner = inner
  }

  /// Sees an array of these extents along one of its axes.
  package init(sizes: [Int], axis: Int) {
    self.init(
      outer: sizes[..<axis].reduce(1, *), count: sizes[axis],
      inner: sizes[(axis + 1)...].reduce(1, *))
  }

  /// Numbers of the array.
  package var elementCount: Int { outer * count * inner }

  /// Lines along the axis.
  package var lineCount: Int { outer * inner }
}
