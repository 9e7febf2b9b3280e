import EspalierFormat
import EspalierGraph
import EspalierReport
import Foundation

/// The bytes of a file.
func fileSize(_ path: String) throws -> Int {
  try withFile(path) { try FileSource(path: path).byteCount }
}

/// The most columns for the name of a head in a table.
let headNameWidth = 30

/// A word of a command that is proposed, in quotes where a shell would take it apart.
func quotedForShell(_ word: String) -> String {
  let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_".utf8)
  if !word.isEmpty, word.utf8.allSatisfy(plain.contains) { return word }
  return "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
}
