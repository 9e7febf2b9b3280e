internal import EspalierGraph

/// What converters of nodes read of them.
extension Importer {
  /// An input that the operator cannot do without.
  func required(_ node: ONNXNode, _ index: Int) throws -> Operand {
    guard let operand = operand(node, index) else {
      throw ImportProblem("its input \(index) is missing")
    }
    return operand
  }

  /// The integers of an input that must follow from constants and sizes, in each world the same number of them.
  mutating func integers(_ node: ONNXNode, _ index: Int) throws -> [[Int]]? {
    // Lists of no elements are not values of the draft, but every node that reads one means "none".
    guard let operand = operand(node, index) else { return nil }
    try draft.budget.take(operations: draft.type(operand.value).shape.elementCount)
    guard let lists = draft.integers(operand.value) else {
      throw mustBeConstant(node, index)
    }
    guard lists.allSatisfy({ $0.count == lists[0].count }) else {
      throw ImportProblem(
        "how many numbers its input \(node.inputs[index]) has depends on sizes that are not fixed",
        remedy: ImportProblem.giveSizes)
    }
    return lists
  }

  private func mustBeConstant(_ node: ONNXNode, _ index: Int) -> ImportProblem {
    ImportProblem(
      "its input \(node.inputs[index]) must be a constant",
      remedy: "give its numbers with --constants if it is an input of the document")
  }

  /// The integers of an input that must be the same whatever the sizes are.
  mutating func constantIntegers(_ node: ONNXNode, _ index: Int) throws -> [Int]? {
    guard let lists = try integers(node, index) else { return nil }
    guard lists.allSatisfy({ $0 == lists[0] }) else {
      throw ImportProblem(
        "its input \(node.inputs[index]) depends on sizes that are not fixed",
        remedy: ImportProblem.giveSizes)
    }
    return lists[0]
  }

  /// The numbers of an input that must be a constant.
  mutating func constantNumbers(_ node: ONNXNode, _ index: Int) throws -> [Double]? {
    guard let operand = operand(node, index) else { return nil }
    try draft.budget.take(operations: draft.type(operand.value).shape.elementCount)
    guard let constant = draft.constant(operand.value) else { throw mustBeConstant(node, index) }
    return constant.numbers
  }

  /// What an integer attribute may be unless said otherwise: products with sizes can be counted.
  static let usualIntegers = -(1 << 30)...1 << 30

  func integer(
    _ node: ONNXNode, _ name: String, default: Int, in range: ClosedRange<Int> = usualIntegers
  ) throws -> Int {
    switch node.attribute(name) {
    case nil: return `default`
    case .int(let value)?:
      guard let number = Int(exactly: value), range.contains(number) else {
        throw ImportProblem("its attribute \(name) cannot be \(value)")
      }
      return number
    default: throw ImportProblem("its attribute \(name) is not an integer")
    }
  }

  /// An attribute that the operator cannot do without: a positive number that sizes can be.
  func requiredSize(_ node: ONNXNode, _ name: String) throws -> Int {
    guard node.attribute(name) != nil else {
      throw ImportProblem("its attribute \(name) is missing")
    }
    return try integer(node, name, default: 1, in: 1...GraphLimits.dimension)
  }

  func integers(
    _ node: ONNXNode, _ name: String, in range: ClosedRange<Int> = usualIntegers
  ) throws -> [Int]? {
    let values: [Int64]
    switch node.attribute(name) {
    case nil: return nil
    case .ints(let list)?: values = list
    case .int(let value)?: values = [value]
    default: throw ImportProblem("its attribute \(name) is not a list of integers")
    }
    return try values.map { value in
      guard let number = Int(exactly: value), range.contains(number) else {
        throw ImportProblem("its attribute \(name) cannot have \(value)")
      }
      return number
    }
  }

  /// Refuses an operand of another number of axes than the operator works with.
  func expectRank(_ ranks: ClosedRange<Int>, of operand: Operand, _ title: String) throws {
    guard ranks.contains(operand.rank) else {
      let wanted =
        ranks.count == 1 ? "\(ranks.lowerBound)" : "\(ranks.lowerBound) to \(ranks.upperBound)"
      throw ImportProblem("the axes of its \(title) are \(operand.rank), but must be \(wanted)")
    }
  }

  /// The same for each world, of something that no symbol may change.
  func fixed<Content: Equatable>(_ worlds: [Content], _ what: String) throws -> Content {
    guard worlds.allSatisfy({ $0 == worlds[0] }) else {
      throw ImportProblem(
        "\(what) depends on sizes that are not fixed",
        remedy: ImportProblem.giveSizes)
    }
    return worlds[0]
  }

  func flag(_ node: ONNXNode, _ name: String, default: Bool = false) throws -> Bool {
    try integer(node, name, default: `default` ? 1 : 0) != 0
  }

  func number(_ node: ONNXNode, _ name: String, default: Float) throws -> Float {
    switch node.attribute(name) {
    case nil: return `default`
    case .float(let value)?: return value
    case .int(let value)?: return Float(value)
    default: throw ImportProblem("its attribute \(name) is not a number")
    }
  }

  func numbers(_ node: ONNXNode, _ name: String) throws -> [Float]? {
    switch node.attribute(name) {
    case nil: return nil
    case .floats(let values)?: return values
    default: throw ImportProblem("its attribute \(name) is not a list of numbers")
    }
  }

  func text(_ node: ONNXNode, _ name: String, default: String) throws -> String {
    switch node.attribute(name) {
    case nil: return `default`
    case .string(let value)?:
      guard value.isPrintable else { throw ImportProblem("its attribute \(name) is no UTF-8 text") }
      return value.description
    default: throw ImportProblem("its attribute \(name) is not a text")
    }
  }

  /// An axis counted from the first, of one that may count from the end.
  func axis(_ axis: Int, rank: Int) throws -> Int {
    guard (-rank..<rank).contains(axis) else {
      throw ImportProblem("axis \(axis) is none of the \(rank) that there are")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Axes counted from the first, ascending and distinct.
  func axes(_ axes: [Int], rank: Int) throws -> [Int] {
    var found: Set<Int> = []
    for axis in axes { found.insert(try self.axis(axis, rank: rank)) }
    guard found.count == axes.count else { throw ImportProblem("an axis stands twice") }
    return found.sorted()
  }
}
