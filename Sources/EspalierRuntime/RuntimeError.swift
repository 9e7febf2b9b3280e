public import EspalierGraph

/// Why a plan cannot be made or a session cannot run.
public enum RuntimeError: Error, Sendable, Equatable {
  /// The model has no head of this name.
  case unknownHead(Name)
  /// The model has no input of this name, or none of the chosen heads needs it.
  case unknownInput(Name)
  /// The head has no output of this name, or was not chosen.
  case unknownOutput(head: Name, output: Name)
  /// An input or the number of rows has the wrong number of elements.
  case wrongCount(Name, found: Int, expected: Int)
  /// An input was never given.
  case missingInput(Name)
  /// The batch is not between 1 and the limit for a declared size.
  case badBatch(Int)
  /// The graph does not fit this batch.
  case doesNotFitBatch(GraphError)
  /// The tensors need more memory than allowed.
  case outOfMemory(needed: Int, budget: Int)
}

extension RuntimeError: CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .unknownHead(let name):
      "there is no head \(name)"
    case .unknownInput(let name):
      "there is no input \(name), or the chosen heads do not need it"
    case .unknownOutput(let head, let output):
      "head \(head) has no output \(output), or was not chosen"
    case .wrongCount(let name, let found, let expected):
      "input \(name) was given \(found) elements; it has \(expected)"
    case .missingInput(let name):
      "input \(name) was never given"
    case .badBatch(let batch):
      "a batch of \(batch) rows is not possible"
    case .doesNotFitBatch(let error):
      "the model does not fit this batch: \(error)"
    case .outOfMemory(let needed, let budget):
      needed == Int.max
        ? "the tensors do not fit any memory"
        : "the tensors need \(needed) bytes; \(budget) are allowed"
    }
  }
}
