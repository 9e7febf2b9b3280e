public import Foundation

/// A tensor of numbers with a name.
public struct NamedTensor: Sendable, Equatable {
  /// The name.
  public let name: String
  /// The sizes, outermost first.
  public let shape: [Int]
  /// The numbers, row-major.
  public let values: [Float]

  /// Makes a tensor.
  public init(name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// Named float32 tensors and text, as a `.safetensors` file holds them.
///
/// The layout is the one that the safetensors project describes: the length of a JSON header as a little-endian 64-bit
/// number, the header, then the numbers of all tensors without gaps.
public struct SafeTensors: Sendable, Equatable {
  /// The tensors, in ascending order of their names.
  public let tensors: [NamedTensor]
  /// Free text by key.
  public let metadata: [String: String]

  /// Makes the content of a file.
  public init(tensors: [NamedTensor], metadata: [String: String]) {
    self.tensors = tensors.sorted { $0.name < $1.name }
    self.metadata = metadata
  }

  /// The tensor of a name, or nil.
  public subscript(name: String) -> NamedTensor? { tensors.first { $0.name == name } }

  /// The bytes of the file; the same content gives the same bytes.
  public func encoded() throws -> Data {
    var header: [String: Any] = ["__metadata__": metadata]
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.values.count * 4
      header[tensor.name] = [
        "dtype": "F32", "shape": tensor.shape, "data_offsets": [offset, end],
      ]
      offset = end
    }
    var json = try JSONSerialization.data(
      withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
    json.append(contentsOf: repeatElement(0x20, count: (8 - json.count % 8) % 8))
    var data = Data(capacity: 8 + json.count + offset)
    withUnsafeBytes(of: UInt64(json.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(json)
    for tensor in tensors {
      tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }
}
