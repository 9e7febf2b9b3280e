/// Computes what indices name in an array.
package func gather<Element: BitwiseCopyable>(
  _ array: Span<Element>, _ indices: Indices, _ places: Places,
  output: inout MutableSpan<Element>
) {
  requireCount(array.count, places.arrayCount, "array")
  requireCount(output.count, places.pickedCount, "output")
  withPointers(array, &output) { array, output in
    guard let array, let output else { return }
    places.forEachRun(indices) { picked, place, count in
      if count == 1 {
        output[picked] = array[place]
      } else {
        (output + picked).update(from: array + place, count: count)
      }
    }
  }
}
