internal import EspalierGraph

/// Why a node of a document cannot become part of a model.
struct ImportProblem: Error, Hashable {
  /// What is wrong, without the node.
  let reason: String
  /// What to do about it; empty when there is nothing but to change the document.
  let remedy: String
  /// Whether it is work that is refused, which would be done for other sizes.
  var isOverBudget = false

  /// What to do where something depends on sizes that are not fixed.
  static let giveSizes = "give the sizes of the inputs with --input-shape"

  /// The most characters of a reason, which may repeat what a document says.
  private static let longest = 400

  init(_ reason: String, remedy: String = "") {
    let isLong = reason.utf8.count > Self.longest
    self.reason = isLong ? "\(reason.prefix(Self.longest))…" : reason
    self.remedy = remedy
  }

  /// Work that is not done.
  static func overBudget(_ reason: String, remedy: String) -> ImportProblem {
    var problem = ImportProblem(reason, remedy: remedy)
    problem.isOverBudget = true
    return problem
  }
}

extension ImportProblem: CustomStringConvertible {
  /// What is wrong and what to do about it, in words.
  var description: String { remedy.isEmpty ? reason : "\(reason); \(remedy)" }
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
  /// The nodes that were looked at before the first of them.
  var progress = 0
  /// Whether the first of them is refused for the work that it would be.
  var isOverBudget = false
  /// Whether there are nodes among them that cannot be converted whatever the sizes are.
  var isUnknown = false
}

extension UnconvertibleNodes: CustomStringConvertible {
  /// Groups that messages have.
  private static let shownGroups = 50

  /// A paragraph for each group, the first of very many, in lines of 80 columns where names are short.
  public var description: String {
    let count = groups.reduce(0) { $0 + $1.nodes.count }
    var lines = ["\(count) \(count == 1 ? "node" : "nodes") cannot be converted:"]
    for group in groups.prefix(Self.shownGroups) {
      lines += wrapped("\(group.operatorType) (\(group.nodes.count)): \(group.reason)", indent: 2)
      let shown = group.nodes.prefix(3).joined(separator: ", ")
      let rest = group.nodes.count > 3 ? " and \(group.nodes.count - 3) more" : ""
      lines += wrapped("at \(shown)\(rest)", indent: 4)
      if !group.remedy.isEmpty { lines += wrapped(group.remedy, indent: 4) }
    }
    if groups.count > Self.shownGroups {
      lines.append("  and \(groups.count - Self.shownGroups) more kinds of problems")
    }
    if skipped > 0 {
      lines += wrapped(
        "\(skipped) more \(skipped == 1 ? "node depends" : "nodes depend") on "
          + "\(count == 1 ? "it" : "them") and \(skipped == 1 ? "was" : "were") not looked at",
        indent: 0)
    }
    return lines.joined(separator: "\n")
  }

  /// Text in lines of 80 columns, those after the first two columns further in; words stay whole.
  private func wrapped(_ text: String, indent: Int) -> [String] {
    var lines: [String] = []
    var line = String(repeating: " ", count: indent)
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > 80 {
        lines.append(line)
        line = String(repeating: " ", count: indent + 2)
        isEmpty = true
      }
      line += isEmpty ? "\(word)" : " \(word)"
      isEmpty = false
    }
    return lines + [line]
  }
}

extension ImportProblem {
  /// Why an operator cannot be applied; an attribute that it cannot have with its value.
  init(_ error: OperatorError, _ operator: Operator) {
    guard case .invalidAttribute(let key) = error,
      let attribute = `operator`.attributes.first(where: { $0.key == key })
    else {
      self.init("\(error)")
      return
    }
    self.init("its \(key.label) cannot be \(attribute.value.text)")
  }
}

extension AttributeValue {
  /// The value in messages.
  fileprivate var text: String {
    switch self {
    case .integer(let number): "\(number)"
    case .integers(let numbers): listed(numbers)
    case .number(let number): "\(number)"
    case .numbers(let numbers): listed(numbers)
    }
  }
}

/// Numbers in messages, of which long lists are cut short.
func listed<Number>(_ numbers: [Number]) -> String {
  let shown = numbers.prefix(8).map { "\($0)" }.joined(separator: ", ")
  return numbers.count > 8 ? "[\(shown), … \(numbers.count) in all]" : "[\(shown)]"
}
