package import EspalierFormat
package import EspalierGraph

/// The numbers of one weights section, which stay where they are.
package struct WeightsPayload {
  /// How the numbers are stored.
  package let element: ElementType
  /// The number of bytes.
  package let byteCount: Int
  /// The digest of the bytes.
  package let digest: Digest
  /// Tensors whose numbers follow one another.
  private let parameters: [Parameter]

  /// Makes a payload of numbers of a known digest.
  package init(bytes: [UInt8], element: ElementType, digest: Digest) {
    let storage = bytes.withUnsafeBytes { bytes in
      TensorStorage.filled(byteCount: bytes.count) { $0.copyMemory(from: bytes) }
    }
    let shape = Shape([bytes.count / element.byteCount])
    self.init(
      [Parameter(name: "", type: TensorType(element, shape), storage: storage)], element, digest)
  }

  /// Makes a payload of tensors, one after the other.
  init(_ parameters: [Parameter], element: ElementType) {
    var hash = SHA256()
    for parameter in parameters { parameter.withStoredBytes { hash.update($0) } }
    self.init(parameters, element, hash.finished())
  }

  private init(_ parameters: [Parameter], _ element: ElementType, _ digest: Digest) {
    self.parameters = parameters
    self.element = element
    self.digest = digest
    byteCount = parameters.reduce(0) { $0 + $1.storedByteCount }
  }

  /// All bytes in a place of their own.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    for parameter in parameters { parameter.withStoredBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// Calls `body` with blocks of so many bytes, the last one shorter, whatever tensors they are of.
  func forEachBlock(byteCount: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 8)
    defer { block.deallocate() }
    var filled = 0
    for parameter in parameters {
      parameter.withStoredBytes { bytes in
        var rest = bytes[...]
        while !rest.isEmpty {
          let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(block.count - filled))
          UnsafeMutableRawBufferPointer(rebasing: block[filled...]).copyMemory(from: piece)
          filled += piece.count
          rest = rest.dropFirst(piece.count)
          if filled == block.count {
            body(UnsafeRawBufferPointer(block))
            filled = 0
          }
        }
      }
    }
    if filled > 0 { body(UnsafeRawBufferPointer(rebasing: block[..<filled])) }
  }
}
