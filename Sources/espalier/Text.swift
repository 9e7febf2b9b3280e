import EspalierFormat
import EspalierGraph
import EspalierReport

/// Names joined by commas, the first twenty of them.
func list(_ names: [Name]) -> String {
  let shown = names.prefix(20).map(\.description).joined(separator: ", ")
  return names.count > 20 ? "\(shown) and \(grouped(names.count - 20)) more" : shown
}

/// The bytes of a file.
func fileSize(_ path: String) throws -> Int {
  try withFile(path) { try FileSource(path: path).byteCount }
}
