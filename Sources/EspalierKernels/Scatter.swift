/// What becomes of an element that an update arrives at.
package enum ScatterKernel: Sendable {
  /// The update takes its place.
  case replace
  /// Their sum; integers wrap.
  case add
  /// Their product; integers wrap.
  case multiply
  /// The larger one; NaN if either is NaN.
  case maximum
  /// The smaller one; NaN if either is NaN.
  case minimum
}

/// A number that scatters reduce.
package protocol ScatterElement: BitwiseCopyable, Comparable {
  /// The sum, wrapped.
  static func sum(_ x: Self, _ y: Self) -> Self
  /// The product, wrapped.
  static func product(_ x: Self, _ y: Self) -> Self
}

extension Float: ScatterElement {
  /// The sum.
  package static func sum(_ x: Float, _ y: Float) -> Float { x + y }
  /// The product.
  package static func product(_ x: Float, _ y: Float) -> Float { x * y }
}

extension ScatterElement where Self: FixedWidthInteger {
  /// The sum, wrapped.
  package static func sum(_ x: Self, _ y: Self) -> Self { x &+ y }
  /// The product, wrapped.
  package static func product(_ x: Self, _ y: Self) -> Self { x &* y }
}

extension Int32: ScatterElement {}
extension Int64: ScatterElement {}

/// Replaces what indices name in an array by updates, in their order.
package func scatter<Element: BitwiseCopyable>(
  _ updates: Span<Element>, _ indices: Indices, _ places: Places,
  into array: inout MutableSpan<Element>
) {
  requireCount(updates.count, places.pickedCount, "updates")
  requireCount(array.count, places.arrayCount, "array")
  withPointers(updates, &array) { updates, array in
    guard let updates, let array else { return }
    places.forEachRun(indices) { picked, place, count in
      (array + place).update(from: updates + picked, count: count)
    }
  }
}

/// Reduces what indices name in an array with updates, in their order.
package func scatter<Element: ScatterElement>(
  _ updates: Span<Element>, _ indices: Indices, _ places: Places, _ reduction: ScatterKernel,
  into array: inout MutableSpan<Element>
) {
  switch reduction {
  case .replace: scatter(updates, indices, places, into: &array)
  case .add: reduce(updates, indices, places, &array, Element.sum)
  case .multiply: reduce(updates, indices, places, &array, Element.product)
  case .maximum: reduce(updates, indices, places, &array) { $0 > $1 || $0 != $0 ? $0 : $1 }
  case .minimum: reduce(updates, indices, places, &array) { $0 < $1 || $0 != $0 ? $0 : $1 }
  }
}

@inline(__always)
private func reduce<Element: ScatterElement>(
  _ updates: Span<Element>, _ indices: Indices, _ places: Places,
  _ array: inout MutableSpan<Element>, _ function: (Element, Element) -> Element
) {
  requireCount(updates.count, places.pickedCount, "updates")
  requireCount(array.count, places.arrayCount, "array")
  withPointers(updates, &array) { updates, array in
    guard let updates, let array else { return }
    places.forEachRun(indices) { picked, place, count in
      for index in 0..<count {
        array[place + index] = function(array[place + index], updates[picked + index])
      }
    }
  }
}
