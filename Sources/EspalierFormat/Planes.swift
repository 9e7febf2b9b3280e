/// The byte planes of a block of elements: plane `p` is byte `p`, counted from the least significant, of every element.
///
/// Elements of 2 and 4 bytes are first rotated left by one bit: a floating-point number's exponent then fills the
/// last plane whole, and its sign joins the mantissa. Exponents of trained weights take few values, so that plane is
/// the one that compresses; looking for repetitions besides would gain nothing.
package enum Planes {
  /// Planes that are taken apart or put together at a time, which bounds the working memory.
  package static let groupSize = 4

  /// Puts elements together from up to four planes.
  ///
  /// - Parameters:
  ///   - planes: the planes, each beginning `Layout.blockElements` bytes after the one before.
  ///   - first: the number of the first of them.
  ///   - width: bytes of an element: 2, 4 or 8.
  ///   - elements: where the elements go.
  static func join(
    _ planes: UnsafeRawPointer, from first: Int, width: Int,
    into elements: UnsafeMutableRawBufferPointer
  ) {
    let count = elements.count / width
    guard let base = elements.baseAddress else { return }
    let p0 = planes.assumingMemoryBound(to: UInt8.self)
    let p1 = p0 + Layout.blockElements
    if width == 2 {
      for index in 0..<count {
        let bits = UInt16(p0[index]) | UInt16(p1[index]) << 8
        base.storeBytes(
          of: (bits >> 1 | bits << 15).littleEndian, toByteOffset: 2 * index, as: UInt16.self)
      }
      return
    }
    let p2 = p1 + Layout.blockElements
    let p3 = p2 + Layout.blockElements
    let rotation: UInt32 = width == 4 ? 1 : 0
    for index in 0..<count {
      let low = UInt32(p0[index]) | UInt32(p1[index]) << 8
      let bits = low | UInt32(p2[index]) << 16 | UInt32(p3[index]) << 24
      base.storeBytes(
        of: (bits &>> rotation | bits &<< (32 &- rotation)).littleEndian,
        toByteOffset: width * index + first, as: UInt32.self)
    }
  }
}

extension SectionReader {
  /// Decodes byte planes, with no more working memory than four planes of a block and a chunk.
  mutating func decodePlanes(into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) {
    let width = header.elementBytes
    var sizes = Cursor(source, header.chunkSizes, place: .section(id))
    guard let inflater = Inflater(.raw) else { throw .outOfMemory(id) }
    let chunk = Layout.blockElements
    let scratch = UnsafeMutableRawBufferPointer.allocate(
      byteCount: (Planes.groupSize + 1) * chunk, alignment: 64)
    defer { scratch.deallocate() }
    let stored = UnsafeMutableRawBufferPointer(rebasing: scratch[(Planes.groupSize * chunk)...])

    for start in stride(from: 0, to: buffer.count, by: width * chunk) {
      let block = UnsafeMutableRawBufferPointer(rebasing: buffer[start...].prefix(width * chunk))
      if width == 1 {
        try decodeChunk(&sizes, inflater, stored, into: block)
        continue
      }
      for first in stride(from: 0, to: width, by: Planes.groupSize) {
        for plane in 0..<min(Planes.groupSize, width) {
          let output = scratch[(plane * chunk)...].prefix(block.count / width)
          try decodeChunk(&sizes, inflater, stored, into: .init(rebasing: output))
        }
        guard let planes = scratch.baseAddress else { return }
        Planes.join(planes, from: first, width: width, into: block)
      }
    }
  }

  /// Decodes the next chunk: stored as it is when its size says so, deflated otherwise.
  private mutating func decodeChunk(
    _ sizes: inout Cursor<Source>, _ inflater: Inflater, _ stored: UnsafeMutableRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    let size = Int(try sizes.number())
    guard size <= output.count else { throw .badSize(id) }
    if size == output.count { return try cursor.read(into: output) }
    let input = UnsafeMutableRawBufferPointer(rebasing: stored[..<size])
    try cursor.read(into: input)
    inflater.start(output: output)
    guard case .complete = inflater.feed(input) else { throw .badStream(id) }
  }
}
