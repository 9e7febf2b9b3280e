/// Why a node of a document cannot become part of a model.
struct ImportProblem: Error, Hashable {
  /// What is wrong, without the node.
  let reason: String
  /// What to do about it; empty when there is nothing but to change the document.
  let remedy: String

  init(_ reason: String, remedy: String = "") {
    self.reason = reason
    self.remedy = remedy
  }

  /// The operator is not known.
  static func unknownOperator(_ type: String) -> ImportProblem {
    ImportProblem("the operator is not supported")
  }
}

/// Everything in a document that cannot be converted.
public struct UnconvertibleNodes: Error, Sendable, Equatable {
  /// Nodes of one operator that cannot be converted for one reason.
  public struct Group: Sendable, Equatable {
    /// The operator, with its domain when that is not ONNX's.
    public let operatorType: String
    /// Why they cannot be converted.
    public let reason: String
    /// What to do about it; empty when there is nothing but to change the document.
    public let remedy: String
    /// The nodes in the order of the document: their names, or what they make when they have none.
    public let nodes: [String]
  }

  /// The groups, the largest first.
  public let groups: [Group]
  /// How many nodes were not looked at because they read what these would make.
  public let skipped: Int
}

extension UnconvertibleNodes: CustomStringConvertible {
  /// All groups, a paragraph each.
  public var description: String {
    let count = groups.reduce(0) { $0 + $1.nodes.count }
    var lines = ["\(count) \(count == 1 ? "node" : "nodes") cannot be converted:"]
    for group in groups {
      lines.append("  \(group.operatorType) (\(group.nodes.count)): \(group.reason)")
      let shown = group.nodes.prefix(3).joined(separator: ", ")
      let rest = group.nodes.count > 3 ? " and \(group.nodes.count - 3) more" : ""
      lines.append("    at \(shown)\(rest)")
      if !group.remedy.isEmpty { lines.append("    \(group.remedy)") }
    }
    if skipped > 0 {
      lines.append(
        "\(skipped) more \(skipped == 1 ? "node depends" : "nodes depend") on "
          + "\(count == 1 ? "it" : "them") and \(skipped == 1 ? "was" : "were") not looked at")
    }
    return lines.joined(separator: "\n")
  }
}
