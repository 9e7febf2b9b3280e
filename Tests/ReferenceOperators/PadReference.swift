/// What lies around a tensor.
package enum PadReference: Sendable {
  /// This number.
  case constant(Double)
  /// The tensor mirrored at its ends, which stand once.
  case reflect
  /// The nearest number.
  case edge
  /// The tensor repeated.
  case wrap
}

extension Tensor {
  /// The numbers with others around them.
  package func pad(_ mode: PadReference, before: [Int], after: [Int]) -> Tensor {
    Tensor(shape.indices.map { before[$0] + shape[$0] + after[$0] }) { index in
      var source = index.indices.map { index[$0] - before[$0] }
      for axis in shape.indices {
        let size = shape[axis]
        while !(0..<size).contains(source[axis]) {
          switch mode {
          case .constant(let value): return value
          case .edge: source[axis] += source[axis] < 0 ? 1 : -1
          case .wrap: source[axis] += source[axis] < 0 ? size : -size
          case .reflect:
            source[axis] = source[axis] < 0 ? -source[axis] : 2 * (size - 1) - source[axis]
            if size == 1 { source[axis] = 0 }
          }
        }
      }
      return self[source]
    }
  }
}
