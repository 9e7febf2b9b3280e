internal import EspalierGraph

extension Importer {
  /// Elements in other places.
  static let moveConverters: [String: Converter] = [
    "Concat": { importer, node in try importer.concatenated(node) },
    "Split": { importer, node in try importer.split(node) },
    "Slice": { importer, node in [try importer.sliced(node)] },
    "Tile": { importer, node in [try importer.tiled(node)] },
    "Pad": { importer, node in [try importer.padded(node)] },
    "DepthToSpace": { importer, node in
      [try importer.depthToSpace(node)]
    },
    "SpaceToDepth": { importer, node in
      [try importer.spaceToDepth(node)]
    },
    "Trilu": { importer, node in [try importer.triangle(node)] },
    "CenterCropPad": { importer, node in
      [try importer.centred(node)]
    },
  ]

  private mutating func concatenated(_ node: ONNXNode) throws -> [Operand] {
    var operands: [Operand] = []
    for index in node.inputs.indices { operands.append(try required(node, index)) }
    return [
      try concatenated(operands, axis: try integer(node, "axis", default: 1))
    ]
  }

  /// Operands one behind the other along an axis.
  mutating func concatenated(_ operands: [Operand], axis: Int) throws -> Operand {
    var operands = operands
    guard let first = operands.first else { throw ImportProblem("it has no inputs") }
    for (index, operand) in operands.enumerated() {
      try expectRank(first.rank...first.rank, of: operand, "input \(index)")
    }
    operands = try withOneTable(operands)
    let axis = try self.axis(axis, rank: first.rank)
    // Lists of no elements, as the shape of a scalar is, add nothing.
    operands.removeAll { operand in sizes(operand).contains { $0[axis] == 0 } }
    guard operands.count > 1 else { return operands.first ?? first }
    let (values, order) = try aligned(operands)
    guard let place = order.firstIndex(of: axis) else { return first }
    let value = try draft.emit(.concatenate(.init(axis: place)), values)
    return Operand(
      value: value, order: order, element: first.element, texts: operands[0].texts)
  }

  private mutating func split(_ node: ONNXNode) throws -> [Operand] {
    let input = try required(node, 0)
    let axis = try self.axis(try integer(node, "axis", default: 0), rank: input.rank)
    let size = sizes(input)[0][axis]
    guard sizes(input).allSatisfy({ $0[axis] == size }) else {
      throw ImportProblem(
        "the size of what it splits is not fixed",
        remedy: ImportProblem.giveSizes)
    }
    var parts = version >= 13 ? try constantIntegers(node, 1) : try integers(node, "split")
    if parts == nil {
      let count = try integer(
        node, "num_outputs", default: node.outputs.count, in: 1...GraphLimits.outputs)
      let share = (size + count - 1) / count
      parts = (0..<count).map { min(share, size - $0 * share) }
    }
    guard let parts, parts.allSatisfy({ (1...max(size, 1)).contains($0) }),
      parts.reduce(0, +) == size, parts.count >= node.outputs.count
    else { throw ImportProblem("its parts \(listed(parts ?? [])) do not add up to \(size)") }
    var results: [Operand] = []
    var start = 0
    for part in parts.prefix(node.outputs.count) {
      results.append(try slice(input, axis: axis, .init(start: start, count: part)))
      start += part
    }
    return results
  }

  /// Elements along one axis of the document.
  mutating func slice(
    _ operand: Operand, axis: Int, _ range: Operator.Slice.Range
  ) throws -> Operand {
    try mapped(operand) { importer, value in
      var ranges = Array(repeating: Operator.Slice.Range(), count: operand.rank)
      ranges[operand.position(of: axis)] = range
      return try importer.draft.emit(.slice(.init(ranges)), [value])
    }
  }

