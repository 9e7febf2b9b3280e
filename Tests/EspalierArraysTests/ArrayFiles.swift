import EspalierArrays
import EspalierGraph
import Foundation

/// The files that `Tests/Golden/arrays/make` wrote, and what they hold.
///
/// To add one, let the script write it, run the script, and keep only the new file: those of old versions of NumPy stay.
enum ArrayFiles {
  /// The bytes of a file.
  static func golden(_ name: String) throws -> [UInt8] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return [UInt8](try Data(contentsOf: tests.appending(path: "Golden/arrays/\(name)")))
  }

  /// Array of the script, for one of its types, as a tensor that holds the same numbers.
  static func expected(_ code: String, _ name: Name? = nil, shape: Shape = [2, 3]) -> NamedTensor {
    let name = name ?? Name(code)
    let indices = 0..<shape.elementCount
    switch code {
    case "f2", "bf2":
      let bits = indices.map { index in
        let number = Float(index - 3) / 2
        return code == "f2" ? number.float16 : number.bfloat16
      }
      let element: ElementType = code == "f2" ? .float16 : .bfloat16
      return NamedTensor(
        name: name, type: TensorType(element, shape), storage: TensorStorage(halves: bits))
    case "f4", "f8":
      return NamedTensor(name: name, shape: shape, values: indices.map { Float($0 - 3) / 2 })
    case "i1": return NamedTensor(name: name, shape: shape, values: indices.map { Int8($0 - 3) })
    case "u1": return NamedTensor(name: name, shape: shape, values: indices.map { UInt8($0) })
    case "i2", "i4":
      return NamedTensor(name: name, shape: shape, values: indices.map { Int32($0 - 3) })
    case "u2": return NamedTensor(name: name, shape: shape, values: indices.map { Int32($0) })
    case "u4": return NamedTensor(name: name, shape: shape, values: indices.map { Int64($0) })
    case "i8": return NamedTensor(name: name, shape: shape, values: indices.map { Int64($0 - 3) })
    default: return NamedTensor(name: name, shape: shape, values: indices.map { $0 % 2 == 1 })
    }
  }

  /// The types of the script, in its order.
  static let codes = ["f2", "f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "b1"]
}

/// Random tensors from a seed: SplitMix64 (Steele, Lea and Flood 2014).
struct RandomTensors: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A tensor of any type, of up to four axes of 0 to 4 elements.
  mutating func tensor(_ name: Name, of elements: [ElementType] = ElementType.allCases)
    -> NamedTensor
  {
    let shape = Shape(
      (0..<Int.random(in: 0...4, using: &self)).map { _ in Int.random(in: 0...4, using: &self) })
    let element = elements.randomElement(using: &self) ?? .float32
    let largest: UInt8 = element == .bool ? 1 : 255
    let bytes = (0..<shape.elementCount * element.byteCount).map { _ in
      UInt8.random(in: 0...largest, using: &self)
    }
    return NamedTensor(
      name: name, type: TensorType(element, shape),
      storage: TensorStorage.filled(byteCount: bytes.count) { $0.copyBytes(from: bytes) })
  }
}

/// What is wrong with a file, or nil when it is read.
func problem(_ read: () throws(ArrayFileError) -> Void) -> ArrayFileError? {
  do throws(ArrayFileError) { try read() } catch { return error }
  return nil
}
