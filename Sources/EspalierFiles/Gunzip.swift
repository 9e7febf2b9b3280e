internal import CZlib

/// The content of gzip members one behind the other (RFC 1952), `limit` bytes at most.
///
/// - Parameters:
///   - bytes: the members and nothing else.
///   - limit: the most bytes that are made of them.
///   - failure: makes the error of a message.
/// - Throws: what `failure` makes.
package func gunzipped(
  _ bytes: [UInt8], limit: Int, failure: (String) -> any Error
) throws -> [UInt8] {
  // zlib keeps the address of its stream.
  let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  stream.initialize(to: z_stream())
  defer { stream.deallocate() }
  guard espalier_inflate_init(stream, MAX_WBITS + 16) == Z_OK else {
    throw failure("there is not enough memory to decompress it")
  }
  defer { inflateEnd(stream) }

  var content: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 18)
  var position = 0
  while position < bytes.count {
    inflateReset(stream)
    var status = Z_OK
    while status != Z_STREAM_END {
      let (taken, made) = step(stream, bytes[position...], into: &piece, &status)
      position += taken
      guard made <= limit - content.count else {
        throw failure("more than \(limit) bytes when decompressed, the most that are read")
      }
      content.append(contentsOf: piece.prefix(made))
      guard status == Z_OK || status == Z_STREAM_END, taken + made > 0 else {
        throw failure("the compressed data is damaged or cut short; fetch the file again")
      }
    }
  }
  return content
}

/// Inflates some of the next bytes; returns how many were taken and made.
private func step(
  _ stream: UnsafeMutablePointer<z_stream>, _ bytes: ArraySlice<UInt8>, into piece: inout [UInt8],
  _ status: inout Int32
) -> (taken: Int, made: Int) {
  bytes.withUnsafeBufferPointer { input in
    piece.withUnsafeMutableBufferPointer { output in
      let given = min(input.count, 1 << 30)
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(given)
      stream.pointee.next_out = output.baseAddress
      stream.pointee.avail_out = UInt32(output.count)
      status = inflate(stream, Z_NO_FLUSH)
      return (given - Int(stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out))
    }
  }
}
