internal import EspalierGraph

extension Importer {
  /// Shapes: asking for them and changing them.
  static let shapeConverters: [String: Converter] = [
    "Shape": { importer, node in
      let input = try importer.required(node, 0)
      let start = try importer.integer(node, "start", default: 0)
      let end = try importer.integer(node, "end", default: input.rank)
      func position(_ axis: Int) -> Int {
        min(max(axis < 0 ? axis + input.rank : axis, 0), input.rank)
      }
      let worlds = importer.sizes(input).map { sizes in
        let part = sizes[position(start)..<max(position(start), position(end))]
        return Constant([part.count], part.map { Int64($0) })
      }
      return [importer.plain(importer.draft.addKnown(worlds), .int64)]
    },
    "Size": { importer, node in
      let worlds = importer.sizes(try importer.required(node, 0)).map {
        Constant([], [Int64($0.reduce(1, *))])
      }
      return [importer.plain(importer.draft.addKnown(worlds), .int64)]
    },
    "Reshape": { importer, node in
      let copiesZero = try !importer.flag(node, "allowzero")
      guard let targets = try importer.integers(node, 1) else {
        throw ImportProblem("its shape is missing")
      }
      return [
        try importer.reshaped(try importer.required(node, 0)) {
          sizes, world in
          try resolve(targets[world], sizes, copiesZero: copiesZero)
        }
      ]
    },
    "Flatten": { importer, node in
      let input = try importer.required(node, 0)
      let number = try importer.integer(node, "axis", default: 1)
      let axis = number == input.rank ? number : try importer.axis(number, rank: input.rank)
      return [
        try importer.reshaped(input) { sizes, _ in
          [sizes[..<axis].reduce(1, *), sizes[axis...].reduce(1, *)]
        }
      ]
    },
    "Squeeze": { importer, node in
      let input = try importer.required(node, 0)
      let given = try importer.listOfAxes(node, since: 13)
      let sizes = importer.sizes(input)
      let axes =
        try given.map { axes in
          try importer.axes(axes, rank: input.rank)
        } ?? sizes[0].indices.filter { axis in sizes.allSatisfy { $0[axis] == 1 } }
      guard axes.allSatisfy({ axis in sizes.allSatisfy { $0[axis] == 1 } }) else {
        throw ImportProblem("it takes away an axis whose size is not 1")
      }
      return [try importer.squeezed(input, axes)]
    },
    "Unsqueeze": { importer, node in
      let input = try importer.required(node, 0)
      let given = try importer.listOfAxes(node, since: 13) ?? []
      let axes = try importer.axes(given, rank: input.rank + given.count)
      return [try importer.unsqueezed(input, axes)]
    },
    "Expand": { importer, node in
      guard let targets = try importer.integers(node, 1) else {
        throw ImportProblem("its shape is missing")
      }
      return [try importer.expanded(try importer.required(node, 0), targets)]
    },
    "Transpose": { importer, node in
      let input = try importer.required(node, 0)
      let permutation =
        try importer.integers(node, "perm") ?? Array((0..<input.rank).reversed())
      guard permutation.sorted() == Array(0..<input.rank) else {
        throw ImportProblem("its attribute perm is no permutation of \(input.rank) axes")
      }
      return [importer.transposed(input, permutation)]
    },
  ]

  /// An operand seen with its axes in another order: axis i of the result is axis `permutation[i]`, which lies where it
  /// lay.
  func transposed(_ operand: Operand, _ permutation: [Int]) -> Operand {
    let order = operand.order.map { permutation.firstIndex(of: $0) ?? $0 }
    return Operand(value: operand.value, order: order, element: operand.element)
  }

  /// The sizes of an operand as the document has them, in each world.
  func sizes(_ operand: Operand) -> [[Int]] {
    draft.sizes(operand.value).map { sizes in
      (0..<operand.rank).map { sizes[operand.position(of: $0)] }
    }
  }

  /// Axes that are an attribute in old versions and an input since a version.
  mutating func listOfAxes(_ node: ONNXNode, since: Int) throws -> [Int]? {
    version >= since ? try constantIntegers(node, 1) : try integers(node, "axes")
  }

  /// Another shape of the elements in the document's order.
  mutating func reshaped(
    _ operand: Operand, _ shape: (_ sizes: [Int], _ world: Int) throws -> [Int]
  ) throws -> Operand {
    var targets: [[Int]] = []
    for (world, sizes) in sizes(operand).enumerated() { targets.append(try shape(sizes, world)) }
    // Axes of size 1 come and go without anything being moved.
    let kept = sizes(operand).map { $0.filter { $0 != 1 } }
    if kept == targets.map({ $0.filter { $0 != 1 } }), !operand.isPlain,
      let result = try reshapedInPlace(operand, targets)
    {
      return result
    }
    return plain(try reshape(try plainValue(operand), to: targets), operand.element)
  }

