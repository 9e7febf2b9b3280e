package import EspalierFormat

extension Planes {
  /// Makes byte planes of a payload, block by block.
  package struct Encoder {
    private let width: Int
    private let deflater = Deflater(.plane)
    /// The stored bytes of each chunk, block by block and plane by plane.
    package private(set) var chunkSizes: [UInt64] = []
    /// The stored chunks, one after the other.
    package private(set) var bytes: [UInt8] = []

    /// Begins with a payload of so many bytes.
    ///
    /// - Precondition: they are whole elements of `width` bytes.
    package init(width: Int, byteCount: Int) {
      precondition(byteCount % width == 0, "\(byteCount) bytes of elements of \(width)")
      self.width = width
      bytes.reserveCapacity(byteCount)
    }

    /// Splits the elements of a block into planes and deflates those that become at least 1 % smaller.
    package mutating func append(_ block: UnsafeRawBufferPointer) {
      let count = block.count / width
      let planes = split(block, width: width)
      for plane in 0..<width {
        planes.withUnsafeBytes { planes in
          append(chunk: UnsafeRawBufferPointer(rebasing: planes[(plane * count)...].prefix(count)))
        }
      }
    }

    private mutating func append(chunk: UnsafeRawBufferPointer) {
      let worthwhile = chunk.count - max(1, chunk.count / 100)
      if let deflated = deflater.deflated(chunk, limit: worthwhile) {
        chunkSizes.append(UInt64(deflated.count))
        bytes.append(contentsOf: deflated)
      } else {
        chunkSizes.append(UInt64(chunk.count))
        bytes.append(contentsOf: chunk)
      }
    }
  }

  /// A payload as byte planes.
  package static func encoded(_ payload: UnsafeRawBufferPointer, width: Int) -> Encoder {
    var encoder = Encoder(width: width, byteCount: payload.count)
    for start in stride(from: 0, to: payload.count, by: width * Layout.blockElements) {
      encoder.append(
        UnsafeRawBufferPointer(rebasing: payload[start...].prefix(width * Layout.blockElements)))
    }
    return encoder
  }

  /// The planes of a block, one after the other.
  private static func split(_ block: UnsafeRawBufferPointer, width: Int) -> [UInt8] {
    let count = block.count / width
    var planes = [UInt8](repeating: 0, count: block.count)
    planes.withUnsafeMutableBufferPointer { planes in
      for index in 0..<count {
        var bits: UInt64 = 0
        for byte in 0..<width { bits |= UInt64(block[width * index + byte]) << UInt64(8 * byte) }
        if width == 2 || width == 4 {
          bits = bits << 1 | bits >> UInt64(8 * width - 1)
        }
        for plane in 0..<width {
          planes[plane * count + index] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * plane))
        }
      }
    }
    return planes
  }
}
