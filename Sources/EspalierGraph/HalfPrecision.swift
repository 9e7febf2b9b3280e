extension Float {
  /// The number that a bfloat16 holds.
  package init(bfloat16 bits: UInt16) {
    self.init(bitPattern: UInt32(bits) &<< 16)
  }

  /// The number that an IEEE 754 binary16 holds.
  package init(float16 bits: UInt16) {
    let sign = UInt32(bits & 0x8000) &<< 16
    let magnitude = UInt32(bits & 0x7FFF)
    switch magnitude {
    case 0x7C00...:
      self.init(bitPattern: sign | 0x7F80_0000 | (magnitude & 0x3FF) &<< 13)
    case 0x400...:
      self.init(bitPattern: sign | (magnitude &<< 13) &+ 0x3800_0000)
    default:
      // Subnormal: a multiple of two to the power of -24, which float32 holds exactly.
      self.init(bitPattern: sign | (Float(magnitude) * 0x1p-24).bitPattern)
    }
  }

  /// The bfloat16 nearest to the number, to even when two are; infinite beyond the largest.
  package var bfloat16: UInt16 {
    if isNaN { return UInt16(truncatingIfNeeded: bitPattern &>> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bitPattern &+ 0x7FFF &+ (bitPattern &>> 16 & 1)) &>> 16)
  }

  /// The IEEE 754 binary16 nearest to the number, to even when two are; infinite beyond the largest.
  package var float16: UInt16 {
    let sign = UInt16(truncatingIfNeeded: bitPattern &>> 16) & 0x8000
    let magnitude = bitPattern & 0x7FFF_FFFF
    if isNaN { return sign | 0x7E00 | UInt16(truncatingIfNeeded: magnitude &>> 13 & 0x3FF) }
    // 65520 is half-way between the largest number and what would follow it.
    if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
    if magnitude < 0x3880_0000 {
      // Adding one half puts the last bit of the sum at two to the power of -24, the subnormal step.
      let steps = (Float(bitPattern: magnitude) + 0.5).bitPattern &- Float(0.5).bitPattern
      return sign | UInt16(truncatingIfNeeded: steps)
    }
    let rounded = magnitude &- 0x3800_0000 &+ 0xFFF &+ (magnitude &>> 13 & 1)
    return sign | UInt16(truncatingIfNeeded: rounded &>> 13)
  }
}

extension Float {
  /// A float that is rounded to half precision as a double would be: of two neighbours of the double the one whose last
  /// bit is 1 (rounding to odd: Boldo and Melquiond, 2008).
  package init(forRounding double: Double) {
    let nearest = Float(double)
    guard nearest.isFinite, Double(nearest) != double, nearest.bitPattern & 1 == 0 else {
      self = nearest
      return
    }
    self = Double(nearest) < double ? nearest.nextUp : nearest.nextDown
  }
}
