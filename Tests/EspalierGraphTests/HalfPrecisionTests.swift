import EspalierGraph
import Testing

/// Numbers of half the bytes, against Swift's own and against the definition of rounding.
@Suite struct HalfPrecisionTests {
  @Test func everyFloat16Widens() {
    for bits in 0...UInt16.max {
      let (found, expected) = (Float(float16: bits), Float(Float16(bitPattern: bits)))
      #expect(found == expected || found.isNaN && expected.isNaN, "\(bits)")
    }
  }

  @Test func everyFloat16ComesBack() {
    for bits in 0...UInt16.max {
      let number = Float(float16: bits)
      #expect(
        number.isNaN ? Float(float16: number.float16).isNaN : number.float16 == bits, "\(bits)")
    }
  }

  @Test func everyBFloat16ComesBack() {
    for bits in 0...UInt16.max {
      let number = Float(bfloat16: bits)
      let again = number.bfloat16
      #expect(number.isNaN ? Float(bfloat16: again).isNaN : again == bits, "\(bits)")
    }
  }

  /// Numbers all over the range, among them those just beside and just between two representable ones.
  private static func numbers() -> [Float] {
    var random = XorShift(state: 7)
    let drawn = (0..<200_000).map { _ in Float(bitPattern: random.next()) }
    let edges = (0..<UInt32(0x7C00)).flatMap { step in
      let middle = Float(float16: UInt16(step)) / 2 + Float(float16: UInt16(step + 1)) / 2
      return [middle.nextDown, middle, middle.nextUp]
    }
    return (drawn + edges + edges.map { -$0 }).filter { !$0.isNaN }
  }

  @Test func float16RoundsToTheNearest() {
    for number in Self.numbers() {
      #expect(number.float16 == Float16(number).bitPattern, "\(number)")
    }
  }

  @Test func bfloat16RoundsToTheNearest() {
    for number in Self.numbers() where abs(number) < 3.3e38 {
      let rounded = Float(bfloat16: number.bfloat16)
      let below = Float(bitPattern: number.bitPattern & 0xFFFF_0000)
      let above = Float(bitPattern: (number.bitPattern & 0xFFFF_0000) + 0x1_0000)
      let (down, up) = (abs(number - below), abs(above - number))
      let even = below.bitPattern >> 16 & 1 == 0 ? below : above
      #expect(rounded == (down < up ? below : up < down ? above : even), "\(number)")
    }
    #expect(Float.greatestFiniteMagnitude.bfloat16 == Float.infinity.bfloat16)
  }
}

/// A deterministic source of bits: xorshift (Marsaglia 2003).
private struct XorShift {
  var state: UInt32

  mutating func next() -> UInt32 {
    state ^= state << 13
    state ^= state >> 17
    state ^= state << 5
    return state
  }
}
