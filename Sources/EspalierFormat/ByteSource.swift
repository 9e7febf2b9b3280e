internal import CEspalierSystem

/// Bytes that can be read at any position: a file, memory, flash.
public protocol ByteSource {
  /// How many bytes there are.
  var byteCount: Int { get }

  /// Fills a buffer with the bytes from a position on.
  ///
  /// - Throws: `FormatError.endOfFile` when there are not as many; whatever keeps them from being read.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FormatError)
}

/// Bytes in memory.
public struct MemorySource: ByteSource, Sendable {
  private let bytes: [UInt8]

  /// Reads from bytes.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
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
    bytes.withUnsafeBytes {
      buffer.copyMemory(from: .init(rebasing: $0[offset...].prefix(buffer.count)))
    }
  }
}

/// The bytes of a file, which stays open as long as the source lives.
public final class FileSource: ByteSource, Sendable {
  /// How many bytes the file had when it was opened.
  public let byteCount: Int
  /// The open file.
  package let descriptor: Int32

  /// Opens a regular file.
  ///
  /// - Throws: `FormatError.fileProblem` when it cannot be opened.
  public init(path: String) throws(FormatError) {
    descriptor = path.withCString { espalier_file_open($0) }
    guard descriptor >= 0 else { throw .fileProblem(.open, code: -descriptor) }
    let size = espalier_file_size(descriptor)
    guard size >= 0, let count = Int(exactly: size) else {
      _ = espalier_file_close(descriptor)
      throw .fileProblem(.open, code: Int32(truncatingIfNeeded: -size))
    }
    byteCount = count
  }

  deinit {
    _ = espalier_file_close(descriptor)
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
}

/// What an errno means, in words.
package func systemMessage(_ code: Int32) -> String {
  var text = [CChar](repeating: 0, count: 128)
  espalier_error_text(code, &text, text.count)
  let message = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  return message.isEmpty ? "error \(code)" : String(decoding: message, as: UTF8.self)
}
