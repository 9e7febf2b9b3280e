internal import CEspalierSystem
internal import EspalierFormat

/// Replaces a file in one step, or creates it.
///
/// The bytes go to a new file beside it, which is flushed to the disk and then given the name; last the folder is
/// flushed, so that the name survives a power cut too. On an error the new file is removed and the old one stays.
package func replaceFile(_ path: String, with bytes: [UInt8]) throws(WriterError) {
  let partial = try create(beside: path)
  do throws(WriterError) {
    try fill(partial.file, with: bytes)
    let renamed = partial.path.withCString { from in
      path.withCString { espalier_file_rename(from, $0) }
    }
    try expectSuccess(renamed, .rename)
  } catch {
    _ = partial.path.withCString { espalier_file_remove($0) }
    throw error
  }
  try expectSuccess(folder(of: path).withCString { espalier_folder_sync($0) }, .sync)
}

/// Creates a file beside `path` of a name that nothing has.
private func create(beside path: String) throws(WriterError) -> (path: String, file: Int32) {
  var attempt = 0
  while true {
    let partial = "\(path).\(espalier_process_number()).\(attempt).partial"
    let file = partial.withCString { espalier_file_create($0) }
    if file >= 0 { return (partial, file) }
    attempt += 1
    guard espalier_is_existing(file) != 0, attempt < 1000 else {
      throw .fileProblem(.create, code: -file)
    }
  }
}

/// Writes, flushes and closes a file.
private func fill(_ file: Int32, with bytes: [UInt8]) throws(WriterError) {
  var result = write(bytes, to: file)
  var action = FileAction.write
  if result >= 0 {
    result = espalier_file_sync(file)
    action = .sync
  }
  let closed = espalier_file_close(file)
  try expectSuccess(result, action)
  try expectSuccess(closed, .write)
}

/// Writes all bytes; returns a negated errno when that fails.
private func write(_ bytes: [UInt8], to file: Int32) -> Int32 {
  bytes.withUnsafeBytes { bytes in
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = espalier_file_write(file, rest.baseAddress, rest.count)
      if count < 0 { return Int32(truncatingIfNeeded: count) }
      done += Int(count)
    }
    return 0
  }
}

private func expectSuccess(_ result: Int32, _ action: FileAction) throws(WriterError) {
  guard result >= 0 else { throw .fileProblem(action, code: -result) }
}

/// The folder that a path lies in.
private func folder(of path: String) -> String {
  let bytes = Array(path.utf8)
  guard let slash = bytes.lastIndex(of: 0x2F) else { return "." }
  return slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
}
