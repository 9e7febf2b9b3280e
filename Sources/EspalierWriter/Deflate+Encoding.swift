internal import CZlib

/// One zlib compressor, for any number of inputs one after the other.
///
/// zlib keeps the address of its stream, which is why the stream has its own place on the heap.
final class Deflater {
  /// What is compressed, and how.
  enum Purpose {
    /// Text and small numbers: a zlib stream, repetitions looked for.
    case message
    /// A byte plane: bare deflate, no repetitions.
    case plane
  }

  private let stream: UnsafeMutablePointer<z_stream>

  /// Makes a compressor.
  init(_ purpose: Purpose) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status =
      switch purpose {
      case .message: espalier_deflate_init(stream, 9, 15, Z_DEFAULT_STRATEGY)
      case .plane: espalier_deflate_init(stream, 9, -15, Z_HUFFMAN_ONLY)
      }
    precondition(status == Z_OK, "no memory for a compressor")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Compresses bytes, or returns nil when that would take more than `limit` bytes.
  func deflated(_ bytes: UnsafeRawBufferPointer, limit: Int) -> [UInt8]? {
    guard limit > 0 else { return nil }
    deflateReset(stream)
    var output = [UInt8](repeating: 0, count: limit)
    let count = output.withUnsafeMutableBufferPointer { output -> Int? in
      let input = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input)
      stream.pointee.avail_in = UInt32(bytes.count)
      stream.pointee.next_out = output.baseAddress
      stream.pointee.avail_out = UInt32(output.count)
      guard deflate(stream, Z_FINISH) == Z_STREAM_END else { return nil }
      return output.count - Int(stream.pointee.avail_out)
    }
    return count.map { Array(output[..<$0]) }
  }

  /// Compresses bytes, however many that takes.
  func deflated(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let bound = Int(deflateBound(stream, UInt(bytes.count)))
    guard let output = deflated(bytes, limit: bound) else {
      preconditionFailure("zlib exceeded its own bound")
    }
    return output
  }
}
