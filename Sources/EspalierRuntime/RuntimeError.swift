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
  /// The memory for an input or output does not begin where its elements may.
  case misaligned(Name, boundary: Int)
  /// The input or output has elements of another type.
  case wrongElement(Name, found: ElementType, expected: ElementType)
  /// The batch, or another symbol's size, is not between 1 and the limit for a declared size.
  case badSize(Name, Int)
  /// A symbol's size is none of those that the model takes.
  case sizeOutOfRange(Int, SymbolRange)
  /// The graph does not fit these sizes.
  case doesNotFit(GraphError)
  /// The tensors need more memory than allowed.
  case outOfMemory(needed: Int, budget: Int)
  /// A run takes more operations than allowed.
  case tooManyOperations(needed: Int, budget: Int)
  /// An index names no position of what it points into, or a length is not one of the sequence.
  case outOfRange(node: Name, value: Int, allowed: ClosedRange<Int>)
  /// Two tensors that are needed at the same time were given the same memory: a fault of this library.
  case overlap(Name, Name)
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
    case .misaligned(let name, let boundary):
      "the memory for \(name) does not begin on a multiple of \(boundary) bytes"
    case .wrongElement(let name, let found, let expected):
      "\(name) has elements of type \(expected.label), not \(found.label)"
    case .badSize(let symbol, let size):
      "\(symbol) cannot be \(size)"
    case .sizeOutOfRange(let size, let range):
      "\(range.symbol) cannot be \(size); the model takes \(range)"
    case .doesNotFit(let error):
      "the model does not fit these sizes: \(error)"
    case .outOfMemory(let needed, let budget):
      needed == Int.max
        ? "the tensors do not fit any memory"
        : "the tensors need \(needed) bytes; \(budget) are allowed"
    case .tooManyOperations(let needed, let budget):
      "running takes \(needed == Int.max ? "more operations than can be counted" : "\(needed) operations"); "
        + "\(budget) are allowed"
    case .outOfRange(let node, let value, let allowed):
      "node \(node): \(value) is out of range; it takes \(allowed.lowerBound) to \(allowed.upperBound)"
    case .overlap(let one, let other):
      "\(one) and \(other) would lie in the same memory; this is a fault of the library: please report the model"
    }
  }
}
