/// A deterministic source of numbers: SplitMix64 (Steele, Lea, Flood 2014).
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  /// Begins with a seed.
  package init(seed: UInt32) {
    state = UInt64(seed)
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number of `0..<count`.
  package mutating func below(_ count: Int) -> Int {
    Int.random(in: 0..<max(count, 1), using: &self)
  }

  /// True once in `count` times.
  package mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

  /// A number that readers may stumble over.
  package mutating func number(near old: UInt64) -> UInt64 {
    switch below(8) {
    case 0: 0
    case 1: old &+ 1
    case 2: old &- 1
    case 3: UInt64(below(16))
    case 4: 1 << UInt64(below(64))
    case 5: (1 << UInt64(below(64))) &- 1
    case 6: old ^ 1 << UInt64(below(64))
    default: next() >> UInt64(below(64))
    }
  }
}
