internal import CEspalierSystem
internal import Foundation

extension FileKind {
  /// Tells the kind of what a path names.
  ///
  /// - Returns: nil when there is nothing, or nothing that may be read without taking it away, such as a pipe.
  public init?(path: String) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
    if isFolder.boolValue {
      self = Self.folder(path)
      return
    }
    let file = espalier_file_open(path)
    guard file >= 0 else { return nil }
    defer { _ = espalier_file_close(file) }
    let size = espalier_file_size(file)
    var prefix = [UInt8](repeating: 0, count: Self.prefixLength)
    let count = espalier_file_read(file, &prefix, prefix.count, 0)
    guard size >= 0, count >= 0 else { return nil }
    self.init(prefix: prefix.prefix(Int(count)), byteCount: Int(clamping: size))
  }

  private static func folder(_ path: String) -> FileKind {
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
    if has("recipe.yaml") && has("metrics.jsonl") { return .runFolder }
    return has("saved_model.pb") ? .savedModel : .folder
  }
}
