internal import EspalierGraph

/// Numbers and shapes that depend on sizes, made by nodes when the model runs.
extension Draft {
  /// A value that a node can read: known numbers that differ between worlds are made by nodes.
  mutating func realize(_ value: DraftValue) throws -> DraftValue {
    // Recipes are as deep as a document is long: values whose operands come first wait here.
    var waiting = [value]
    while let next = waiting.last {
      guard values[next].known.count > 1, realized[next] == nil else {
        waiting.removeLast()
        continue
      }
      if let made = try count(next) ?? filled(next) ?? lengths(next) {
        realized[next] = made
        continue
      }
      guard let recipe = values[next].recipe else {
        throw ImportProblem(
          "its numbers depend on a size that is not fixed",
          remedy: ImportProblem.giveSizes)
      }
      let missing = recipe.inputs.filter { values[$0].known.count > 1 && realized[$0] == nil }
      guard missing.isEmpty else {
        waiting += missing
        continue
      }
      realized[next] = try compute(
        recipe.operator, recipe.inputs.map { realized[$0] ?? $0 }, name: "")
    }
    return realized[value] ?? value
  }

  /// The axis whose size in each world is this, of an input where there is one, otherwise of what is computed first.
  func axis(of sizes: [Int]) -> (value: DraftValue, axis: Int)? {
    for input in documentInputs {
      let found = self.sizes(input)
      for axis in found[0].indices where found.map({ $0[axis] }) == sizes {
        return (input, axis)
      }
    }
    return documentAxes[sizes]
  }

  /// An axis that is longer by the same number in each world, the least there is.
  private func axis(beyond sizes: [Int]) -> (value: DraftValue, axis: Int, excess: Int)? {
    var best: (value: DraftValue, axis: Int, excess: Int)?
    func consider(_ value: DraftValue, _ axis: Int, _ found: [Int]) {
      let excess = found[0] - sizes[0]
      guard excess > 0, zip(found, sizes).allSatisfy({ $0 - $1 == excess }) else { return }
      let place = (excess, value, axis)
      if best.map({ place < ($0.excess, $0.value, $0.axis) }) ?? true {
        best = (value, axis, excess)
      }
    }
    for input in documentInputs {
      let found = self.sizes(input)
      for axis in found[0].indices { consider(input, axis, found.map { $0[axis] }) }
    }
    for (found, place) in documentAxes { consider(place.value, place.axis, found) }
    return best
  }

  /// 0, 1, 2, … up to the size of an axis, along the only axis that is not of size 1.
  private mutating func count(_ value: DraftValue) throws -> DraftValue? {
    let sizes = self.sizes(value)
    let long = sizes[0].indices.filter { axis in sizes.contains { $0[axis] != 1 } }
    guard type(value).element == .int64, long.count == 1, let lists = integers(value),
      lists.allSatisfy({ $0 == Array($0.indices) }), let range = try range(lists.map(\.count))
    else { return nil }
    guard rank(value) != 1 else { return range }
    return try emit(
      .reshape(.init(sizes[0].indices.map { $0 == long[0] ? Operator.Reshape.inferred : 1 })),
      [range])
  }

  /// 0, 1, 2, … up to a size in each world; nil where no axis has that size, nor one that is larger by a number.
  private mutating func range(_ sizes: [Int]) throws -> DraftValue? {
    if let (source, axis) = axis(of: sizes) {
      return try emit(.range(.init(axis: axis)), [source])
    }
    guard let (source, axis, excess) = axis(beyond: sizes) else { return nil }
    let range = try emit(.range(.init(axis: axis)), [source])
    return try emit(
      .slice(.init([.init(count: Operator.Slice.allBut(excess))])), [range])
  }

  /// One number, as often as a shape wants it.
  private mutating func filled(_ value: DraftValue) throws -> DraftValue? {
    let known = values[value].known
    guard let first = known[0].first, known.contains(where: { $0.count > 1 }),
      known.allSatisfy({ $0.numbers.allSatisfy { $0 == first } })
    else { return nil }
    let one = Constant(
      TensorType(known[0].type.element, Shape([1])),
      TensorStorage.filled(byteCount: known[0].type.element.byteCount) { target in
        known[0].storage.withUnsafeBytes {
          target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(target.count)))
        }
      })
    let sizes = self.sizes(value)
    var result = try emit(.reshape(.init(sizes[0].map { _ in 1 })), [addConstant(one)])
    for axis in sizes[0].indices {
      guard let wider = try expand(result, axis: axis, to: sizes.map { $0[axis] }) else {
        return nil
      }
      result = wider
    }
    return result
  }

  /// A value repeated along an axis of size 1; nil when nothing has the size that it shall have.
  mutating func expand(
    _ value: DraftValue, axis: Int, to sizes: [Int]
  ) throws -> DraftValue? {
    guard sizes != self.sizes(value).map({ $0[axis] }) else { return value }
    var target = Array(repeating: Operator.Expand.copied, count: rank(value))
    guard !sizes.allSatisfy({ $0 == sizes[0] }) else {
      target[axis] = sizes[0]
      return try emit(.expand(.init(target)), [value])
    }
    guard let source = self.axis(of: sizes) else { return nil }
    target[axis] = Operator.like(axis: source.axis)
    return try emit(.expand(.init(target)), [value, source.value])
  }

  /// The most sizes that are put together one by one.
  private static let mostLengths = 8

  /// A number or a short list of numbers, each the same in every world or the size of an axis.
  private mutating func lengths(_ value: DraftValue) throws -> DraftValue? {
    guard type(value).element == .int64, rank(value) < 2, let lists = integers(value),
      lists.allSatisfy({ $0.count == lists[0].count && $0.count <= Self.mostLengths })
    else { return nil }
    let worlds = lists[0].indices.map { place in lists.map { $0[place] } }
    let sources = worlds.map { axis(of: $0) }
    guard
      zip(worlds, sources).allSatisfy({ world, source in
        source != nil || world.allSatisfy { $0 == world[0] }
      })
    else { return nil }
    var parts: [DraftValue] = []
    for (world, source) in zip(worlds, sources) {
      guard let source else {
        parts.append(addConstant(Constant([1], [Int64(world[0])])))
        continue
      }
      // The last place and one more.
      let places = try emit(.range(.init(axis: source.axis)), [source.value])
      let end = addConstant(Constant([1], [Int64(-1)]))
      let last = try emit(.gather(.init(axis: 0)), [places, end])
      parts.append(try emit(.binary(.init(.add)), [last, addConstant(Constant([1], [Int64(1)]))]))
    }
    guard rank(value) == 1 else { return try emit(.reshape(.init([])), [parts[0]]) }
    return parts.count == 1 ? parts[0] : try emit(.concatenate(.init(axis: 0)), parts)
  }
}
