public import EspalierGraph

/// Why a model cannot go out as a whole.
public enum ExportError: Error, Sendable, Equatable {
  /// There is no such head.
  case unknownHead(Name, known: [Name])
  /// The version of ONNX's operators is not one that is written.
  case unsupportedOpset(Int)
  /// An output of a head would have a name that something else of the document has.
  case takenName(Name, head: Name, by: NameHolder)
  /// A document is not that of the model: heads have no output, or outputs no head.
  case otherOutputs(missing: [Name], unknown: [Name])

  /// What has a name that an output of a head would have, too.
  public enum NameHolder: Sendable, Equatable {
    /// An input that is not this output.
    case input
    /// Another output.
    case output
  }
}

extension ExportError: CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .unknownHead(let name, let known):
      "there is no head \(listed([name])); the heads are \(listed(known))"
    case .unsupportedOpset(let version):
      "opset \(version) is not written; \(ONNXModel.writtenOpsets.lowerBound) to "
        + "\(ONNXModel.writtenOpsets.upperBound) are"
    case .takenName(let name, let head, let holder):
      "head \(head): its output would be called \(name), as "
        + (holder == .input ? "an input" : "another output")
        + " is, and ONNX has each name once; leave the head out with --heads, "
        + "or make the model with another name for one of the two"
    case .otherOutputs(let missing, let unknown):
      "the document is not of this model: "
        + [("no output for", missing), ("no head for", unknown)]
        .filter { !$0.1.isEmpty }
        .map { "there is \($0.0) \(listed($0.1))" }
        .joined(separator: "; ")
    }
  }
}

/// Everything in a model that ONNX has no words for.
public struct UnexportableNodes: Error, Sendable, Equatable {
  /// A node that cannot go out.
  public struct Problem: Sendable, Equatable {
    /// The head that it belongs to, or nil for the trunk.
    public let head: Name?
    /// Its name.
    public let node: Name
    /// What it computes.
    public let kind: String
    /// Why it cannot go out.
    public let reason: String
    /// The first opset that has words for it; nil when none has.
    public let neededOpset: Int?
  }

  /// The nodes in the order of the model.
  public let problems: [Problem]

  /// The first opset that has words for all of them; nil when none has.
  public var neededOpset: Int? {
    let opsets = problems.compactMap(\.neededOpset)
    return opsets.count == problems.count ? opsets.max() : nil
  }
}

extension UnexportableNodes: CustomStringConvertible {
  /// Nodes that messages have.
  private static let shownNodes = 50

  /// A line for each node, the first of very many.
  public var description: String {
    let count = problems.count
    var lines = ["\(count) \(count == 1 ? "node" : "nodes") cannot go out to ONNX:"]
    lines += problems.prefix(Self.shownNodes).map { problem in
      let owner = problem.head.map { "head \($0)" } ?? "trunk"
      return "  \(owner), node \(problem.node) (\(problem.kind)): \(problem.reason)"
    }
    if count > Self.shownNodes { lines.append("  and \(count - Self.shownNodes) more") }
    if let neededOpset {
      lines.append("opset \(neededOpset) has words for \(count == 1 ? "it" : "all of them")")
    }
    return lines.joined(separator: "\n")
  }
}

/// Why one node cannot go out.
struct ExportProblem: Error {
  let reason: String
  /// The first opset that has words for it; nil when none has.
  let neededOpset: Int?

  init(_ reason: String) {
    self.reason = reason
    neededOpset = nil
  }

  /// - Parameters:
  ///   - subject: what is asked for, in the plural.
  ///   - neededOpset: the first opset that has words for it.
  init(_ subject: String, needsOpset neededOpset: Int) {
    reason = "\(subject) need opset \(neededOpset)"
    self.neededOpset = neededOpset
  }
}
