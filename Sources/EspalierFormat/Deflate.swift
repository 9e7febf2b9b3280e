internal import CEspalierDecode
internal import CZlib

/// One zlib decompressor, for any number of streams one after the other.
///
/// zlib keeps the address of its stream, which is why the stream has its own place on the heap.
final class Inflater {
  /// What surrounds the deflated bytes.
  enum Wrapping: Int32 {
    /// Nothing (RFC 1951).
    case raw = -15
    /// A zlib header and an Adler-32 (RFC 1950).
    case zlib = 15
  }

  private let stream: UnsafeMutablePointer<z_stream>

  /// Makes a decompressor, or nil when there is no memory for it.
  init?(_ wrapping: Wrapping) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard espalier_inflate_init(stream, wrapping.rawValue) == Z_OK else {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Begins a stream whose output is to fill a buffer.
  func start(output: UnsafeMutableRawBufferPointer) {
    inflateReset(stream)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(output.count)
  }

  /// How far a stream has come.
  enum Progress {
    /// It wants more input.
    case hungry
    /// It has ended, all input was taken, and the output is full.
    case complete
    /// It is not valid, or does not end where input and output do.
    case broken
  }

  /// Feeds the next bytes of the stream.
  func feed(_ input: UnsafeMutableRawBufferPointer) -> Progress {
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(input.count)
    let status = inflate(stream, Z_NO_FLUSH)
    let isDrained = stream.pointee.avail_in == 0
    switch status {
    case Z_STREAM_END: return isDrained && stream.pointee.avail_out == 0 ? .complete : .broken
    case Z_OK: return isDrained ? .hungry : .broken
    default: return .broken
    }
  }
}

/// Inflates the chunks of byte planes, one after the other.
///
/// Most hold literals only, for which there is a fast decoder. Everything else is zlib's, which is also the judge of
/// what is valid: the fast decoder takes nothing that zlib would refuse, and refuses nothing.
struct ChunkInflater: ~Copyable {
  private let work: UnsafeMutablePointer<espalier_literals>
  private var inflater: Inflater?

  init() {
    work = .allocate(capacity: 1)
  }

  deinit {
    work.deallocate()
  }

  /// Inflates a bare deflate stream that ends with the input and fills the output.
  ///
  /// - Throws: `FormatError.badStream` when it is not such a stream, `outOfMemory`.
  mutating func inflate(
    _ input: UnsafeMutableRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
    of section: SectionID
  ) throws(FormatError) {
    let isInflated = espalier_inflate_literals(
      work, input.baseAddress, input.count, output.baseAddress, output.count)
    if isInflated { return }
    guard let inflater = inflater ?? Inflater(.raw) else { throw .outOfMemory(section) }
    self.inflater = inflater
    inflater.start(output: output)
    guard case .complete = inflater.feed(input) else { throw .badStream(section) }
  }
}
