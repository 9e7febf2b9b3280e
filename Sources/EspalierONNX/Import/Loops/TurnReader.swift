internal import EspalierGraph

/// Reads what one turn of a loop computes, of nodes of a draft, as sums of products of what the turn reads.
///
/// Sums have no order, products none either, and what is computed at once for several gates is taken apart, so that it
/// does not matter how a document writes a step of a recurrent layer down.
struct TurnReader {
  /// What is known of a factor from what it is made of.
  private struct Facts {
    /// Whether no state as it is before the turn is part of it.
    var isOfSteps = true
    /// The states that are part of it as they are after the turn.
    var nextStates: Set<Int> = []
    /// The functions one inside the other.
    var depth = 0

    mutating func add(_ other: Facts) {
      isOfSteps = isOfSteps && other.isOfSteps
      nextStates.formUnion(other.nextStates)
      depth = max(depth, other.depth)
    }
  }

  /// The most functions one inside the other, and nodes, that are read.
  private static let deepest = 8
  private static let mostNodes = 1 << 12

  private var factors: [Factor] = []
  private var facts: [Facts] = []
  /// Columns of factors that were taken, by the factor and the first and last of them.
  private var narrow: [[Int]: Int] = [:]
  private var numbers: [Factor: Int] = [:]
  /// What values that depend on the turn are.
  private var sums: [DraftValue: GateSum] = [:]
  /// What states are after the turn.
  private(set) var results: [Int: GateSum] = [:]
  /// The numbers of the states by the values that they are after the turn.
  private let nextStates: [DraftValue: Int]
  /// The values that depend on the turn.
  private(set) var dependents: Set<DraftValue>
  /// The values that are put side by side along their last axis.
  private var joined: [DraftValue: [DraftValue]] = [:]
  /// What layers of one step give that have the state of their cells beside their own, by the values of both.
  private var pairs: [DraftValue: (hidden: GateSum, cell: GateSum)] = [:]
  /// The sizes of all axes but the last, without those of size 1, in each world.
  private let rows: [[Int]]

  /// - Parameters:
  ///   - states: the values that stand for the states, and those that they are after the turn.
  ///   - steps: the values that stand for the parts that the turn reads.
  init(
    states: [(before: DraftValue, after: DraftValue)], steps: [DraftValue], in draft: Draft
  ) {
    rows = draft.rows(states[0].before)
    dependents = Set(states.map(\.before) + steps)
    nextStates = Dictionary(
      states.enumerated().map { (draft.withoutOnes($1.after), $0) }, uniquingKeysWith: min)
    for (index, state) in states.enumerated() {
      stand(for: .state(index), state.before, draft)
      _ = number(.next(index))
    }
    for (index, step) in steps.enumerated() { stand(for: .step(index), step, draft) }
  }

  private mutating func stand(for factor: Factor, _ value: DraftValue, _ draft: Draft) {
    let sum = GateSum([number(factor)])
    if draft.rank(value) > 0, draft.rows(value) == rows { sums[value] = sum }
  }

  subscript(number: Int) -> Factor { factors[number] }

  /// The number of a state before the turn.
  func number(state: Int) -> Int { numbers[.state(state)] ?? 0 }

  /// The number of a state after the turn.
  func number(next state: Int) -> Int { numbers[.next(state)] ?? 0 }

  /// The number of a factor.
  mutating func number(_ factor: Factor) -> Int {
    if let number = numbers[factor] { return number }
    facts.append(facts(of: factor))
    factors.append(factor)
    numbers[factor] = factors.count - 1
    return factors.count - 1
  }

  /// What a value is; nil when that cannot be told.
  func sum(of value: DraftValue, in draft: Draft) -> GateSum? {
    if let state = nextStates[draft.withoutOnes(value)] { return GateSum([number(next: state)]) }
    return sums[value]
  }

  /// Whether a factor is made of no state as it is before the turn.
  func isOfSteps(_ number: Int) -> Bool { facts[number].isOfSteps }

  /// The states that a factor is made of as they are after the turn.
  func nextStates(in number: Int) -> Set<Int> { facts[number].nextStates }

  private func facts(of factor: Factor) -> Facts {
    var result = Facts()
    switch factor {
    case .state: result.isOfSteps = false
    case .next(let state): result.nextStates = [state]
    case .step, .given: break
    case .columns(let base, _): result = facts[base]
    case .product(let factors, _):
      for factor in factors { result.add(facts[factor]) }
    case .function(_, let sum):
      for factor in sum.terms.keys.joined() { result.add(facts[factor]) }
      result.depth += 1
    }
    return result
  }

  // MARK: nodes

