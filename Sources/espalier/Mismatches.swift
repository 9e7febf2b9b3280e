import EspalierArrays
import EspalierGraph
import EspalierInference
import EspalierText

/// Does something with arrays; what does not fit becomes lines under a title.
func fitting<Result>(_ title: String, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as InputMismatch {
    throw CommandError(title, error.problems.map(\.description))
  } catch let error as WeightsMismatch {
    throw CommandError(title, error.lines)
  }
}

extension WeightsMismatch {
  /// What does not fit, a line each; unknown tensors with the missing ones that they may be meant for.
  fileprivate var lines: [String] {
    let missing = problems.compactMap {
      if case .missing(let name, _) = $0 { "\(name)" } else { nil }
    }
    return problems.map { problem in
      guard case .unknown(let name) = problem else { return "\(problem)" }
      return "\(problem)\(suggestion(for: "\(name)", among: missing))"
    }
  }
}
