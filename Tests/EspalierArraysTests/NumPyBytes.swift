import EspalierArrays
import EspalierGraph

/// Bytes of `.npy` files that the library does not write.
struct NumPyBytes {
  let bytes: [UInt8]

  /// Any dictionary before any numbers.
  init(header: String, version: UInt8 = 1, numbers: [UInt8] = []) {
    let size = header.utf8.count
    let sizeBytes = (0..<(version == 1 ? 2 : 4)).map { UInt8(size >> (8 * $0) & 255) }
    bytes = [0x93] + Array("NUMPY".utf8) + [version, 0] + sizeBytes + Array(header.utf8) + numbers
  }

  /// A tensor, with the first axis innermost or the most significant byte first.
  init(_ tensor: NamedTensor, isFortranOrder: Bool, isBigEndian: Bool) {
    let size = tensor.type.element.byteCount
    let sizes = tensor.shape.sizes
    let source = tensor.withBytes { Array($0) }
    var numbers = [UInt8](repeating: 0, count: source.count)
    for index in 0..<tensor.shape.elementCount {
      // The position along each axis, from the row-major index; then the index with the first axis innermost.
      var rest = index
      var place = 0
      for axis in sizes.indices.reversed() {
        let position = rest % sizes[axis]
        rest /= sizes[axis]
        place += position * sizes[..<axis].reduce(1, *)
      }
      let element = source[(index * size)..<((index + 1) * size)]
      let ordered = isBigEndian ? Array(element.reversed()) : Array(element)
      for offset in 0..<size {
        numbers[(isFortranOrder ? place : index) * size + offset] = ordered[offset]
      }
    }
    let code =
      [.uint8: "u1", .float16: "f2", .int32: "i4", .int64: "i8"][tensor.type.element] ?? ""
    let tuple = sizes.map { "\($0)," }.joined(separator: " ")
    let order = isFortranOrder ? "True" : "False"
    self.init(
      header:
        "{'descr': '\(isBigEndian ? ">" : "<")\(code)', 'fortran_order': \(order), 'shape': (\(tuple)), }\n",
      numbers: numbers)
  }
}