  private mutating func sliced(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let old = version < 10
    let any = Int.min...Int.max
    let starts =
      old ? try integers(node, "starts", in: any).map(inEveryWorld) : try integers(node, 1)
    let ends =
      old ? try integers(node, "ends", in: any).map(inEveryWorld) : try integers(node, 2)
    let given = old ? try integers(node, "axes") : try constantIntegers(node, 3)
    let steps = old ? nil : try constantIntegers(node, 4)
    guard let starts, let ends, starts[0].count == ends[0].count else {
      throw ImportProblem("its starts and ends are missing")
    }
    var axes: [Int] = []
    for axis in given ?? Array(starts[0].indices) {
      axes.append(try self.axis(axis, rank: input.rank))
    }
    guard axes.count == starts[0].count, steps.map({ $0.count == axes.count }) ?? true else {
      throw ImportProblem("its starts, ends, axes and steps are not of one length")
    }
    let sizes = sizes(input)
    var ranges = Array(repeating: Operator.Slice.Range(), count: input.rank)
    var beginnings: [(axis: Int, counts: [Int])] = []
    for (index, axis) in axes.enumerated() {
      let step = steps?[index] ?? 1
      var worlds: [SliceBounds] = []
      for world in sizes.indices {
        worlds.append(
          try bounds(
            starts[world][index], ends[world][index], step, size: sizes[world][axis]))
      }
      if worlds.allSatisfy({ $0.count == 0 }) { return nothing(of: input, along: axis) }
      guard worlds.allSatisfy({ $0.count > 0 }) else {
        throw ImportProblem("it leaves no elements")
      }
      let place = input.position(of: axis)
      if let first = firstOnes(worlds, step) {
        beginnings.append((place, first))
      } else {
        ranges[place] = try range(worlds, step)
      }
    }
    return try mapped(input) { importer, value in
      let part =
        ranges.allSatisfy { $0 == .init() }
        ? value : try importer.draft.emit(.slice(.init(ranges)), [value])
      return try beginnings.reduce(part) { part, beginning in
        try importer.draft.emit(
          .gather(.init(axis: beginning.axis)),
          [part, try importer.draft.addCounts(beginning.counts)])
      }
    }
  }

  /// How many elements a slice takes from the beginning, when that is a size of something else: of a table of positions
  /// as many as there are words.
  private func firstOnes(_ worlds: [SliceBounds], _ step: Int) -> [Int]? {
    let counts = worlds.map(\.count)
    let isOpen = counts.contains { $0 != counts[0] }
    let leaves = worlds.contains { $0.left != worlds[0].left }
    guard step == 1, isOpen, leaves, worlds.allSatisfy({ $0.start == 0 }),
      draft.axis(of: counts) != nil
    else { return nil }
    return counts
  }

  /// The elements of an axis in the opposite order, however many there are.
  mutating func reversed(_ value: DraftValue, axis: Int) throws -> DraftValue {
    var ranges = Array(repeating: Operator.Slice.Range(), count: draft.rank(value))
    ranges[axis] = .init(start: -1, step: -1)
    return try draft.emit(.slice(.init(ranges)), [value])
  }

  /// A tensor that has no elements along an axis of the document, which others may be joined with.
  private mutating func nothing(of operand: Operand, along axis: Int) -> Operand {
    let element = draft.type(operand.value).element
    let worlds = sizes(operand).map { sizes in
      var sizes = sizes
      sizes[axis] = 0
      return Constant(TensorType(element, Shape(sizes)), .filled(byteCount: 0) { _ in })
    }
    return plain(draft.addKnown(worlds), operand.element)
  }

  private func inEveryWorld(_ numbers: [Int]) -> [[Int]] {
    Array(repeating: numbers, count: Draft.worldCount)
  }

  /// What a start and an end as Python has them mean for a size.
  private func bounds(
    _ start: Int, _ end: Int, _ step: Int, size: Int
  ) throws -> SliceBounds {
    guard step != 0, step > -Int(Int32.max), step < Int(Int32.max) else {
      throw ImportProblem("its step cannot be \(step)")
    }
    func place(_ index: Int, _ low: Int, _ high: Int) -> Int {
      min(max(index < 0 ? (index < -size ? -size - 1 : index) + size : index, low), high)
    }
    let first = step > 0 ? place(start, 0, size) : place(start, -1, size - 1)
    let last = step > 0 ? place(end, 0, size) : place(end, -1, size - 1)
    let distance = max(step > 0 ? last - first : first - last, 0)
    return SliceBounds(
      start: first, count: (distance + abs(step) - 1) / abs(step),
      left: step > 0 ? size - last : last + 1, size: size)
  }

