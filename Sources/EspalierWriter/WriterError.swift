public import EspalierFormat
public import EspalierGraph

/// Why a model could not be written.
public enum WriterError: Error, Sendable, Equatable {
  /// The operating system refused an action on the file to be written; `code` is its errno.
  case fileProblem(FileAction, path: String, code: Int32)
  /// A folder could not be made; `code` is the errno.
  case noFolder(String, code: Int32)
  /// A file that was to be copied from could not be read.
  case unreadable(FormatError)
  /// A file of heads could not be read.
  case unreadableHead(String, FormatError)
  /// The index of a file states another digest than the payload of a section has.
  case wrongDigest(SectionID)
  /// No beginning of a damaged file is a model.
  case nothingToRecover
  /// A head that was asked for is not in the model.
  case unknownHead(Name)
  /// A graph is larger than readers accept.
  case graphTooLarge(SectionID, bytes: Int, limit: Int)
  /// There are more sections than readers accept.
  case tooManySections(Int, limit: Int)
}

extension WriterError {
  /// Whether the description begins with the path of the file that the error is of, which is then not the one that was
  /// read.
  package var namesItsFile: Bool {
    switch self {
    case .fileProblem, .noFolder, .unreadableHead: true
    case .unreadable, .wrongDigest, .nothingToRecover, .unknownHead, .graphTooLarge,
      .tooManySections:
      false
    }
  }
}

extension WriterError: CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .fileProblem(.create, let path, code: 2):
      "\(path): the file could not be created: there is no folder to create it in"
    case .fileProblem(let action, let path, let code):
      "\(path): the file could not be \(action.label): \(systemMessage(code))"
    case .noFolder(let path, let code):
      "\(path): the folder could not be made: \(systemMessage(code))"
    case .unreadable(let error):
      "\(error)"
    case .unreadableHead(let path, let error):
      "\(path): \(error)"
    case .wrongDigest(let section):
      "\(section): its digest is not the one that the index states; the file was forged, or made by a "
        + "faulty program: ask for it where it was made"
    case .nothingToRecover:
      "no beginning of the file is a whole model; there is nothing to recover"
    case .unknownHead(let name):
      "the model has no head \(name)"
    case .graphTooLarge(let section, let bytes, let limit):
      "\(section): the graph takes \(bytes) bytes; the limit is \(limit)"
    case .tooManySections(let count, let limit):
      "the file would have \(count) sections; the limit is \(limit)"
    }
  }
}
