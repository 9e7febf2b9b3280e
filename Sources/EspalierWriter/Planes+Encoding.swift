internal import EspalierFormat

extension Planes {
  /// A payload as byte planes: its chunks, block by block and plane by plane.
  struct Encoded {
    /// The stored bytes of each chunk.
    var chunkSizes: [UInt64] = []
    /// The stored chunks, one after the other.
    var bytes: [UInt8] = []
  }

  /// Splits elements into planes and deflates those that become at least 1 % smaller.
  ///
  /// - Precondition: `payload` is made of whole elements of `width` bytes.
  static func encoded(_ payload: UnsafeRawBufferPointer, width: Int) -> Encoded {
    precondition(payload.count % width == 0, "\(payload.count) bytes of elements of \(width)")
    let deflater = Deflater(.plane)
    var encoded = Encoded()
    for start in stride(from: 0, to: payload.count, by: width * Layout.blockElements) {
      let block = UnsafeRawBufferPointer(
        rebasing: payload[start...].prefix(width * Layout.blockElements))
      let count = block.count / width
      let planes = split(block, width: width)
      for plane in 0..<width {
        planes.withUnsafeBytes { planes in
          let chunk = UnsafeRawBufferPointer(rebasing: planes[(plane * count)...].prefix(count))
          append(chunk, to: &encoded, deflater)
        }
      }
    }
    return encoded
  }

  private static func append(
    _ chunk: UnsafeRawBufferPointer, to encoded: inout Encoded, _ deflater: Deflater
  ) {
    let worthwhile = chunk.count - max(1, chunk.count / 100)
    if let deflated = deflater.deflated(chunk, limit: worthwhile) {
      encoded.chunkSizes.append(UInt64(deflated.count))
      encoded.bytes.append(contentsOf: deflated)
    } else {
      encoded.chunkSizes.append(UInt64(chunk.count))
      encoded.bytes.append(contentsOf: chunk)
    }
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
