internal import CZlib

/// One zlib compressor, for any number of inputs one after the other.
///
/// zlib keeps the address of its stream, which is why the stream has its own place on the heap.
package final class Deflater {
  /// What is compressed, and how.
  package enum Purpose {
    /// Text and small numbers: a zlib stream, repetitions looked for.
    case message
    /// A byte plane: bare deflate, no repetitions.
    case plane
  }

  private let stream: UnsafeMutablePointer<z_stream>

  /// Makes a compressor.
  package init(_ purpose: Purpose) {
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
  package func deflated(_ bytes: UnsafeRawBufferPointer, limit: Int) -> [UInt8]? {
    guard limit > 0 else { return nil }
    deflateReset(stream)
    var output = [UInt8](repeating: 0, count: limit)
    let count = output.withUnsafeMutableBufferPointer { output -> Int? in
      let input = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input)
      stream.pointee.avail_in = UInt32(bytes.count)
      stream.pointee.next_out = output.baseAddress
      // zlib counts in 32 bits.
      var rest = output.count
      while rest > 0 {
        let piece = UInt32(clamping: rest)
        stream.pointee.avail_out = piece
        let status = deflate(stream, Z_FINISH)
        rest -= Int(piece - stream.pointee.avail_out)
        if status == Z_STREAM_END { return output.count - rest }
        guard status == Z_OK, stream.pointee.avail_out == 0 else { return nil }
      }
      return nil
    }
    return count.map { Array(output[..<$0]) }
  }

  /// Compresses bytes, however many that takes.
  package func deflated(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let bound = Int(deflateBound(stream, UInt(bytes.count)))
    guard let output = deflated(bytes, limit: bound) else {
      preconditionFailure("zlib exceeded its own bound")
    }
    return output
  }
}
