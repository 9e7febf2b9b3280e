import EspalierKernels
import ReferenceOperators
import Testing

/// A sequence of numbers that is the same in every run (SplitMix64).
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Whole numbers from -8 to 8, whose sums of products are exact in single precision.
  mutating func whole(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(Int(next() % 17) - 8) }
  }

  /// Numbers between -1 and 1.
  mutating func real(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(Int64(bitPattern: next()) >> 40) * 0x1p-23 }
  }
}

/// All variants of the kernels that this machine can run.
let variants = (0..<Kernels.count).map { Kernels.variant(at: $0) }

extension Kernels: CustomTestStringConvertible {
  package var testDescription: String { withName { String(cString: $0) } }
}

extension Tensor {
  init(_ shape: [Int], _ values: [Float]) { self.init(shape, values.map { Double($0) }) }
}

/// The first place where numbers differ from the expected ones; nil if there is none.
///
/// The error allowed is relative to the larger of 1 and the expected size. NaN equals NaN.
func firstDifference(_ actual: [Float], _ expected: [Double], error: Double = 0) -> String? {
  guard actual.count == expected.count else {
    return "\(actual.count) numbers instead of \(expected.count)"
  }
  for (index, (actual, expected)) in zip(actual, expected).enumerated() {
    if actual.isNaN && expected.isNaN || Double(actual) == expected { continue }
    if abs(Double(actual) - expected) <= error * max(1, abs(expected)) { continue }
    return "[\(index)] is \(actual) instead of \(expected)"
  }
  return nil
}

/// The distance between a result and the true value in units of the last place of the true value.
func unitsInLastPlace(_ actual: Float, _ expected: Double) -> Double {
  let rounded = Float(expected)
  if actual == rounded || actual.isNaN && rounded.isNaN { return 0 }
  guard actual.isFinite && rounded.isFinite else { return .infinity }
  return abs(Double(actual) - expected) / Double(rounded.ulp)
}
