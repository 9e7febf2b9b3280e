/// Extents along the three spatial axes; a missing axis has extent 1.
package struct Extent: Equatable, Sendable {
  /// Extent along the first of three axes.
  package var depth: Int
  /// Extent along the last axis but one.
  package var height: Int
  /// Extent along the last axis.
  package var width: Int

  /// Makes an extent.
  package init(depth: Int, height: Int, width: Int) {
    self.depth = depth
    self.height = height
    self.width = width
  }

  /// Makes the same extent along all axes.
  package init(repeating extent: Int) {
    self.init(depth: extent, height: extent, width: extent)
  }

  /// Product of the three.
  package var count: Int { depth * height * width }
}