  /// A range that means the same in every world: start and end are counted from where they are the same.
  private func range(_ worlds: [SliceBounds], _ step: Int) throws -> Operator.Slice.Range {
    let first = worlds[0]
    let start: Int
    if worlds.allSatisfy({ $0.start == first.start }) {
      start = first.start
    } else if worlds.allSatisfy({ $0.start - $0.size == first.start - first.size }) {
      start = first.start - first.size
    } else {
      throw ImportProblem(
        "where it starts depends on sizes that are not fixed",
        remedy: ImportProblem.giveSizes)
    }
    if worlds.allSatisfy({ $0.count == first.count }) {
      return .init(start: start, count: first.count, step: step)
    }
    guard worlds.allSatisfy({ $0.left == first.left }) else {
      throw ImportProblem(
        "where it ends depends on sizes that are not fixed",
        remedy: ImportProblem.giveSizes)
    }
    return .init(start: start, count: Operator.Slice.allBut(first.left), step: step)
  }

  private mutating func tiled(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    guard let repeats = try constantIntegers(node, 1), repeats.count == input.rank,
      repeats.allSatisfy({ (1...GraphLimits.nodeInputs).contains($0) })
    else {
      throw ImportProblem(
        "its repeats must be one number from 1 to \(GraphLimits.nodeInputs) for each axis")
    }
    var result = input
    for axis in repeats.indices where repeats[axis] > 1 {
      result = try mapped(result) { importer, value in
        try importer.draft.emit(
          .concatenate(.init(axis: input.position(of: axis))),
          Array(repeating: value, count: repeats[axis]))
      }
    }
    return result
  }

  private mutating func padded(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let mode = try text(node, "mode", default: "constant")
    let amounts = version < 11 ? try integers(node, "pads") : try constantIntegers(node, 1)
    var filler =
      version < 11
      ? try number(
        Double(try number(node, "value", default: 0)), like: input.value) : nil
    if version >= 11, let value = operand(node, 2) {
      filler = try reshape(value.value, to: draft.sizes(value.value).map { _ in [] })
    }
    var axes = Array(0..<input.rank)
    if version >= 18, let given = try constantIntegers(node, 3) {
      axes = []
      for axis in given { axes.append(try self.axis(axis, rank: input.rank)) }
    }
    guard let amounts, amounts.count == 2 * axes.count else {
      throw ImportProblem("its pads must be two numbers for each of \(axes.count) axes")
    }
    guard amounts.allSatisfy({ $0.magnitude <= Draft.maximumSize }) else {
      throw ImportProblem("its pads cannot be \(listed(amounts))")
    }
    var before = Array(repeating: 0, count: input.rank)
    var after = before
    for (index, axis) in axes.enumerated() {
      before[input.position(of: axis)] = amounts[index]
      after[input.position(of: axis)] = amounts[index + axes.count]
    }
    return try pad(input, before: before, after: after, mode: mode, filler: filler)
  }

  /// Pads the axes of the draft's value; negative amounts take elements away.
  private mutating func pad(
    _ operand: Operand, before: [Int], after: [Int], mode: String, filler: DraftValue?
  ) throws -> Operand {
    let modes: [String: Operator.Pad.Mode] = [
      "constant": .constant, "reflect": .reflect, "edge": .edge, "wrap": .wrap,
    ]
    guard let mode = modes[mode] else { throw ImportProblem("its mode cannot be \(mode)") }
    return try mapped(operand) { importer, value in
      var value = value
      if (before + after).contains(where: { $0 < 0 }) {
        let sizes = importer.draft.sizes(value)
        let ranges = try before.indices.map { axis -> Operator.Slice.Range in
          let (start, end) = (max(-before[axis], 0), max(-after[axis], 0))
          guard sizes.allSatisfy({ $0[axis] > start + end }) else {
            throw ImportProblem("it leaves no elements")
          }
          return .init(start: start, count: Operator.Slice.allBut(end))
        }
        value = try importer.draft.emit(.slice(.init(ranges)), [value])
      }
      guard (before + after).contains(where: { $0 > 0 }) else { return value }
      var operands = [value]
      if mode == .constant, let filler { operands.append(filler) }
      return try importer.draft.emit(
        .pad(
          .init(mode, before: before.map { max($0, 0) }, after: after.map { max($0, 0) })),
        operands)
    }
  }

