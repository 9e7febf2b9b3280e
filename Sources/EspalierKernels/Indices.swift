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

  /// The first place, of every `stride`-th from `start` on, whose integer is not in a range; nil when all are.
  package func firstPlace(
    outside range: ClosedRange<Int>, from start: Int = 0, stride: Int = 1
  ) -> Int? {
    switch memory {
    case .narrow(let integers):
      let narrow = Int32(clamping: range.lowerBound)...Int32(clamping: range.upperBound)
      return Self.firstPlace(in: integers, outside: narrow, start, stride)
    case .wide(let integers):
      let wide = Int64(range.lowerBound)...Int64(range.upperBound)
      return Self.firstPlace(in: integers, outside: wide, start, stride)
    }
  }

  /// A pass without branches, of which compilers make vector code, and a second one only where something is outside.
  private static func firstPlace<Integer: FixedWidthInteger>(
    in integers: UnsafeBufferPointer<Integer>, outside range: ClosedRange<Integer>, _ start: Int,
    _ stride: Int
  ) -> Int? {
    let (least, most) = (range.lowerBound, range.upperBound)
    var outside: Integer = 0
    var place = start
    while place < integers.count {
      let integer = integers[place]
      outside |= integer < least || integer > most ? 1 : 0
      place += stride
    }
    guard outside != 0 else { return nil }
    place = start
    while range.contains(integers[place]) { place += stride }
    return place
  }

  /// The position that is named at a place: negative ones count from the end, others that are outside are the nearest.
  package func position(at place: Int, size: Int) -> Int {
    let index = self[place]
    return min(max(index < 0 ? index + size : index, 0), size - 1)
  }
}
