/// Positions along axes, in 32-bit or 64-bit integers that live longer than this view of them.
package struct Indices {
  private enum Memory {
    case narrow(UnsafeBufferPointer<Int32>)
    case wide(UnsafeBufferPointer<Int64>)
  }

  private let memory: Memory

  /// Sees 32-bit integers.
  package init(_ narrow: UnsafeBufferPointer<Int32>) {
    memory = .narrow(narrow)
  }

  /// Sees 64-bit integers.
  package init(_ wide: UnsafeBufferPointer<Int64>) {
    memory = .wide(wide)
  }

  /// How many there are.
  package var count: Int {
    switch memory {
    case .narrow(let integers): integers.count
    case .wide(let integers): integers.count
    }
  }

  /// The integer at a place, or the nearest that an `Int` holds.
  package subscript(place: Int) -> Int {
    switch memory {
    case .narrow(let integers): Int(clamping: integers[place])
    case .wide(let integers): Int(clamping: integers[place])
    }
  }

  /// The position that is named at a place: negative ones count from the end, others that are outside are the nearest.
  package func position(at place: Int, size: Int) -> Int {
    let index = self[place]
    return min(max(index < 0 ? index + size : index, 0), size - 1)
  }
}
