internal import CEspalierDecode

/// The byte planes of a block of elements: plane `p` is byte `p`, counted from the least significant, of every element.
///
/// Elements of 2 and 4 bytes are first rotated left by one bit: a floating-point number's exponent then fills the
/// last plane whole, and its sign joins the mantissa. Exponents of trained weights take few values, so that plane is
/// the one that compresses; looking for repetitions besides would gain nothing.
package enum Planes {
  /// Planes that are put together at a time, which bounds the working memory.
  package static let groupSize = 4

  /// Puts elements together from up to four planes.
  ///
  /// - Parameters:
  ///   - planes: the planes, each beginning `stride` bytes after the one before.
  ///   - first: the number of the first of them.
  ///   - width: bytes of an element: 2, 4 or 8.
  ///   - elements: where the elements go.
  static func join(
    _ planes: UnsafeRawPointer, stride: Int, from first: Int, width: Int,
    into elements: UnsafeMutableRawBufferPointer
  ) {
    let planes = planes.assumingMemoryBound(to: UInt8.self)
    let target = elements.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let count = elements.count / width
    switch width {
    case 2: espalier_join_planes2(planes, stride, target, count)
    case 4: espalier_join_planes4(planes, stride, target, count)
    default: espalier_join_half_planes8(planes, stride, target?.advanced(by: first), count)
    }
  }
}
