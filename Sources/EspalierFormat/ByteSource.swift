internal import CEspalierSystem
public import EspalierGraph

/// Bytes that can be read at any position: a file, memory, flash.
///
/// The bytes must not change while they are read. A reader that is allowed threads reads from several at once.
public protocol ByteSource: Sendable {
  /// How many bytes there are.
  var byteCount: Int { get }

  /// Fills a buffer with the bytes from a position on.
  ///
  /// - Throws: `FormatError.endOfFile` when there are not as many; whatever keeps them from being read.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FormatError)

  /// Lends bytes for as long as the returned storage lives, or returns nil when they have to be read.
  ///
  /// The default returns nil.
  ///
  /// - Throws: `FormatError.endOfFile` when there are not as many.
  func lend(_ range: Range<Int>) throws(FormatError) -> TensorStorage?
}

extension ByteSource {
  /// Lends nothing, so that all bytes are read.
  public func lend(_ range: Range<Int>) throws(FormatError) -> TensorStorage? { nil }
}

/// Bytes in memory; lends them where they stand on a boundary of `TensorStorage.alignment`.
public struct MemorySource: ByteSource, @unchecked Sendable {
  // Sendable is sound because the bytes do not change.
  private let bytes: UnsafeRawBufferPointer
  /// Keeps the bytes alive; nil when the caller does.
  private let owner: TensorStorage?

  /// Copies bytes to a boundary from which all that are aligned in them can be lent.
  public init(_ bytes: [UInt8]) {
    let copy = TensorStorage.filled(byteCount: bytes.count) { $0.copyBytes(from: bytes) }
    self.bytes = copy.withUnsafeBytes { $0 }
    owner = copy
  }

  /// Reads from memory that the caller keeps alive and unchanged as long as the source and the models loaded from it.
  ///
  /// For files in flash, which should lie on a boundary of `TensorStorage.alignment`: plain weights are then used
  /// where they are.
  public init(unsafeBytes bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    owner = nil
  }

  /// How many bytes there are.
  public var byteCount: Int { bytes.count }

  /// Fills a buffer with the bytes from a position on.
  public func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    guard offset >= 0, offset <= bytes.count, buffer.count <= bytes.count - offset else {
      throw .endOfFile(offset: offset)
    }
    buffer.copyMemory(from: .init(rebasing: bytes[offset...].prefix(buffer.count)))
  }

  /// Lends bytes that stand on a boundary.
  public func lend(_ range: Range<Int>) throws(FormatError) -> TensorStorage? {
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
      throw .endOfFile(offset: range.lowerBound)
    }
    return bytes.lend(range, keeping: owner)
  }
}

extension UnsafeRawBufferPointer {
  /// A storage that borrows some of the bytes and keeps their owner alive; nil when they are not on its boundary.
  fileprivate func lend<Owner: Sendable>(_ range: Range<Int>, keeping owner: Owner)
    -> TensorStorage?
  {
    let part = UnsafeRawBufferPointer(rebasing: self[range])
    guard let base = part.baseAddress, Int(bitPattern: base) % TensorStorage.alignment == 0 else {
      return nil
    }
    return TensorStorage(borrowing: part) { withExtendedLifetime(owner) {} }
  }
}

/// The bytes of a file, which stays open as long as the source lives.
///
/// Bytes are lent by mapping the file, read-only, where the system can. Whoever writes into a mapped file changes
/// weights that were checked, which `isChanged` tells, and whoever shortens it below weights in use makes the system end
/// the process (SIGBUS); the size is checked whenever bytes are lent, but not afterwards. Replacing a file by renaming
/// another, as all writers of this package do, leaves the mapped bytes as they are. Where files are changed in place,
/// turn mapping off, or handle the signal: the library installs no handlers, the command line does.
public struct FileSource: ByteSource {
  /// How many bytes the file had when it was opened.
  public let byteCount: Int
  private let file: OpenFile
  private let stamp: EspalierFileStamp
  private let mapping: Mapping?

  /// The open file.
  package var descriptor: Int32 { file.descriptor }

  /// Opens a regular file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - maps: whether plain weights are mapped rather than read.
  /// - Throws: `FormatError.fileProblem` when it cannot be opened.
  public init(path: String, maps: Bool = true) throws(FormatError) {
    try self.init(
      opened: path.withCString { espalier_file_open($0) }, mapsUnder: maps ? path : nil)
  }

  /// Takes over what opening a regular file returned: its descriptor, or a negated errno.
  ///
  /// - Parameter path: what the file is called while it is mapped; nil when it is not.
  package init(opened: Int32, mapsUnder path: String?) throws(FormatError) {
    guard opened >= 0 else { throw .fileProblem(.open, code: -opened) }
    file = OpenFile(opened)
    var stamp = EspalierFileStamp()
    let status = espalier_file_stamp(opened, &stamp)
    guard status >= 0, let count = Int(exactly: stamp.byte_count) else {
      throw .fileProblem(.open, code: -status)
    }
    byteCount = count
    self.stamp = stamp
    mapping = path.flatMap { Mapping.of(opened, byteCount: count, path: $0) }
  }

  /// Whether the file was written to since it was opened, so that lent bytes may be others than those that were checked.
  public var isChanged: Bool {
    var stamp = stamp
    return espalier_file_is_changed(descriptor, &stamp) != 0
  }

  /// Fills a buffer with the bytes from a position on.
  public func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    var done = 0
    while done < buffer.count {
      let count = espalier_file_read(
        descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done,
        Int64(offset + done))
      guard count >= 0 else {
        throw .fileProblem(.read, code: Int32(truncatingIfNeeded: -count))
      }
      guard count > 0 else { throw .endOfFile(offset: offset + done) }
      done += Int(count)
    }
  }

  /// Lends mapped bytes.
  public func lend(_ range: Range<Int>) throws(FormatError) -> TensorStorage? {
    guard let mapping else { return nil }
    let size = espalier_file_size(descriptor)
    guard size >= 0 else { throw .fileProblem(.read, code: Int32(truncatingIfNeeded: -size)) }
    guard range.lowerBound >= 0, range.upperBound <= byteCount, range.upperBound <= size else {
      throw .endOfFile(offset: max(range.lowerBound, min(Int(clamping: size), byteCount)))
    }
    return mapping.bytes.lend(range, keeping: mapping)
  }
}

/// A file that is closed when nobody reads it any more.
///
/// A class of its own, like `Mapping`, whose `init` does not fail: Embedded Swift 6.3 does not free an object whose does.
private final class OpenFile: Sendable {
  let descriptor: Int32

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit {
    _ = espalier_file_close(descriptor)
  }
}

/// A whole file in memory, for as long as one of its bytes is lent.
private final class Mapping: @unchecked Sendable {
  // Sendable is sound because nothing is written through it.
  let bytes: UnsafeRawBufferPointer

  private init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// Maps an open file; nil where that cannot be done.
  static func of(_ file: Int32, byteCount: Int, path: String) -> Mapping? {
    guard byteCount > 0 else { return nil }
    var start: UnsafeRawPointer?
    let status = path.withCString { espalier_file_map(file, byteCount, $0, &start) }
    guard status == 0 else { return nil }
    return Mapping(UnsafeRawBufferPointer(start: start, count: byteCount))
  }

  deinit {
    espalier_file_unmap(bytes.baseAddress, bytes.count)
  }
}

/// What an errno means, in words.
package func systemMessage(_ code: Int32) -> String {
  var text = [CChar](repeating: 0, count: 128)
  espalier_error_text(code, &text, text.count)
  let message = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  return message.isEmpty ? "error \(code)" : String(decoding: message, as: UTF8.self)
}
