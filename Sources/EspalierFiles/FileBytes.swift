internal import CEspalierSystem
internal import EspalierGraph

/// The bytes of a file, of a pipe, or of standard input, `limit` at most.
///
/// - Parameters:
///   - path: the file or pipe; `-` is standard input.
///   - limit: the most bytes that are accepted.
///   - failure: makes the error of a message.
/// - Throws: what `failure` makes.
package func fileBytes(
  _ path: String, limit: Int, failure: (String) -> any Error
) throws -> [UInt8] {
  try fileBytes(path, limit: { _ in limit }, failure: failure)
}

/// The bytes of a file, of a pipe, or of standard input, as many at most as are read of its kind.
package func fileBytes(
  _ path: String, limit: (FileKind) -> Int, failure: (String) -> any Error
) throws -> [UInt8] {
  let file = espalier_input_open(path)
  guard file >= 0 else { throw failure(reasonNotOpened(path, file)) }
  defer { _ = espalier_file_close(file) }
  var bytes: [UInt8] = []
  var most: Int?
  var part = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = espalier_input_read(file, &part, part.count)
    guard count >= 0 else { throw failure("reading fails: \(systemText(Int32(-count)))") }
    if count == 0 { break }
    bytes.append(contentsOf: part.prefix(Int(count)))
    if most == nil, bytes.count >= FileKind.prefixLength {
      let kind = FileKind(prefix: bytes.prefix(FileKind.prefixLength), byteCount: Int.max)
      most = limit(kind)
      let size = Int(clamping: espalier_file_size(file))
      bytes.reserveCapacity(min(max(size, 0), most ?? 0) + part.count)
    }
    if let most, bytes.count > most {
      throw failure("more than \(most) bytes, the most that are read")
    }
  }
  // A file that is smaller than what tells its kind.
  let last = most ?? limit(FileKind(bytes))
  guard bytes.count <= last else {
    throw failure("more than \(last) bytes, the most that are read")
  }
  return bytes
}

/// A path as messages show it.
package func shownPath(_ path: String) -> String {
  path == "-" ? "standard input" : visible(cleanPath(path))
}

private func reasonNotOpened(_ path: String, _ result: Int32) -> String {
  if espalier_is_missing(result) != 0 { return "there is no such file" }
  if espalier_is_folder(result) != 0 {
    return "this is \((FileKind(path: path) ?? .folder).noun); name a file"
  }
  if espalier_is_device(result) != 0 { return "this is a device; files and pipes are read" }
  return "the file cannot be opened: \(systemText(-result))"
}

/// What an errno means, in words.
private func systemText(_ code: Int32) -> String {
  var text = [CChar](repeating: 0, count: 128)
  espalier_error_text(code, &text, text.count)
  return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
