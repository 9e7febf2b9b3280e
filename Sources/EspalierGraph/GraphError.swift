/// Where in a model something is wrong.
public struct NodePlace: Sendable, Equatable {
  /// The graph: a head's name, or nil for the trunk.
  public let head: Name?
  /// The position of the node in its graph.
  public let index: Int
  /// The node's name.
  public let name: Name

  /// Makes a place.
  public init(head: Name?, index: Int, name: Name) {
    self.head = head
    self.index = index
    self.name = name
  }
}

/// What kind of thing a name or a count belongs to.
public enum GraphPart: Sendable, Equatable {
  /// Inputs of a graph.
  case input
  /// Parameters of a graph.
  case parameter
  /// Nodes of a graph.
  case node
  /// Outputs of a graph.
  case output
  /// Heads of a model.
  case head
  /// Labels of a task.
  case label
  /// Columns of an input.
  case column
  /// Categories of a column.
  case category
  /// Metrics of a head.
  case metric
  /// Notes about a model.
  case note
  /// Any other piece of text.
  case text

  /// The part's name in messages.
  public var label: String {
    switch self {
    case .input: "input"
    case .parameter: "parameter"
    case .node: "node"
    case .output: "output"
    case .head: "head"
    case .label: "label"
    case .column: "column"
    case .category: "category"
    case .metric: "metric"
    case .note: "note"
    case .text: "text"
    }
  }

  /// The name of several.
  var plural: String {
    switch self {
    case .category: "categories"
    case .input, .parameter, .node, .output, .head, .label, .column, .metric, .note, .text:
      "\(label)s"
    }
  }
}

/// Why a model is refused.
///
/// `head` is the name of the head whose graph is meant, nil for the trunk.
public enum GraphError: Error, Sendable, Equatable {
  /// A name is empty, too long, or not printable UTF-8.
  case badName(GraphPart, head: Name?)
  /// Two things of one kind have the same name.
  case duplicateName(GraphPart, Name, head: Name?)
  /// A head has a name that no head may have.
  case reservedName(Name)
  /// There are more things of a kind than the limit allows.
  case tooMany(GraphPart, count: Int, limit: Int, head: Name?)
  /// A graph has no output.
  case noOutput(head: Name?)
  /// An input's declared size is not between 1 and the limit, or it has too many axes.
  case badInput(Name, head: Name?)
  /// The sizes that a symbol may have are impossible, not the symbol's, or leave out the size that it is checked with.
  case badSymbolRange(Name)
  /// A column's mean or range is not finite, or its deviation is not a positive number.
  case badColumn(Name)
  /// A parameter's sizes are not positive, its numbers do not lie inside its storage, or cannot be stored so.
  case badParameter(Name, head: Name?)
  /// A node reads a value that is not an input, a parameter or an earlier node.
  case undefinedValue(Int, NodePlace)
  /// A node's attributes or the types of its inputs are refused.
  case invalidNode(OperatorError, NodePlace)
  /// An output names a value that does not exist.
  case undefinedOutput(Name, head: Name?)
  /// A head reads a trunk feature that does not exist.
  case unknownFeature(Name, head: Name)
  /// A head reads another head, or an output of it, that does not exist.
  case unknownSource(head: Name, output: Name, reader: Name)
  /// A head's input is declared with another type than what it reads has.
  case featureMismatch(GraphInput, found: TensorType, head: Name)
  /// Heads read one another in a circle.
  case cycle(Name)
  /// A head's description does not fit its outputs, or holds a number that is not finite.
  case badTask(TaskProblem, head: Name)
}

/// What is wrong with a head's description.
public enum TaskProblem: Sendable, Equatable {
  /// There are not as many labels as output columns.
  case labelCount(found: Int, expected: Int)
  /// A scale, threshold, weight or metric is not finite, or a deviation or temperature is not positive.
  case notFinite
  /// Quantile levels are not between 0 and 1, do not ascend, or are not as many as output columns.
  case badQuantiles
}

extension GraphError: CustomStringConvertible {
  /// What is wrong and where, in words.
  public var description: String {
    switch self {
    case .badName(let part, let head):
      "\(graph(head)): a name of a \(part.label) is empty, too long or not printable"
    case .duplicateName(let part, let name, let head):
      "\(graph(head)): two \(part.plural) are named \(name)"
    case .reservedName(let name):
      "no head may be named \(name); files name other sections so"
    case .tooMany(let part, let count, let limit, let head):
      "\(graph(head)): \(count) \(part.plural); the limit is \(limit)"
    case .noOutput(let head):
      "\(graph(head)): the graph has no output"
    case .badInput(let name, let head):
      "\(graph(head)): input \(name) has a size or a number of axes that is not allowed"
    case .badSymbolRange(let symbol):
      "trunk: the sizes that \(symbol) may have are not possible, or it is no symbol of an input"
    case .badColumn(let name):
      "trunk: column \(name) has a mean, a deviation or a range that is not possible"
    case .badParameter(let name, let head):
      "\(graph(head)): parameter \(name) has bad sizes, or lies in its weights as it may not"
    case .undefinedValue(let value, let place):
      "\(node(place)): reads value \(value), which does not come before it"
    case .invalidNode(let error, let place):
      "\(node(place)): \(error)"
    case .undefinedOutput(let name, let head):
      "\(graph(head)): output \(name) is a value that does not exist"
    case .unknownFeature(let name, let head):
      "head \(head): reads feature \(name), which the trunk does not have"
    case .unknownSource(let head, let output, let reader):
      "head \(reader): reads output \(output) of head \(head), which does not exist"
    case .featureMismatch(let input, let found, let head):
      "head \(head): input \(input.name) is declared as \(input.typeText), "
        + "but what it reads is \(found.element.label) \(found.shape)"
    case .cycle(let head):
      "head \(head): reads, through other heads, its own output"
    case .badTask(.labelCount(let found, let expected), let head):
      "head \(head): \(found) labels for \(expected) output columns"
    case .badTask(.notFinite, let head):
      "head \(head): a number of its description is not finite"
    case .badTask(.badQuantiles, let head):
      "head \(head): its quantile levels do not ascend between 0 and 1, one for each output"
    }
  }

  private func graph(_ head: Name?) -> String {
    if let head { "head \(head)" } else { "trunk" }
  }

  private func node(_ place: NodePlace) -> String {
    "\(graph(place.head)), node \(place.index) (\(place.name))"
  }
}
