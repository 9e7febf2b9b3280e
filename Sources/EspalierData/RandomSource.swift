import Foundation

/// Independent streams of pseudo-random numbers from one seed, the same on every platform.
public struct RandomSource: Sendable {
  private let seed: UInt64

  /// Makes a source of a seed.
  public init(seed: UInt64) {
    self.seed = seed
  }

  /// The stream of a number; different numbers give unrelated streams.
  public func stream(_ number: Int) -> RandomStream {
    RandomStream(state: RandomStream.mixed(seed ^ RandomStream.mixed(UInt64(number) &+ 1)))
  }

  /// A source whose streams are unrelated to those of this one.
  public func derived(_ purpose: String) -> RandomSource {
    // FNV-1a: String's own hash differs from run to run.
    let hash = purpose.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
    return RandomSource(seed: RandomStream.mixed(seed &+ hash))
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): a 64-bit counter through a mixing function.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: UInt64
  private var spare: Double?

  init(state: UInt64) {
    self.state = state
  }

  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// A number from 0 up to but not including 1.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number of the standard normal distribution (Marsaglia's polar method).
  public mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      let factor = (-2 * log(square) / square).squareRoot()
      spare = y * factor
      return x * factor
    }
  }

  /// The numbers below `count` in random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for index in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(index, Int(next().multipliedFullWidth(by: UInt64(index) + 1).high))
    }
    return order
  }
}