  /// Reads nodes, each after those that make what it reads.
  mutating func read(_ nodes: [Draft.Node], _ importer: inout Importer) {
    for node in nodes where node.inputs.contains(where: dependents.contains) {
      dependents.insert(node.output)
      guard nodes.count <= Self.mostNodes, let sum = try? sum(of: node, &importer),
        sum.terms.keys.joined().allSatisfy({ facts[$0].depth <= Self.deepest })
      else { continue }
      if let state = nextStates[node.output] {
        results[state] = sum
        sums[node.output] = GateSum([number(next: state)])
      } else {
        sums[node.output] = sum
      }
    }
  }

  private mutating func sum(
    of node: Draft.Node, _ importer: inout Importer
  ) throws -> GateSum? {
    let draft = importer.draft
    guard draft.rank(node.output) > 0, draft.rows(node.output) == rows,
      let width = draft.width(node.output)
    else { return nil }
    let inputs = node.inputs
    switch node.operator {
    case .unary(let rule):
      guard let sum = sums[inputs[0]] else { return nil }
      if rule.function == .negate { return GateSum().plus(sum, times: -1) }
      return GateFunction(rule).map { GateSum([number(.function($0, sum))]) }
    case .binary(let rule):
      guard let left = try operand(inputs[0], width, &importer),
        let right = try operand(inputs[1], width, &importer)
      else { return nil }
      return combined(rule.function, left, right)
    case .reshape:
      return draft.width(inputs[0]) == width && draft.rows(inputs[0]) == rows
        ? sums[inputs[0]] : nil
    case .slice(let rule):
      guard rule.ranges.dropLast().allSatisfy({ $0 == .init() }), let range = rule.ranges.last,
        range.step == 1
      else { return nil }
      if let pair = pairs[inputs[0]] {
        return range.start == 0 ? pair.hidden : range.start == width ? pair.cell : nil
      }
      guard draft.width(inputs[0]) != width else { return sums[inputs[0]] }
      return try sums[inputs[0]].flatMap {
        try columns(range.start..<range.start + width, of: $0, &importer)
      }
    case .concatenate(let rule):
      if rule.axis == draft.rank(node.output) - 1 { joined[node.output] = inputs }
      return nil
    case .dense:
      guard inputs.count <= 3, let product = try product(inputs[0], inputs[1], &importer) else {
        return nil
      }
      guard inputs.count == 3 else { return product }
      return try operand(inputs[2], width, &importer).flatMap { product.plus($0) }
    case .matrixProduct(let rule):
      guard !rule.transposesLeft, draft.rank(inputs[1]) == 2 else { return nil }
      let matrix =
        rule.transposesRight ? try importer.transpose(inputs[1], [1, 0]) : inputs[1]
      return try product(inputs[0], matrix, &importer)
    case .recurrent(let rule):
      guard let step = try step(rule, inputs, &importer) else { return nil }
      if rule.keepsCell, let cell = step.cell { pairs[node.output] = (step.hidden, cell) }
      return rule.keepsCell ? nil : step.hidden
    default: return nil
    }
  }

  private func combined(
    _ function: Operator.Binary.Function, _ left: GateSum, _ right: GateSum
  ) -> GateSum? {
    switch function {
    case .add: return left.plus(right)
    case .subtract: return left.plus(right, times: -1)
    case .multiply: return left.times(right)
    case .divide:
      guard right.terms.count == 1, let number = right.terms[[]] else { return nil }
      return GateSum().plus(left, times: 1 / number)
    default: return nil
    }
  }

  /// An operand of a function of pairs of elements.
  mutating func operand(
    _ value: DraftValue, _ width: Int, _ importer: inout Importer
  ) throws -> GateSum? {
    let draft = importer.draft
    if dependents.contains(value) { return draft.width(value) == width ? sums[value] : nil }
    if let constant = draft.constant(value), let first = constant.first,
      constant.holdsOnly(first)
    {
      return GateSum([], times: first)
    }
    guard draft.rank(value) > 0, draft.width(value) == width else { return nil }
    return GateSum([number(.given(value))])
  }

  // MARK: columns and products

  /// Some columns of a sum.
  private mutating func columns(
    _ range: Range<Int>, of sum: GateSum, _ importer: inout Importer
  ) throws -> GateSum? {
    var result = GateSum()
    for (factors, share) in sum.ordered {
      var narrow: [Int] = []
      for factor in factors { narrow.append(try columns(range, of: factor, &importer)) }
      guard let sum = result.plus(GateSum(narrow, times: share)) else { return nil }
      result = sum
    }
    return result
  }

  private mutating func columns(
    _ range: Range<Int>, of factor: Int, _ importer: inout Importer
  ) throws -> Int {
    let key = [factor, range.lowerBound, range.upperBound]
    if let known = narrow[key] { return known }
    let result = try newColumns(range, of: factor, &importer)
    narrow[key] = result
    return result
  }

