import CEspalier
import EspalierFormat
import EspalierGraph

/// Where a model's bytes are: in a file, in memory, or behind a callback.
enum HandleSource: ByteSource {
  case file(FileSource)
  case memory(MemorySource)
  case callback(CallbackSource)

  var byteCount: Int {
    switch self {
    case .file(let source): source.byteCount
    case .memory(let source): source.byteCount
    case .callback(let source): source.byteCount
    }
  }

  func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    switch self {
    case .file(let source): try source.read(at: offset, into: buffer)
    case .memory(let source): try source.read(at: offset, into: buffer)
    case .callback(let source): try source.read(at: offset, into: buffer)
    }
  }

  func lend(_ range: Range<Int>) throws(FormatError) -> TensorStorage? {
    switch self {
    case .file(let source): try source.lend(range)
    case .memory(let source): try source.lend(range)
    case .callback(let source): try source.lend(range)
    }
  }
}

/// Bytes that the caller reads.
struct CallbackSource: ByteSource, @unchecked Sendable {
  // Sendable as far as the caller's function is, which he is told.
  typealias Read =
    @convention(c) (UnsafeMutableRawPointer?, UInt64, UnsafeMutableRawPointer?, Int) -> Int32

  let byteCount: Int
  private let context: UnsafeMutableRawPointer?
  private let read: Read

  init(byteCount: Int, context: UnsafeMutableRawPointer?, read: @escaping Read) {
    self.byteCount = byteCount
    self.context = context
    self.read = read
  }

  func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    guard offset >= 0, offset <= byteCount, buffer.count <= byteCount - offset,
      read(context, UInt64(offset), buffer.baseAddress, buffer.count) == 0
    else { throw .endOfFile(offset: offset) }
  }
}
