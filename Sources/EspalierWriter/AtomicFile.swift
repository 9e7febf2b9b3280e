internal import CEspalierSystem
package import EspalierFormat

/// A complete file beside the one whose place it may take; it is removed when it does not, or when the process is
/// interrupted.
package final class PendingFile {
  /// Where it is.
  package let path: String
  private let target: Target
  private let file: Int32
  private var isInPlace = false

  /// Writes a new file beside a path, and flushes it to the disk.
  ///
  /// - Throws: `WriterError`; nothing is left behind.
  package init(
    beside path: String, by write: (inout FileSink) throws(WriterError) -> Void
  ) throws(WriterError) {
    target = try Target(path)
    (self.path, file) = try target.createPartial()
    try target.fill(file, by: write)
  }

  deinit {
    if !isInPlace { _ = path.withCString { espalier_file_remove($0) } }
    _ = espalier_partial_close(file)
  }

  /// Gives the file the name of the one that it replaces, and flushes the folder, so that the name survives a power cut
  /// too.
  package func putInPlace() throws(WriterError) {
    let renamed = path.withCString { from in
      target.path.withCString { espalier_file_rename(from, $0) }
    }
    try target.expectSuccess(renamed, .rename)
    isInPlace = true
    try target.expectSuccess(
      folder(of: target.path).withCString { espalier_folder_sync($0) }, .sync)
  }
}

/// Replaces a file in one step, or creates it: what is there stays until the new one is complete.
package func replaceFile(
  _ path: String, by write: (inout FileSink) throws(WriterError) -> Void
) throws(WriterError) {
  try PendingFile(beside: path, by: write).putInPlace()
}

/// Replaces a file by bytes in one step, or creates it.
package func replaceFile(_ path: String, with bytes: [UInt8]) throws(WriterError) {
  try replaceFile(path) { (file) throws(WriterError) in try file.write(bytes) }
}

/// The place of a file that is to be written.
private struct Target {
  /// The most that write one file at once.
  private static let mostWriters = 1000

  /// As the caller named it.
  private let name: String
  /// Where it is once symbolic links are followed.
  let path: String
  private let replaced: EspalierReplacedFile

  init(_ name: String) throws(WriterError) {
    self.name = name
    var replaced = EspalierReplacedFile()
    var path = [CChar](repeating: 0, count: 1 << 13)
    let found = name.withCString {
      espalier_file_replaced($0, &path, path.count, &replaced)
    }
    guard found >= 0 else { throw .fileProblem(.create, path: name, code: -found) }
    self.replaced = replaced
    self.path = String(
      decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Creates a file beside the place under a name that no other writer has, and removes those that dead ones have left.
  func createPartial() throws(WriterError) -> (path: String, file: Int32) {
    var replaced = replaced
    var attempt = 0
    while true {
      let partial = partialPath(attempt)
      let file = partial.withCString { espalier_partial_create($0, &replaced) }
      if file >= 0 {
        removeAbandoned(from: attempt + 1)
        return (partial, file)
      }
      if espalier_is_existing(file) == 0 || attempt == Self.mostWriters {
        throw .fileProblem(.create, path: name, code: -file)
      }
      attempt += 1
    }
  }

  private func removeAbandoned(from first: Int) {
    var attempt = first
    while partialPath(attempt).withCString({ espalier_partial_remove_abandoned($0) }) == 0 {
      attempt += 1
    }
  }

  /// Where a partial file may be; its name fits a file system even where the file's own takes all that one allows.
  private func partialPath(_ attempt: Int) -> String {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let start = slash.map { path.utf8.index(after: $0) } ?? path.utf8.startIndex
    return
      "\(path[..<start])\(shortFileName(Array(path[start...].utf8))).espalier-\(attempt).partial"
  }

  /// Writes and flushes a file.
  func fill(
    _ file: Int32, by write: (inout FileSink) throws(WriterError) -> Void
  ) throws(WriterError) {
    var replaced = replaced
    var sink = FileSink(file, path: name)
    try write(&sink)
    try sink.flush()
    try expectSuccess(espalier_partial_take_permissions(file, &replaced), .create)
    try expectSuccess(espalier_file_sync(file), .sync)
  }

  func expectSuccess(_ result: Int32, _ action: FileAction) throws(WriterError) {
    guard result >= 0 else { throw .fileProblem(action, path: name, code: -result) }
  }
}

/// Writes to a file, in large pieces.
package struct FileSink: ByteSink {
  private static let pieceBytes = 1 << 20

  private let file: Int32
  /// The file that this one is to replace, for errors.
  private let path: String
  private var buffer: [UInt8] = []

  fileprivate init(_ file: Int32, path: String) {
    self.file = file
    self.path = path
  }

  /// Writes bytes after those that were written before.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(WriterError) {
    if buffer.count + bytes.count > Self.pieceBytes { try flush() }
    if bytes.count >= Self.pieceBytes {
      try writeOut(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  /// Writes a whole file, sharing its bytes on the disk where the file system can.
  package mutating func write(_ source: FileSource) throws(WriterError) {
    try flush()
    let result = espalier_file_copy(source.descriptor, file, Int64(source.byteCount))
    guard result >= 0 else { throw .fileProblem(.write, path: path, code: -result) }
  }

  fileprivate mutating func flush() throws(WriterError) {
    var failure: WriterError?
    buffer.withUnsafeBytes {
      do throws(WriterError) { try writeOut($0) } catch { failure = error }
    }
    if let failure { throw failure }
    buffer.removeAll(keepingCapacity: true)
  }

  private func writeOut(_ bytes: UnsafeRawBufferPointer) throws(WriterError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = espalier_file_write(file, rest.baseAddress, rest.count)
      guard count >= 0 else {
        throw .fileProblem(.write, path: path, code: Int32(truncatingIfNeeded: -count))
      }
      done += Int(count)
    }
  }
}

/// Makes a folder, and those that it lies in, where there is none.
package func makeFolder(_ path: String) throws(WriterError) {
  let made = path.withCString { espalier_folder_make($0) }
  guard made >= 0 else { throw .noFolder(path, code: -made) }
}

/// The folder that a path lies in.
package func folder(of path: String) -> String {
  let bytes = Array(path.utf8)
  guard let slash = bytes.lastIndex(of: 0x2F) else { return "." }
  return slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
}
