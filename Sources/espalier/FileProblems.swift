import CEspalierSystem
import EspalierFiles
import EspalierFormat
import EspalierONNX

/// What is wrong with the file of a model, in words: what it is instead, where it is something else.
func problem(ofModel path: String, _ error: FormatError) -> String {
  problem(of: path, as: .model, error) ?? "\(error)"
}

/// What is wrong with an ONNX document, in words: what it is instead, where it is something else.
func problem(ofDocument path: String, _ error: any Error) -> String {
  switch error as? ONNXError {
  case .unreadable(let cause): problem(of: path, as: .document, cause) ?? "\(error)"
  case .notONNX, .unsupportedIRVersion(nil):
    FileKind(path: path)?.problem(as: .document, path: path) ?? "\(error)"
  default: "\(error)"
  }
}

private func problem(
  of path: String, as purpose: FileKind.Purpose, _ error: FormatError
) -> String? {
  if path == "-" {
    return "models are read from files, and not from standard input: write it to one first"
  }
  switch error {
  case .noTrailer, .fileProblem(.open, _):
    if let kind = FileKind(path: path) { return kind.problem(as: purpose, path: path) }
  default: return nil
  }
  guard case .fileProblem(_, let code) = error, espalier_is_no_file(-code) != 0 else { return nil }
  return "this is a pipe or a device; models are read from files: write it to one first"
}
