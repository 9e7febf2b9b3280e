internal import CEspalierDecode
internal import EspalierGraph

/// Reads a range of a source once, from front to back, and keeps the CRC-32 of what it read.
///
/// It parses the framing: varints must be minimal, and no length may reach beyond the range. Small reads go through a
/// window of 4 KiB; large ones go straight to where they belong.
struct Cursor<Source: ByteSource>: ~Copyable {
  private static var windowBytes: Int { 4096 }
  /// Bytes that are read and summed at a time, so that they are summed while they are in the cache.
  private static var pieceBytes: Int { 1 << 18 }

  private let source: Source
  private let place: FilePlace
  /// Where the range ends.
  let end: Int
  /// Where the next byte lies.
  private(set) var offset: Int
  /// The checksum of what lies before the window.
  private var crcBeforeWindow: UInt32
  private let window: UnsafeMutableRawBufferPointer
  private var windowOffset: Int
  private var windowEnd: Int

  /// Starts at the beginning of a range.
  ///
  /// - Parameters:
  ///   - place: what the range is, for errors.
  ///   - crc: the checksum of what comes before the range.
  init(_ source: Source, _ range: Range<Int>, place: FilePlace, after crc: UInt32 = 0) {
    self.source = source
    self.place = place
    crcBeforeWindow = crc
    end = range.upperBound
    offset = range.lowerBound
    windowOffset = range.lowerBound
    windowEnd = range.lowerBound
    window = .allocate(byteCount: min(Self.windowBytes, max(range.count, 1)), alignment: 16)
  }

  deinit {
    window.deallocate()
  }

  /// How many bytes are left.
  var remaining: Int { end - offset }

  /// The checksum of what was read.
  var crc: UInt32 {
    crc32Checksum(.init(rebasing: window[..<(offset - windowOffset)]), after: crcBeforeWindow)
  }

  /// The error for bytes before the current position that break the layout.
  var malformed: FormatError { .malformed(place, offset: offset) }

  /// The next byte.
  mutating func byte() throws(FormatError) -> UInt8 {
    if offset == windowEnd { try refill() }
    let byte = window[offset - windowOffset]
    offset += 1
    return byte
  }

  private mutating func refill() throws(FormatError) {
    guard remaining > 0 else { throw malformed }
    let count = min(window.count, remaining)
    emptyWindow()
    try source.read(at: offset, into: .init(rebasing: window[..<count]))
    windowEnd = offset + count
  }

  /// Adds what was read of the window to the checksum, and leaves it behind.
  private mutating func emptyWindow() {
    crcBeforeWindow = crc
    windowOffset = offset
    windowEnd = offset
  }

  /// Fills a buffer with the next bytes.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) {
    guard buffer.count <= remaining else { throw malformed }
    let buffered = min(windowEnd - offset, buffer.count)
    let start = offset - windowOffset
    buffer.copyMemory(from: .init(rebasing: window[start..<start + buffered]))
    offset += buffered
    guard buffered < buffer.count else { return }
    emptyWindow()
    var done = buffered
    while done < buffer.count {
      let piece = UnsafeMutableRawBufferPointer(
        rebasing: buffer[done...].prefix(Self.pieceBytes))
      try source.read(at: offset, into: piece)
      crcBeforeWindow = crc32Checksum(.init(piece), after: crcBeforeWindow)
      offset += piece.count
      windowOffset = offset
      windowEnd = offset
      done += piece.count
    }
  }

  /// Passes over the rest of the range, for the checksum.
  mutating func skipToEnd() throws(FormatError) {
    offset = windowEnd
    while remaining > 0 {
      try refill()
      offset = windowEnd
    }
  }

  /// The next bytes; the caller has checked that they may be allocated.
  mutating func bytes(_ count: Int) throws(FormatError) -> [UInt8] {
    guard count <= remaining else { throw malformed }
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: FormatError?
    bytes.withUnsafeMutableBytes {
      do throws(FormatError) { try read(into: $0) } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Takes a byte that must have a value.
  mutating func expect(_ expected: UInt8) throws(FormatError) {
    guard try byte() == expected else { throw malformed }
  }

  /// Takes bytes that must have values.
  mutating func expect(_ expected: [UInt8]) throws(FormatError) {
    for byte in expected { try expect(byte) }
  }

  /// Takes a padding field after its tag: a length of one byte, then zeros.
  mutating func padding() throws(FormatError) {
    let count = try byte()
    guard count <= Layout.maximumPadding else { throw malformed }
    for _ in 0..<count { try expect(0) }
  }

  /// A varint of up to 64 bits in its shortest form.
  mutating func varint() throws(FormatError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw malformed }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 {
        guard next != 0 || shift == 0 else { throw malformed }
        return value
      }
      shift += 7
    }
  }

  /// A varint of up to 32 bits.
  mutating func number() throws(FormatError) -> UInt32 {
    guard let number = UInt32(exactly: try varint()) else { throw malformed }
    return number
  }

  /// The length of a field that lies wholly inside the range.
  mutating func length() throws(FormatError) -> Int {
    guard let length = Int(exactly: try varint()), length <= remaining else { throw malformed }
    return length
  }

  /// A name: not empty, printable, and not longer than names may be.
  mutating func name() throws(FormatError) -> Name {
    let count = try length()
    guard (1...GraphLimits.nameBytes).contains(count) else { throw malformed }
    let name = Name(utf8: try bytes(count))
    guard name.isPrintable else { throw malformed }
    return name
  }

  /// Four bytes, little-endian.
  mutating func fixed32() throws(FormatError) -> UInt32 {
    var value: UInt32 = 0
    for shift: UInt32 in [0, 8, 16, 24] { value |= UInt32(try byte()) << shift }
    return value
  }

  /// Eight bytes, little-endian.
  mutating func fixed64() throws(FormatError) -> UInt64 {
    let low = try fixed32()
    return UInt64(try fixed32()) << 32 | UInt64(low)
  }
}

/// The CRC-32 (ISO 3309, as zlib computes it) of bytes that follow others of a known CRC-32.
package func crc32Checksum(_ bytes: UnsafeRawBufferPointer, after crc: UInt32 = 0) -> UInt32 {
  espalier_crc32(crc, bytes.baseAddress, bytes.count)
}
