/// Computes where along a new axis each index points.
///
/// indices are [outer, inner], output is [outer, size, inner]: 1 at the position that the index names, 0 elsewhere.
/// Negative indices count from the end; those that are outside are nowhere 1.
package func oneHot(
  _ indices: Indices, outer: Int, size: Int, inner: Int, output: inout MutableSpan<UInt8>
) {
  requireCount(indices.count, outer * inner, "indices")
  requireCount(output.count, outer * size * inner, "output")
  output.update(repeating: 0)
  for row in 0..<outer {
    for column in 0..<inner {
      let index = indices[row * inner + column]
      let position = index < 0 ? index + size : index
      guard position >= 0 && position < size else { continue }
      output[(row * size + position) * inner + column] = 1
    }
  }
}
