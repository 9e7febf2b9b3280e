internal import Foundation

/// How many of the different numbers of a column are still different as 32-bit floating-point numbers.
package struct FloatResolution: Sendable, Equatable {
  /// The different numbers.
  package let distinct: Int
  /// The different 32-bit numbers that they become.
  package let kept: Int
  /// The size of the largest number.
  package let magnitude: Double
  /// How far 32-bit numbers of that size lie apart.
  package let step: Double

  /// Measures numbers; nil unless more than a tenth of the different ones become equal to others.
  ///
  /// A column whose range holds more than 2²⁰ steps is resolved well enough, however many numbers it has.
  package init?(_ numbers: [Double]) {
    guard let least = numbers.min(), let most = numbers.max() else { return nil }
    magnitude = max(abs(least), abs(most))
    let largest = Float(magnitude)
    step = Double(largest.ulp)
    guard largest.isFinite, step * 0x1p20 > most - least else { return nil }
    let sorted = numbers.sorted()
    var (distinct, kept) = (1, 1)
    for (number, next) in zip(sorted, sorted.dropFirst()) where number != next {
      distinct += 1
      if Float(number) != Float(next) { kept += 1 }
    }
    guard kept * 10 < distinct * 9 else { return nil }
    (self.distinct, self.kept) = (distinct, kept)
  }

  /// What gets lost, in words that follow the name of a column.
  package var description: String {
    "its \(distinct) different numbers become \(kept) as 32-bit numbers, which lie "
      + "\(Self.text(step)) apart near \(Self.text(magnitude))"
  }

  /// A number in three digits.
  package static func text(_ number: Double) -> String { String(format: "%.3g", number) }
}
