/// How numbers become elements of another type.
package enum CastReference: Sendable {
  /// Truncated toward zero, and the nearest within bounds; NaN becomes 0.
  case saturating(ClosedRange<Double>)
  /// The integer within bounds that differs by a multiple of their number.
  case wrapping(ClosedRange<Double>)
  /// Rounded to a number of significant bits, to even when two are as near.
  case rounding(bits: Int)
  /// 1 unless zero.
  case truth

  /// What becomes of a number.
  package func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .saturating(let bounds):
      return x.isNaN
        ? 0 : min(max(x.rounded(.towardZero), bounds.lowerBound), bounds.upperBound)
    case .wrapping(let bounds):
      let count = bounds.upperBound - bounds.lowerBound + 1
      return x - count * ((x - bounds.lowerBound) / count).rounded(.down)
    case .rounding(let bits):
      let unit = x.ulp * Double(sign: .plus, exponent: 53 - bits, significand: 1)
      return (x / unit).rounded(.toNearestOrEven) * unit
    case .truth:
      return x == 0 ? 0 : 1
    }
  }
}

extension Tensor {
  /// The numbers as elements of another type.
  package func cast(_ cast: CastReference) -> Tensor { Tensor(shape, values.map { cast($0) }) }
}
