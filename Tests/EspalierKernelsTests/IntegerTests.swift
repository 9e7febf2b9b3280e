import EspalierKernels
import Testing

/// What can go wrong with integers: the ends of their range, zero divisors, shifts that are too far.
@Suite struct IntegerTests {
  private static let ends: [Int32] = [.min, .min + 1, -7, -2, -1, 0, 1, 2, 3, 7, .max - 1, .max]

  /// Every pair of `ends`, narrow and wide; the wide ones at the ends of their own range.
  private func pairs(_ function: BinaryKernel) -> [(left: Int64, right: Int64, result: Int64)] {
    let count = Self.ends.count
    let walk = BroadcastWalk<2>([[count, 1], [count]], to: [count, count])
    var narrow = [Int32](repeating: 99, count: count * count)
    var narrowSpan = narrow.mutableSpan
    binary(function, Self.ends.span, Self.ends.span, walk, output: &narrowSpan)
    let wideEnds = Self.ends.map(widened)
    var wide = [Int64](repeating: 99, count: count * count)
    var wideSpan = wide.mutableSpan
    binary(function, wideEnds.span, wideEnds.span, walk, output: &wideSpan)
    return (0..<count * count).flatMap { index in
      let (left, right) = (index / count, index % count)
      return [
        (Int64(Self.ends[left]), Int64(Self.ends[right]), Int64(narrow[index])),
        (wideEnds[left], wideEnds[right], wide[index]),
      ]
    }
  }

  private func widened(_ value: Int32) -> Int64 {
    switch value {
    case ...(-100): Int64.min + Int64(value - Int32.min)
    case 100...: Int64.max - Int64(Int32.max - value)
    default: Int64(value)
    }
  }

  /// Whether a result is a number of any size, wrapped to its type.
  private func expectEvery(
    _ function: BinaryKernel, is expected: (Int128, Int128) -> Int128,
    _ location: SourceLocation = #_sourceLocation
  ) {
    for (index, pair) in pairs(function).enumerated() {
      let exact = expected(Int128(pair.left), Int128(pair.right))
      let wrapped =
        index % 2 == 0
        ? Int64(Int32(truncatingIfNeeded: exact)) : Int64(truncatingIfNeeded: exact)
      #expect(
        pair.result == wrapped, "\(function) of \(pair.left) and \(pair.right)",
        sourceLocation: location)
    }
  }

  @Test func sumsAndProductsWrap() {
    expectEvery(.add) { $0 + $1 }
    expectEvery(.subtract) { $0 - $1 }
    expectEvery(.multiply) { $0 * $1 }
    expectEvery(.prelu) { $0 < 0 ? $0 * $1 : $0 }
    expectEvery(.minimum) { min($0, $1) }
    expectEvery(.maximum) { max($0, $1) }
  }

  @Test func divisionTruncatesAndNeverTraps() {
    expectEvery(.divide) { $1 == 0 ? 0 : $0 / $1 }
    expectEvery(.remainder) { $1 == 0 ? 0 : $0 % $1 }
    expectEvery(.modulo) { left, right in
      guard right != 0 else { return 0 }
      return ((left % right) + right) % right
    }
  }

  @Test func powersAreProductsThatWrap() {
    let bases: [Int64] = [-3, -2, -1, 0, 1, 2, 3, 10, .max, .min]
    let exponents: [Int64] = [0, 1, 2, 3, 5, 40, 63, 64, 65]
    let walk = BroadcastWalk<2>([[bases.count, 1], [exponents.count]], to: [10, 9])
    var results = [Int64](repeating: 99, count: 90)
    var span = results.mutableSpan
    binary(.power, bases.span, exponents.span, walk, output: &span)
    for (row, base) in bases.enumerated() {
      for (column, exponent) in exponents.enumerated() {
        let product = (0..<exponent).reduce(Int64(1)) { product, _ in product &* base }
        #expect(results[row * 9 + column] == product, "\(base) to the power of \(exponent)")
      }
    }
  }

  @Test func powersBelowZeroAreTruncatedInverses() {
    let bases: [Int32] = [-2, -1, 0, 1, 2, .min, .max]
    for (exponent, expected) in [
      (Int32(-1), [Int32(0), -1, 0, 1, 0, 0, 0]), (-2, [0, 1, 0, 1, 0, 0, 0]),
      (.min, [0, 1, 0, 1, 0, 0, 0]),
    ] {
      var results = [Int32](repeating: 99, count: bases.count)
      var span = results.mutableSpan
      binary(
        .power, bases.span, [exponent].span, BroadcastWalk([[bases.count], []], to: [bases.count]),
        output: &span)
      #expect(results == expected, "to the power of \(exponent)")
    }
  }

  @Test func shiftsThatAreTooFarLeaveNothingButTheSign() {
    let values: [Int32] = [1, -1, 5, -5, .max, .min]
    for (places, higher, lower) in [
      (Int32(0), values, values),
      (1, [2, -2, 10, -10, -2, 0], [0, -1, 2, -3, .max / 2, .min / 2]),
      (31, [.min, .min, .min, .min, .min, 0], [0, -1, 0, -1, 0, -1]),
      (32, [0, 0, 0, 0, 0, 0], [0, -1, 0, -1, 0, -1]),
      (-1, [0, 0, 0, 0, 0, 0], [0, -1, 0, -1, 0, -1]),
      (.max, [0, 0, 0, 0, 0, 0], [0, -1, 0, -1, 0, -1]),
    ] as [(Int32, [Int32], [Int32])] {
      #expect(shifted(.shiftLeft, values, places) == higher, "\(places) higher")
      #expect(shifted(.shiftRight, values, places) == lower, "\(places) lower")
    }
  }

  private func shifted(_ function: BitKernel, _ values: [Int32], _ places: Int32) -> [Int32] {
    var results = [Int32](repeating: 99, count: values.count)
    var span = results.mutableSpan
    bits(
      function, values.span, [places].span,
      BroadcastWalk([[values.count], [1]], to: [values.count]),
      output: &span)
    return results
  }

  @Test func wideShiftsReachTheirWholeWidth() {
    var results: [Int64] = [0, 0, 0]
    var span = results.mutableSpan
    let places: [Int64] = [63, 64, .min]
    bits(.shiftLeft, [1].span, places.span, BroadcastWalk([[1], [3]], to: [3]), output: &span)
    #expect(results == [.min, 0, 0])
  }

  @Test func functionsOfOneIntegerEndWithoutTrap() {
    let values: [Int64] = [.min, -5, 0, 5, .max]
    func apply(_ function: IntegerKernel) -> [Int64] {
      var results = [Int64](repeating: 99, count: values.count)
      var span = results.mutableSpan
      unary(function, values.span, output: &span)
      return results
    }
    #expect(apply(.absolute) == [.min, 5, 0, 5, .max])
    #expect(apply(.negate) == [.min, 5, 0, -5, -.max])
    #expect(apply(.sign) == [-1, -1, 0, 1, 1])
    #expect(apply(.not) == [.max, 4, -1, -6, .min])
    #expect(apply(.clip(lower: -2.9, upper: 3.9)) == [-2, -2, 0, 3, 3])
    #expect(apply(.clip(lower: -.infinity, upper: .infinity)) == values)
    #expect(apply(.clip(lower: -1e30, upper: 1e30)) == values)
    #expect(apply(.clip(lower: 4, upper: 1)) == [1, 1, 1, 1, 1])
  }
}
