import EspalierArrays
import EspalierGraph

extension NamedTensor {
  /// Where the first infinity or NaN lies, and what it is; nil when all numbers are finite.
  var firstNotFinite: (index: [Int], value: Double)? {
    guard let element = firstNotFiniteElement, let value = doubles?[element] else { return nil }
    return (shape.position(of: element), value)
  }

  private var firstNotFiniteElement: Int? {
    func first<Bits: FixedWidthInteger & BitwiseCopyable>(
      _: Bits.Type, exponent: Bits
    ) -> Int? {
      withBytes { bytes in
        (0..<shape.elementCount).first { index in
          let offset = index * MemoryLayout<Bits>.size
          let bits = Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self))
          return bits & exponent == exponent
        }
      }
    }
    // Numbers are infinite or NaN when all bits of their exponents are set.
    switch type.element {
    case .float32: return first(UInt32.self, exponent: 0x7F80_0000)
    case .float64: return first(UInt64.self, exponent: 0x7FF0_0000_0000_0000)
    case .float16: return first(UInt16.self, exponent: 0x7C00)
    case .bfloat16: return first(UInt16.self, exponent: 0x7F80)
    case .int8, .uint8, .int32, .int64, .bool: return nil
    }
  }

  /// What gets lost when float64 numbers become float32 ones: of each column of a matrix, or of all.
  var resolutionWarnings: [String] {
    guard type.element == .float64, let doubles else { return [] }
    guard shape.rank == 2 else {
      return FloatResolution(doubles).map { ["input \(name): \($0.description)"] } ?? []
    }
    let width = shape[1]
    return (0..<width).compactMap { column in
      let numbers = stride(from: column, to: doubles.count, by: width).map { doubles[$0] }
      return FloatResolution(numbers).map { "input \(name), column \(column): \($0.description)" }
    }
  }
}
