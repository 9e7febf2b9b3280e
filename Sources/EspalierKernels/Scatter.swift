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

extension ScatterKernel {
  /// What becomes of `x` at which `y` arrives.
  @inline(__always)
  package func value<Element: ScatterElement>(_ x: Element, _ y: Element) -> Element {
    switch self {
    case .replace: y
    case .add: .sum(x, y)
    case .multiply: .product(x, y)
    case .maximum: x > y || x != x ? x : y
    case .minimum: x < y || x != x ? x : y
    }
  }
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
  requireCount(updates.count, places.pickedCount, "updates")
  requireCount(array.count, places.arrayCount, "array")
  withPointers(updates, &array) { updates, array in
    guard let updates, let array else { return }
    places.forEachRun(indices) { picked, place, count in
      for index in 0..<count {
        array[place + index] = reduction.value(array[place + index], updates[picked + index])
      }
    }
  }
}
