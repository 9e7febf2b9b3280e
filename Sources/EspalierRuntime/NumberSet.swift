/// Numbers below a bound that come and go, each of which finds its neighbours.
///
/// A bit for each number, a bit for each word of these that is not empty, and so on: every call looks at a few words.
package struct NumberSet: Sendable {
  /// The bits of the numbers, then of each layer those of the layer before it.
  private var layers: [[UInt64]] = []

  /// Makes an empty set of numbers below `bound`.
  package init(bound: Int) {
    var count = bound
    repeat {
      count = (count + 63) / 64
      layers.append([UInt64](repeating: 0, count: count))
    } while count > 1
  }

  /// Adds a number.
  package mutating func insert(_ number: Int) {
    var number = number
    for layer in layers.indices {
      layers[layer][number / 64] |= 1 << UInt64(number % 64)
      number /= 64
    }
  }

  /// Takes a number out.
  package mutating func remove(_ number: Int) {
    var number = number
    for layer in layers.indices {
      layers[layer][number / 64] &= ~(1 << UInt64(number % 64))
      if layers[layer][number / 64] != 0 { return }
      number /= 64
    }
  }

  /// The largest number below another, or nil.
  package func last(before number: Int) -> Int? {
    var place = number
    for layer in layers.indices {
      let word = layers[layer][place / 64] & ((1 << UInt64(place % 64)) - 1)
      if word != 0 {
        return descend(from: layer, place / 64 * 64 + 63 - word.leadingZeroBitCount) {
          63 - $0.leadingZeroBitCount
        }
      }
      place /= 64
    }
    return nil
  }

  /// The least number above another, or nil.
  package func first(after number: Int) -> Int? {
    var place = number
    for layer in layers.indices {
      let word = layers[layer][place / 64] & ~((2 << UInt64(place % 64)) &- 1)
      if word != 0 {
        return descend(from: layer, place / 64 * 64 + word.trailingZeroBitCount) {
          $0.trailingZeroBitCount
        }
      }
      place /= 64
    }
    return nil
  }

  /// The number that a bit of a layer leads to, when each word has its bit chosen so.
  private func descend(from layer: Int, _ bit: Int, choose: (UInt64) -> Int) -> Int {
    var bit = bit
    for lower in (0..<layer).reversed() { bit = bit * 64 + choose(layers[lower][bit]) }
    return bit
  }
}