  /// The reshape that takes away and adds axes of size 1 around axes that keep their places.
  private mutating func reshapedInPlace(
    _ operand: Operand, _ targets: [[Int]]
  ) throws -> Operand? {
    let sizes = sizes(operand)
    let gone = sizes[0].indices.filter { axis in sizes.allSatisfy { $0[axis] == 1 } }
    let new = targets[0].indices.filter { axis in targets.allSatisfy { $0[axis] == 1 } }
    guard sizes[0].count - gone.count == targets[0].count - new.count else { return nil }
    return try unsqueezed(try squeezed(operand, gone), new)
  }

  mutating func squeezed(
    _ operand: Operand, _ axes: [Int]
  ) throws -> Operand {
    let places = axes.map { operand.position(of: $0) }
    let sizes = draft.sizes(operand.value).map { sizes in
      sizes.indices.filter { !places.contains($0) }.map { sizes[$0] }
    }
    let order = operand.order.filter { !axes.contains($0) }.map { axis in
      axis - axes.count { $0 < axis }
    }
    return Operand(
      value: try reshape(operand.value, to: sizes), order: order, element: operand.element)
  }

  /// Adds axes of size 1, which come first in the draft's value.
  mutating func unsqueezed(
    _ operand: Operand, _ axes: [Int]
  ) throws -> Operand {
    guard !axes.isEmpty else { return operand }
    let rank = operand.rank + axes.count
    guard rank <= Shape.maximumRank else {
      throw ImportProblem("its result would have \(rank) axes; \(Shape.maximumRank) are the most")
    }
    let kept = (0..<rank).filter { !axes.contains($0) }
    if operand.isPlain {
      let sizes = draft.sizes(operand.value).map { sizes in
        var rest = sizes[...]
        return (0..<rank).map { axes.contains($0) ? 1 : rest.removeFirst() }
      }
      return plain(try reshape(operand.value, to: sizes), operand.element)
    }
    let ones = axes.map { _ in 1 }
    let value = try reshape(operand.value, to: draft.sizes(operand.value).map { ones + $0 })
    return Operand(
      value: value, order: axes + operand.order.map { kept[$0] }, element: operand.element)
  }

  /// A value repeated to a shape, which broadcasts with its own.
  mutating func expanded(
    _ operand: Operand, _ targets: [[Int]]
  ) throws -> Operand {
    var shapes: [[Int]] = []
    for (target, sizes) in zip(targets, sizes(operand)) {
      guard target.count <= Shape.maximumRank, target.allSatisfy({ $0 > 0 }) else {
        throw ImportProblem("its shape cannot be \(listed(target))")
      }
      guard let shape = Operator.Binary.broadcast(Shape(target), Shape(sizes)) else {
        throw ImportProblem("shape \(Shape(sizes)) does not broadcast to \(Shape(target))")
      }
      shapes.append(shape.sizes)
    }
    guard shapes != sizes(operand) else { return operand }
    let value = try plainValue(operand)
    if !draft.values[value].known.isEmpty {
      return plain(try expandedConstant(value, shapes), operand.element)
    }
    let ones = Array(repeating: 1, count: shapes[0].count - draft.rank(value))
    var result = try reshape(value, to: draft.sizes(value).map { ones + $0 })
    for axis in shapes[0].indices {
      guard let wider = try draft.expand(result, axis: axis, to: shapes.map { $0[axis] }) else {
        throw ImportProblem(
          "a size of its result depends on sizes that are not fixed",
          remedy: ImportProblem.giveSizes)
      }
      result = wider
    }
    return plain(result, operand.element)
  }

  private mutating func expandedConstant(
    _ value: DraftValue, _ shapes: [[Int]]
  ) throws -> DraftValue {
    let known = draft.values[value].known
    var worlds: [Constant] = []
    for (world, shape) in shapes.enumerated() {
      worlds.append(
        try draft.evaluate(.expand(.init(shape)), [known[min(world, known.count - 1)]]))
    }
    return draft.addKnown(worlds)
  }
}

/// The sizes that a target with 0 for "as before" and -1 for "whatever is left" means.
private func resolve(
  _ target: [Int], _ sizes: [Int], copiesZero: Bool
) throws -> [Int] {
  guard target.count <= Shape.maximumRank else {
    throw ImportProblem("its shape has \(target.count) axes; \(Shape.maximumRank) are the most")
  }
  var result = target
  for axis in target.indices where target[axis] == 0 && copiesZero {
    guard axis < sizes.count else {
      throw ImportProblem("its shape copies an axis that is not there")
    }
    result[axis] = sizes[axis]
  }
  if let axis = result.firstIndex(of: -1) {
    result[axis] = 1
    let known = result.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard known > 0 else {
      throw ImportProblem("its shape cannot be \(listed(target))")
    }
    result[axis] = sizes.reduce(1, *) / known
  }
  guard result.allSatisfy({ $0 >= 0 && $0 <= Int(Int32.max) }) else {
    throw ImportProblem("its shape cannot be \(listed(target))")
  }
  return result
}
