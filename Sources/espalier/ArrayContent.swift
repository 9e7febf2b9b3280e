import EspalierArrays
import EspalierFiles
import EspalierGraph
import EspalierZip

/// What a file of arrays holds; its first bytes tell the format, whatever its name is.
struct ArrayContent {
  /// The most bytes of a file that are read.
  static let byteLimit = 1 << 34

  let path: String
  let kind: FileKind
  private let bytes: [UInt8]

  /// Reads a file or a pipe of arrays.
  init(path: String) throws {
    let bytes = try fileBytes(path, limit: Self.byteLimit) {
      CommandError("\(shownPath(path)): \($0)")
    }
    if let problem = FileKind(bytes).problem(as: .arrays, path: path) {
      throw CommandError("\(path): \(problem)")
    }
    guard let content = ArrayContent(path: path, bytes) else {
      throw CommandError("\(path): this is no .npz, .npy or .safetensors file")
    }
    self = content
  }

  /// Takes what a file was found to hold; nil unless it is arrays.
  init?(path: String, _ bytes: [UInt8]) {
    kind = FileKind(bytes)
    guard FileKind.Purpose.arrays.kinds.contains(kind) else { return nil }
    self.path = path
    self.bytes = bytes
  }

  /// Reads the arrays; that of an `.npy` file has the name given for it.
  ///
  /// - Parameters:
  ///   - onlyName: the name of an array that has none.
  ///   - names: the arrays that are wanted; all when nil.
  ///   - narrowing: whether float64 numbers become float32 ones.
  /// - Returns: the arrays, and the names of those that nobody wants.
  func arrays(
    onlyName: Name = "array", only names: [Name]? = nil, narrowing: Bool = false
  ) throws -> (wanted: [NamedTensor], others: [Name]) {
    let options = ReadingOptions(narrowsFloat64: narrowing)
    return try withFile(path) {
      switch kind {
      case .npy:
        return ([try NamedTensor(npy: bytes, name: onlyName, options: options)], [])
      case .safetensors:
        let file = try SafeTensors(decoding: bytes, only: names)
        let tensors = narrowing ? try file.tensors.map { try $0.narrowed() } : file.tensors
        return (tensors, file.unread)
      default:
        let file = try NumPyArchive(decoding: bytes, options: options, only: names)
        if kind == .zip, file.tensors.isEmpty, file.unread.isEmpty,
          let problem = kind.problem(as: .table, path: path)
        {
          throw CommandError("\(path): \(problem)")
        }
        return (file.tensors, file.unread)
      }
    }
  }
}
