internal import EspalierGraph

/// Rows of a tensor that are reduced segment by segment, in the place of loops over segments.
extension Importer {
  /// What a loop gives each of whose turns reduces a segment of rows; nil when its turns do something else.
  ///
  /// - Parameter onlyOpen: whether only loops are taken whose segments are not known.
  mutating func segments(_ loop: DocumentLoop, onlyOpen: Bool) -> [Operand]? {
    let (plain, lists) = loop.collectingLists()
    guard plain.head != nil, plain.collected.count == 1 else { return nil }
    return tried { trial in
      let (roles, clock) = try trial.clock(of: plain)
      guard
        let rule = SegmentLoop(
          plain.collected[0].name, of: plain, roles, branch: { try trial.body($0, $1) })
      else { throw NoRecurrence() }
      let count = try clock.count(&trial)
      let ends = try clock.ends(after: count, &trial)
      guard ends.count == plain.states.count else { throw NoRecurrence() }
      var all = try trial.reduced(rule, clock, count, onlyOpen: onlyOpen)
      if !lists.isEmpty { all = all.asSequence }
      var results = plain.states.indices.compactMap { ends[$0] }
      if let place = lists.first { results.insert(all, at: place) } else { results.append(all) }
      return results
    }
  }

  private mutating func reduced(
    _ rule: SegmentLoop, _ clock: LoopClock, _ count: [Int], onlyOpen: Bool
  ) throws -> Operand {
    let axes =
      try integers(rule.reduction, "axes").map { inEveryWorld($0) }
      ?? rule.reduction.inputs.dropFirst().first.map {
        try clock.numbers($0, turn: 0, &self).map { [$0] }
      }
    guard axes?.allSatisfy({ $0 == [0] }) == true else { throw NoRecurrence() }
    let places = try [rule.start, rule.end].map { node in
      let step = try step(node, clock)
      guard step.sequence.rank == 1, !step.isBackward else { throw NoRecurrence() }
      return try plainValue(try parts(of: step, count: count))
    }
    let known = places.map { draft.integers($0) }
    guard !onlyOpen || known.contains(where: { $0 == nil }) else { throw NoRecurrence() }
    let rows = try rows(rule, clock)
    let sizes = draft.sizes(rows.value)
    let lengths = sizes.map { $0[0] }
    let result: DraftValue
    if let starts = known[0], let ends = known[1] {
      let widths = zip(lengths, count).map { $0 / max($1, 1) }
      for world in count.indices {
        let bounds = (0...count[world]).map { $0 * widths[world] }
        guard starts[world] == Array(bounds.dropLast()), ends[world] == Array(bounds.dropFirst()),
          bounds.last == lengths[world], widths[world] > 0
        else { throw NoRecurrence() }
      }
      let apart = try reshape(
        rows.value, to: sizes.indices.map { [count[$0], widths[$0]] + sizes[$0].dropFirst() })
      result = try draft.emit(.reduction(.init(rule.function, axes: [1])), [apart])
    } else {
      result = try masked(rule, rows.value, places, count)
    }
    let keepsAxis = try flag(rule.reduction, "keepdims", default: true)
    let shaped = try reshape(
      result, to: zip(count, sizes).map { [$0] + (keepsAxis ? [1] : []) + $1.dropFirst() })
    return plain(shaped, rows.element)
  }

  private func inEveryWorld(_ numbers: [Int]) -> [[Int]] {
    Array(repeating: numbers, count: Draft.worldCount)
  }

  /// The rows of all segments, one behind the other as they lie.
  private mutating func rows(_ rule: SegmentLoop, _ clock: LoopClock) throws -> Operand {
    var inputs = clock.fixed
    for slice in rule.slices {
      guard let source = try clock.operand(named: slice.inputs[0], &self), source.rank > 0 else {
        throw NoRecurrence()
      }
      if slice.inputs.count > 3 {
        guard try clock.numbers(slice.inputs[3], turn: 0, &self) == [0, 0, 0] else {
          throw NoRecurrence()
        }
      }
      guard slice.inputs.count < 5 else { throw NoRecurrence() }
      inputs.append((slice.outputs[0], source))
    }
    let result = try results(
      of: ONNXGraph(
        nodes: rule.nodes, inputs: inputs.map { ONNXValueInfo($0.0, .unknown) },
        outputs: [ONNXValueInfo(rule.reduction.inputs[0], .unknown)],
        initializers: rule.constants), inputs: inputs.map { $0.1 })[0]
    return plain(try plainValue(result), result.element)
  }

  /// The reductions of segments whose ends only running tells: each looks at all rows, and leaves out those that are not
  /// its own.
  ///
  /// Places are not negative, and a segment that begins at or after its end has no rows.
  private mutating func masked(
    _ rule: SegmentLoop, _ rows: DraftValue, _ places: [DraftValue], _ count: [Int]
  ) throws -> DraftValue {
    let sizes = draft.sizes(rows)
    guard draft.type(rows).element == .float32 else { throw NoRecurrence() }
    let widths = sizes.map { $0.dropFirst().reduce(1, *) }
    let flat = try reshape(rows, to: zip(sizes, widths).map { [$0[0], $1] })
    let columns = try places.map { place in
      try reshape(try cast(place, to: .int64), to: count.map { [$0, 1] })
    }
    let numbers = try draft.addCounts(sizes.map { $0[0] })
    let inside = try binary(
      .and, try binary(.greaterOrEqual, numbers, columns[0]),
      try binary(.less, numbers, columns[1]))
    var result: DraftValue
    let shares = try cast(inside, to: .float32)
    let present = try draft.emit(.reduction(.init(.sum, axes: [1])), [shares])
    if rule.function == .maximum {
      let mask = try reshape(inside, to: zip(count, sizes).map { [$0, $1[0], 1] })
      let lowest = draft.addConstant(Constant([], [-Float.infinity]))
      let own = try draft.emit(.select(.init()), [mask, flat, lowest])
      let most = try draft.emit(.reduction(.init(.maximum, axes: [1])), [own])
      result = try reshape(most, to: zip(count, widths).map { [$0, $1] })
    } else {
      result = try draft.emit(.matrixProduct(.init()), [shares, flat])
      if rule.function == .mean { result = try binary(.divide, result, present) }
    }
    guard let empty = rule.empty else { return result }
    let instead = try constant(empty)
    guard widths.allSatisfy({ $0 == draft.type(instead.value).shape.elementCount }) else {
      throw NoRecurrence()
    }
    let row = try reshape(instead.value, to: widths.map { [1, $0] })
    return try draft.emit(
      .select(.init()), [try binary(.greater, present, number: 0), result, row])
  }
}
