import EspalierGraph

extension NamedTensor {
  /// The bytes of an `.npy` file of version 1, the same that NumPy writes.
  ///
  /// A bfloat16 tensor is written as float32, which holds its numbers: NumPy does not have the type.
  public var npy: [UInt8] {
    let (header, tensor) = npyParts
    return tensor.withBytes { header + $0 }
  }

  /// What an `.npy` file begins with, and the tensor whose bytes follow.
  package var npyParts: (header: [UInt8], tensor: NamedTensor) {
    guard let type = type.element.numPyType else {
      return NamedTensor(name: name, shape: shape, values: values ?? []).npyParts
    }
    return (Self.npyHeader(type, shape), self)
  }

  /// Magic number, version 1.0, the dictionary's size, and the dictionary, padded to a multiple of 64 bytes.
  private static func npyHeader(_ type: String, _ shape: Shape) -> [UInt8] {
    let sizes = shape.sizes.map(String.init).joined(separator: ", ")
    let tuple = shape.rank == 1 ? "(\(sizes),)" : "(\(sizes))"
    var text = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    // NumPy leaves room for the first size to grow to 21 digits.
    let growth = shape.sizes.first.map { 21 - String($0).count } ?? 0
    text += [UInt8](repeating: 0x20, count: growth)
    let start = NumPyHeader.magic.count + 4
    let padding = 64 - (start + text.count + 1) % 64
    text += [UInt8](repeating: 0x20, count: padding) + [0x0A]
    return NumPyHeader.magic + [1, 0, UInt8(text.count % 256), UInt8(text.count / 256)] + text
  }
}
