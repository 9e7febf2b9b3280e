internal import EspalierGraph

/// What stands for the same in several ways is said in one, so that a model does not depend on how a document says it.
extension Draft {
  /// The operator with ranges that reach the end written as such, and rounding up only where it changes a size.
  func canonical(_ operator: Operator, _ inputs: [DraftValue]) -> Operator {
    if case .pooling(let rule) = `operator` {
      return .pooling(rule.roundedAsNeeded(values[inputs[0]].types))
    }
    guard case .slice(let rule) = `operator`, rule.ranges.count == rank(inputs[0]) else {
      return `operator`
    }
    let sizes = sizes(inputs[0])
    return .slice(
      .init(
        rule.ranges.enumerated().map { axis, range in canonical(range, sizes.map { $0[axis] }) }))
  }

  /// A range of an axis whose size in each world is given: to the end where it gets there, from the beginning where all
  /// sizes are the same.
  private func canonical(_ range: Operator.Slice.Range, _ sizes: [Int]) -> Operator.Slice.Range {
    guard range.step != 0 else { return range }
    let bounds = sizes.compactMap { range.bounds(in: $0) }
    guard bounds.count == sizes.count else { return range }
    let isFixed = sizes.allSatisfy { $0 == sizes[0] }
    let start = isFixed ? bounds[0].start : range.start
    let whole = Operator.Slice.Range(start: start, step: range.step)
    let reachesEnd = zip(sizes, bounds).allSatisfy { whole.bounds(in: $0)?.count == $1.count }
    if reachesEnd { return whole }
    return .init(start: start, count: isFixed ? bounds[0].count : range.count, step: range.step)
  }

  /// The operand that an operator gives back as it is; nil when it changes anything.
  func unchanged(_ operator: Operator, _ inputs: [DraftValue]) -> DraftValue? {
    if case .slice(let rule) = `operator`, rule.ranges.allSatisfy({ $0 == .init() }) {
      return inputs[0]
    }
    if case .concatenate = `operator`, inputs.count == 1 { return inputs[0] }
    if case .cast(let rule) = `operator` { return castBack(to: rule.element, inputs[0]) }
    if case .binary(let rule) = `operator` { return unchanged(rule.function, inputs) }
    return nil
  }

  /// What a value was cast from, when it is cast back from a type that holds every number of the first one.
  private func castBack(to element: ElementType, _ value: DraftValue) -> DraftValue? {
    guard let node = node(making: value), case .cast = node.operator,
      type(node.inputs[0]).element == element, type(value).element.holdsAll(of: element)
    else { return nil }
    return node.inputs[0]
  }

  /// The operand that is multiplied or divided by ones, or that zeros are added to or subtracted from, without its
  /// shape being changed.
  private func unchanged(
    _ function: Operator.Binary.Function, _ inputs: [DraftValue]
  ) -> DraftValue? {
    let neutral: Double
    switch function {
    case .multiply, .divide: neutral = 1
    case .add, .subtract: neutral = 0
    default: return nil
    }
    let commutes = function == .multiply || function == .add
    for (value, other) in [(inputs[0], inputs[1])] + (commutes ? [(inputs[1], inputs[0])] : []) {
      guard let constant = constant(other), values[value].known.isEmpty,
        zip(sizes(value), sizes(other)).allSatisfy({ size, other in
          Operator.Binary.broadcast(Shape(size), Shape(other)) == Shape(size)
        }), constant.holdsOnly(neutral)
      else { continue }
      return value
    }
    return nil
  }
}

extension ElementType {
  /// Whether every number of another type is one of this type, too.
  fileprivate func holdsAll(of other: ElementType) -> Bool {
    switch (other, self) {
    case (.bool, _), (.float16, .float32), (.bfloat16, .float32): true
    case (.int8, .int32), (.int8, .int64), (.int8, .float32): true
    case (.uint8, .int32), (.uint8, .int64), (.uint8, .float32): true
    case (.int32, .int64), (.int8, .float64), (.uint8, .float64), (.int32, .float64): true
    case (.float32, .float64), (.float16, .float64), (.bfloat16, .float64): true
    default: self == other
    }
  }
}
