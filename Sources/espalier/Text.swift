import EspalierFormat
import EspalierGraph
import EspalierReport
import Foundation

/// Names joined by commas, the first twenty of them.
func list(_ names: [Name]) -> String {
  let shown = names.prefix(20).map(\.description).joined(separator: ", ")
  return names.count > 20 ? "\(shown) and \(grouped(names.count - 20)) more" : shown
}

/// The bytes of a file.
func fileSize(_ path: String) throws -> Int {
  try withFile(path) { try FileSource(path: path).byteCount }
}

/// A word of a command that is proposed, in quotes where a shell would take it apart.
func quotedForShell(_ word: String) -> String {
  let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_".utf8)
  if !word.isEmpty, word.utf8.allSatisfy(plain.contains) { return word }
  return "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
}
