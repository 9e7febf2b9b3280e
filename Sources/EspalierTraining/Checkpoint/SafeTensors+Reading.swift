public import Foundation

/// Why a `.safetensors` file is refused.
public struct SafeTensorsError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension SafeTensors {
  /// The longest header that is accepted.
  public static let maximumHeaderBytes = 100_000_000

  /// Reads the bytes of a file, checking every size before it is used.
  ///
  /// - Throws: `SafeTensorsError` when the header is not as described, when tensors leave gaps or overlap, or when one
  ///   is not of float32 numbers.
  public init(decoding data: Data) throws {
    let bytes = [UInt8](data)
    guard bytes.count >= 8 else { throw SafeTensorsError("the file is shorter than 8 bytes") }
    let length = bytes[0..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard length <= Self.maximumHeaderBytes, length <= bytes.count - 8 else {
      throw SafeTensorsError("the header claims \(length) bytes, more than the file or the limit")
    }
    let start = 8 + Int(length)
    let json = try? JSONSerialization.jsonObject(with: Data(bytes[8..<start]))
    guard let header = json as? [String: Any] else {
      throw SafeTensorsError("the header is not a JSON object")
    }
    let entries = try header.filter { $0.key != "__metadata__" }
      .map { try Entry(name: $0.key, value: $0.value) }
      .sorted { ($0.range.lowerBound, $0.name) < ($1.range.lowerBound, $1.name) }
    var next = 0
    for entry in entries {
      guard entry.range.lowerBound == next else {
        throw SafeTensorsError("tensor \(entry.name) leaves a gap or overlaps another")
      }
      next = entry.range.upperBound
    }
    guard next == bytes.count - start else {
      throw SafeTensorsError("the tensors end at \(next) of \(bytes.count - start) bytes")
    }
    self.init(
      tensors: entries.map { $0.tensor(in: bytes, from: start) },
      metadata: header["__metadata__"] as? [String: String] ?? [:])
  }

  /// What the header says of one tensor.
  private struct Entry {
    let name: String
    let shape: [Int]
    let range: Range<Int>

    init(name: String, value: Any) throws {
      guard let fields = value as? [String: Any], let shape = fields["shape"] as? [Int],
        let offsets = fields["data_offsets"] as? [Int], offsets.count == 2,
        offsets[0] >= 0, offsets[0] <= offsets[1]
      else { throw SafeTensorsError("tensor \(name) has no shape or no place") }
      guard fields["dtype"] as? String == "F32" else {
        throw SafeTensorsError("tensor \(name) is not of float32 numbers (F32)")
      }
      var size = 4
      for extent in shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: extent)
        guard extent >= 0, !overflow else {
          throw SafeTensorsError("tensor \(name) has an impossible shape")
        }
        size = product
      }
      guard size == offsets[1] - offsets[0] else {
        throw SafeTensorsError("tensor \(name) has a shape that does not fit its place")
      }
      self.name = name
      self.shape = shape
      range = offsets[0]..<offsets[1]
    }

    func tensor(in bytes: [UInt8], from start: Int) -> NamedTensor {
      let values = bytes.withUnsafeBytes { raw in
        stride(from: start + range.lowerBound, to: start + range.upperBound, by: 4).map {
          let bits = raw.loadUnaligned(fromByteOffset: $0, as: UInt32.self)
          return Float(bitPattern: UInt32(littleEndian: bits))
        }
      }
      return NamedTensor(name: name, shape: shape, values: values)
    }
  }
}
