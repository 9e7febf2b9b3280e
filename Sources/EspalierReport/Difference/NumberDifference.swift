internal import EspalierGraph

/// By how much the numbers of two parameters of one type differ; the JSON has these names.
package struct NumberDifference: Encodable, Equatable {
  /// How many numbers there are.
  package private(set) var count = 0
  /// How many have other bits.
  package private(set) var differing = 0
  /// The largest |a - b| of those that differ and are finite.
  package private(set) var largest_difference = 0.0
  /// The largest |a - b| / max(|a|, |b|) of those that differ and are finite.
  package private(set) var largest_relative_difference = 0.0
  /// How many of those that differ are infinite or no number in one of the two.
  package private(set) var not_finite = 0

  /// Compares the numbers of two parameters of one type; nil when all bits are the same.
  init?(_ a: Parameter, _ b: Parameter) {
    precondition(a.type == b.type, "numbers of \(a.type) compared with numbers of \(b.type)")
    let (element, count) = (a.type.element, a.elementCount)
    let width = element.byteCount
    self.count = count
    a.storage.withUnsafeBytes { first in
      b.storage.withUnsafeBytes { second in
        let x = UnsafeRawBufferPointer(rebasing: first[a.byteOffset...].prefix(count * width))
        let y = UnsafeRawBufferPointer(rebasing: second[b.byteOffset...].prefix(count * width))
        if x.elementsEqual(y) { return }
        for offset in stride(from: 0, to: count * width, by: width)
        where !x[offset..<offset + width].elementsEqual(y[offset..<offset + width]) {
          add(element.number(in: x, at: offset), element.number(in: y, at: offset))
        }
      }
    }
    if differing == 0 { return nil }
  }

  private mutating func add(_ a: Double, _ b: Double) {
    differing += 1
    guard a.isFinite, b.isFinite else {
      not_finite += 1
      return
    }
    let difference = abs(a - b)
    largest_difference = max(largest_difference, difference)
    if difference > 0 {
      largest_relative_difference = max(
        largest_relative_difference, difference / max(abs(a), abs(b)))
    }
  }
}

extension ElementType {
  /// The number of this type that lies at an offset.
  fileprivate func number(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Double {
    func load<Number>(_ type: Number.Type) -> Number {
      bytes.loadUnaligned(fromByteOffset: offset, as: type)
    }
    return switch self {
    case .float32: Double(load(Float.self))
    case .float16: Double(load(Float16.self))
    case .bfloat16: Double(Float(bitPattern: UInt32(load(UInt16.self)) << 16))
    case .int8: Double(load(Int8.self))
    case .uint8, .bool: Double(load(UInt8.self))
    case .int32: Double(load(Int32.self))
    case .int64: Double(load(Int64.self))
    }
  }
}