  private mutating func depthToSpace(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let block = try integer(node, "blocksize", default: 1, in: 1...Operator.Window.maximumSize)
    let isColumns = try text(node, "mode", default: "DCR") == "CRD"
    try expectRank(4...4, of: input, "input")
    let value = try value(input, order: [0, 2, 3, 1])
    let sizes = draft.sizes(value)
    let channels = sizes.map { $0[3] / (block * block) }
    let split = try reshape(
      value,
      to: zip(sizes, channels).map { size, channels in
        Array(size[..<3]) + (isColumns ? [channels, block, block] : [block, block, channels])
      })
    let moved = try draft.emit(
      .transpose(.init(isColumns ? [0, 1, 4, 2, 5, 3] : [0, 1, 3, 2, 4, 5])), [split])
    let result = try reshape(
      moved,
      to: zip(sizes, channels).map { [$0[0], $0[1] * block, $0[2] * block, $1] })
    return Operand(value: result, order: [0, 2, 3, 1], element: input.element)
  }

  private mutating func spaceToDepth(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let block = try integer(node, "blocksize", default: 1, in: 1...Operator.Window.maximumSize)
    let isColumns = try text(node, "mode", default: "DCR") == "CRD"
    try expectRank(4...4, of: input, "input")
    let value = try value(input, order: [0, 2, 3, 1])
    let sizes = draft.sizes(value)
    let split = try reshape(
      value,
      to: sizes.map { [$0[0], $0[1] / block, block, $0[2] / block, block, $0[3]] })
    let moved = try draft.emit(
      .transpose(.init(isColumns ? [0, 1, 3, 5, 2, 4] : [0, 1, 3, 2, 4, 5])), [split])
    let result = try reshape(
      moved,
      to: sizes.map { [$0[0], $0[1] / block, $0[2] / block, $0[3] * block * block] })
    return Operand(value: result, order: [0, 2, 3, 1], element: input.element)
  }

  /// The upper or lower triangle of matrices; everything else is zero.
  private mutating func triangle(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let isUpper = try flag(node, "upper", default: true)
    let offset = try constantIntegers(node, 1)?.first ?? 0
    guard input.rank >= 2 else { throw ImportProblem("it wants a matrix") }
    let value = try plainValue(input)
    let sizes = draft.sizes(value)
    let rank = input.rank
    // Row and column numbers, compared: in this way a size may be open.
    let rows = try draft.addCounts(sizes.map { $0[rank - 2] })
    let columns = try draft.addCounts(sizes.map { $0[rank - 1] })
    let column = try reshape(rows, to: sizes.map { [$0[rank - 2], 1] })
    let diagonal = try binary(.add, column, number: Double(offset))
    let mask = try binary(isUpper ? .greaterOrEqual : .lessOrEqual, columns, diagonal)
    let zero = try number(0, like: value)
    return plain(try draft.emit(.select(.init()), [mask, value, zero]), input.element)
  }

  private mutating func centred(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let axes = try self.axes(
      try integers(node, "axes") ?? Array(0..<input.rank), rank: input.rank)
    guard let targets = try constantIntegers(node, 1), targets.count == axes.count else {
      throw ImportProblem("its shape is missing")
    }
    var before = Array(repeating: 0, count: input.rank)
    var after = before
    for (axis, target) in zip(axes, targets) {
      guard (1...Draft.maximumSize).contains(target) else {
        throw ImportProblem("its shape cannot be \(listed(targets))")
      }
      let size = try fixed(sizes(input).map { $0[axis] }, "what it cuts off")
      let missing = target - size
      // ONNX rounds down what is padded before, and what is cut off before.
      let first = missing >= 0 ? missing / 2 : -((-missing) / 2)
      before[input.position(of: axis)] = first
      after[input.position(of: axis)] = missing - first
    }
    return try pad(input, before: before, after: after, mode: "constant", filler: nil)
  }
}

/// The elements that a slice takes along an axis.
private struct SliceBounds {
  /// The position of the first.
  let start: Int
  let count: Int
  /// The positions behind the last one that may be taken, or before it when the step is negative.
  let left: Int
  let size: Int
}