  private mutating func newColumns(
    _ range: Range<Int>, of factor: Int, _ importer: inout Importer
  ) throws -> Int {
    switch factors[factor] {
    case .state, .next, .step: return number(.columns(factor, range))
    case .columns(let base, let wider):
      return number(
        .columns(
          base, wider.lowerBound + range.lowerBound..<wider.lowerBound + range.upperBound))
    case .given(let value): return number(.given(try importer.columns(range, of: value)))
    case .product(let source, let matrix):
      return number(.product(source, try importer.columns(range, of: matrix)))
    case .function(let function, let sum):
      guard let narrow = try columns(range, of: sum, &importer) else { throw TooLong() }
      return number(.function(function, narrow))
    }
  }

  private struct TooLong: Error {}

  /// The product of a value and a matrix that is the same in every turn.
  mutating func product(
    _ value: DraftValue, _ matrix: DraftValue, _ importer: inout Importer
  ) throws -> GateSum? {
    guard !dependents.contains(matrix) else { return nil }
    if let parts = joined[value] { return try product(of: parts, matrix, &importer) }
    guard let sum = sums[value] else { return nil }
    var result = GateSum()
    for (factors, share) in sum.ordered {
      let term: Int
      if factors.count == 1, case .product(let source, let first) = self.factors[factors[0]] {
        term = number(.product(source, try importer.product(first, matrix)))
      } else if factors.count == 1, case .given(let row) = self.factors[factors[0]] {
        term = number(.given(try importer.product(try importer.row(row), matrix)))
      } else {
        guard !factors.isEmpty else { return nil }
        term = number(.product(factors, matrix))
      }
      guard let sum = result.plus(GateSum([term], times: share)) else { return nil }
      result = sum
    }
    return result
  }

  /// The product of values side by side and a matrix.
  private mutating func product(
    of parts: [DraftValue], _ matrix: DraftValue, _ importer: inout Importer
  ) throws -> GateSum? {
    var result = GateSum()
    var first = 0
    for part in parts {
      guard let width = importer.draft.width(part) else { return nil }
      let rows = try importer.rows(first..<first + width, of: matrix)
      first += width
      let sum: GateSum?
      if dependents.contains(part) {
        sum = try product(part, rows, &importer)
      } else {
        sum = GateSum([number(.given(try importer.product(try importer.row(part), rows)))])
      }
      guard let sum, let longer = result.plus(sum) else { return nil }
      result = longer
    }
    return result
  }
}

extension Draft {
  /// The size of a value's last axis; nil when it depends on a size.
  func width(_ value: DraftValue) -> Int? {
    let widths = sizes(value).map { $0.last }
    return widths.allSatisfy { $0 == widths[0] } ? widths[0] : nil
  }

  /// The sizes of a value's axes but the last, without those of size 1, in each world.
  func rows(_ value: DraftValue) -> [[Int]] {
    sizes(value).map { $0.dropLast().filter { $0 != 1 } }
  }

  /// The value that differs from one only by axes of size 1 before the last, as far back as there is any.
  func withoutOnes(_ value: DraftValue) -> DraftValue {
    var value = value
    while let node = node(making: value), case .reshape = node.operator,
      rank(node.inputs[0]) > 0, width(node.inputs[0]) == width(value), width(value) != nil,
      rows(node.inputs[0]) == rows(value)
    {
      value = node.inputs[0]
    }
    return value
  }
}

extension Importer {
  /// Some elements of the last axis; a value of one element there is each of them.
  mutating func columns(_ range: Range<Int>, of value: DraftValue) throws -> DraftValue {
    var ranges = Array(repeating: Operator.Slice.Range(), count: draft.rank(value))
    ranges[ranges.count - 1] = .init(start: range.lowerBound, count: range.count)
    return try draft.emit(.slice(.init(ranges)), [value])
  }

  mutating func rows(_ range: Range<Int>, of matrix: DraftValue) throws -> DraftValue {
    try draft.emit(
      .slice(.init([.init(start: range.lowerBound, count: range.count), .init()])), [matrix])
  }

  /// A vector, which may have axes of size 1 before it, as a matrix of one row.
  mutating func row(_ value: DraftValue) throws -> DraftValue {
    guard draft.rows(value).allSatisfy(\.isEmpty), let width = draft.width(value) else {
      throw ImportProblem("it is no vector")
    }
    return try reshape(value, to: draft.sizes(value).map { _ in [1, width] })
  }

  /// The product of two matrices.
  mutating func product(_ left: DraftValue, _ right: DraftValue) throws -> DraftValue {
    try draft.emit(.matrixProduct(.init()), [left, right])
  }
}
