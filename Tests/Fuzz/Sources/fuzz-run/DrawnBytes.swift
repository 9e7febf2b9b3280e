import EspalierGraph
import EspalierRuntime
import FuzzSupport

extension PlannedInput {
  /// Bytes of the input's elements that follow from the seed and the name, whatever else there is.
  func drawnBytes(seed: UInt32) -> [UInt8] {
    var random = SplitMix(seed: seed ^ Array("\(name)".utf8).hash)
    let count = shape.sizes.reduce(element.byteCount, *)
    let mode = random.below(6)
    let one = special(&random)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      switch mode {
      case 0: bytes.fixed(random.next(), element.byteCount)
      case 1: bytes.fixed(special(&random), element.byteCount)
      case 2: bytes.fixed(one, element.byteCount)
      default: bytes.fixed(small(&random, random.oneIn(16) ? 40 : mode), element.byteCount)
      }
    }
    return bytes
  }

  /// The bits of an element that operators may stumble over.
  private func special(_ random: inout SplitMix) -> UInt64 {
    switch element {
    case .float64:
      let doubles: [Double] = [
        .nan, .signalingNaN, .infinity, -.infinity, 0, -0.0, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude, 0x1p31, 0x1p63,
        -0x1p63, 1e300, -1e-300,
      ]
      return (doubles.randomElement(using: &random) ?? 0).bitPattern
    case .float32, .bfloat16:
      let floats: [Float] = [
        .nan, .signalingNaN, .infinity, -.infinity, 0, -0.0, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude, 0x1p31, 0x1p63,
        -0x1p63, 1e30, -1e-30, -.nan,
      ]
      let bits = UInt64((floats.randomElement(using: &random) ?? 0).bitPattern)
      return element == .float32 ? bits : bits >> 16
    case .float16:
      return [0x7E00, 0x7D00, 0x7C00, 0xFC00, 0, 0x8000, 0x7BFF, 0xFBFF, 1, 0x0400, 0xFE00]
        .randomElement(using: &random) ?? 0
    case .int8, .uint8, .int32, .int64, .bool:
      let numbers: [Int64] = [
        .min, .max, Int64(Int32.min), Int64(Int32.max), -128, 127, 255, 128, 0, -1, 1,
        Int64(shape.sizes.max() ?? 0),
      ]
      return UInt64(bitPattern: numbers.randomElement(using: &random) ?? 0)
    }
  }

  /// The bits of a number whose magnitude is not above a limit, a whole one half of the time.
  private func small(_ random: inout SplitMix, _ limit: Int) -> UInt64 {
    let whole = random.below(2 * limit + 1) - limit
    let number = random.oneIn(2) ? Double(whole) : Double(whole) * 0.37
    switch element {
    case .float64: return number.bitPattern
    case .float32: return UInt64(Float(number).bitPattern)
    case .bfloat16: return UInt64(Float(number).bitPattern >> 16)
    case .float16: return UInt64(Float16(number).bitPattern)
    case .int8, .uint8, .int32, .int64: return UInt64(bitPattern: Int64(whole))
    case .bool: return UInt64(random.below(2))
    }
  }
}
