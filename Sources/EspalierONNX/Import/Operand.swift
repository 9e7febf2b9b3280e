internal import EspalierGraph

/// A value of the document, as the draft has it.
struct Operand {
  /// The value of the draft.
  let value: DraftValue
  /// For each axis of the draft's value the axis of the document's: transpositions are noted here and made only where
  /// an operator needs them.
  let order: [Int]
  /// The document's element type.
  let element: ONNXElementType
  /// Of texts what they are: the draft's integers are places in this list.
  var texts: [Name]?
  /// Of a sequence what it has; the rest of the operand is its first tensor, if there is one.
  var sequence: [Operand]?
  /// Whether it is a sequence of its parts along the first axis, of which there may be any number.
  private(set) var isStack = false

  /// The sequence of the parts along the first axis.
  var asSequence: Operand {
    var operand = self
    operand.isStack = true
    return operand
  }

  /// The tensor that is a sequence of its parts along the first axis; nil for others.
  var stack: Operand? {
    isStack ? Operand(value: value, order: order, element: element) : nil
  }

  var isSequence: Bool { isStack || sequence != nil }

  var rank: Int { order.count }

  /// Whether the axes lie as the document has them.
  var isPlain: Bool { order == Array(order.indices) }

  /// Where an axis of the document lies in the draft's value.
  func position(of axis: Int) -> Int {
    order.firstIndex(of: axis) ?? axis
  }
}

extension Importer {
  /// An operand of a value whose axes lie as the document has them.
  mutating func plain(_ value: DraftValue, _ element: ONNXElementType) -> Operand {
    Operand(value: value, order: Array(0..<draft.rank(value)), element: element)
  }

  /// The value with its axes in an order of the document's axes.
  mutating func value(_ operand: Operand, order: [Int]) throws -> DraftValue {
    guard order.count == operand.rank else {
      throw ImportProblem("the axes of an input are \(operand.rank), but must be \(order.count)")
    }
    guard order != operand.order else { return operand.value }
    let key = OrderedValue(value: operand.value, order: order.map { operand.position(of: $0) })
    if let known = ordered[key] { return known }
    let result = try transpose(operand.value, key.order)
    ordered[key] = result
    return result
  }

  /// The value with its axes as the document has them.
  mutating func plainValue(_ operand: Operand) throws -> DraftValue {
    try value(operand, order: Array(0..<operand.rank))
  }

  /// Transposes; where only axes of size 1 change their place that is a reshape, if one can be told.
  mutating func transpose(
    _ value: DraftValue, _ permutation: [Int]
  ) throws -> DraftValue {
    guard permutation != Array(permutation.indices) else { return value }
    let sizes = draft.sizes(value)
    guard permutation.count == sizes[0].count else {
      throw ImportProblem(
        "the axes of an input are \(sizes[0].count), but must be \(permutation.count)")
    }
    let moved = permutation.filter { axis in sizes.contains { $0[axis] != 1 } }
    if moved == moved.sorted(), draft.constant(value) == nil,
      let result = try? reshape(value, to: sizes.map { world in permutation.map { world[$0] } })
    {
      return result
    }
    return try draft.emit(.transpose(.init(permutation)), [value])
  }

  /// Reshapes to sizes that are given for each world.
  ///
  /// Of sizes that depend on symbols, those of the same axis before are copied, one follows from the others, and further
  /// ones are those of an input.
  mutating func reshape(_ value: DraftValue, to sizes: [[Int]]) throws -> DraftValue {
    // A reshape of a reshape is one of what that reshaped.
    if optimizes, draft.sizes(value) != sizes, let node = draft.node(making: value),
      case .reshape = node.operator, let result = try? reshapedOnce(node.inputs[0], to: sizes)
    {
      return result
    }
    return try reshapedOnce(value, to: sizes)
  }

  private mutating func reshapedOnce(_ value: DraftValue, to sizes: [[Int]]) throws -> DraftValue {
    let before = draft.sizes(value)
    guard before != sizes else { return value }
    var target: [Int] = []
    var open: [Int] = []
    for axis in sizes[0].indices {
      let along = sizes.map { $0[axis] }
      if along.allSatisfy({ $0 == along[0] }) {
        target.append(along[0])
      } else if axis < before[0].count, before.map({ $0[axis] }) == along {
        target.append(Operator.Reshape.copied)
      } else {
        target.append(Operator.Reshape.inferred)
        open.append(axis)
      }
    }
    var operands = [value]
    // All but one, the first that no input has, or else the last.
    let sources = open.map { axis in draft.axis(of: sizes.map { $0[axis] }) }
    let inferred = sources.firstIndex { $0 == nil } ?? open.count - 1
    for (index, axis) in open.enumerated() where index != inferred {
      guard let source = sources[index], operands.count == 1 || operands[1] == source.value else {
        throw ImportProblem(
          "more than one size of its result depends on sizes that are not fixed",
          remedy: ImportProblem.giveSizes)
      }
      target[axis] = Operator.like(axis: source.axis)
      if operands.count == 1 { operands.append(source.value) }
    }
    return try draft.emit(.reshape(.init(target)), operands)
  }
}

/// A value of the draft in another order of its axes.
struct OrderedValue: Hashable {
  let value: DraftValue
  let order: [Int]
}
