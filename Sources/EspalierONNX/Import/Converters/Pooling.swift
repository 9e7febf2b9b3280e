internal import EspalierGraph

extension Importer {
  /// A pooling over windows, with the places of maxima when the node is asked for them.
  mutating func pooling(
    _ node: ONNXNode, _ function: Operator.Pooling.Function
  ) throws -> [Operand] {
    try pooling(node, function, of: try required(node, 0))
  }

  /// The pooling of an image that the attributes of a node describe.
  mutating func pooling(
    _ node: ONNXNode, _ function: Operator.Pooling.Function, of input: Operand
  ) throws -> [Operand] {
    guard let kernel = try integers(node, "kernel_shape"), (1...3).contains(kernel.count),
      kernel.count == input.rank - 2
    else { throw ImportProblem("its kernel_shape is not one for each of 1 to 3 spatial axes") }
    let order = try channelsLast(input.rank)
    let window = try window(node, kernel: kernel, input: input)
    let value = try value(input, order: order)
    func rule(
      _ function: Operator.Pooling.Function
    ) throws -> Operator {
      .pooling(
        .init(
          function, window: window,
          countsPadding: function == .average ? try flag(node, "count_include_pad") : false,
          roundsUp: try flag(node, "ceil_mode"),
          power: function == .powerSum ? try integer(node, "p", default: 2) : 0))
    }
    let result = try draft.emit(try rule(function), [value])
    let operand = Operand(value: result, order: order, element: input.element)
    guard node.outputs.count > 1, function == .maximum else { return [operand] }
    let indices = try draft.emit(try rule(.maximumIndex), [value])
    return [operand, try flattened(indices, node, input: input, order: order)]
  }

  /// Places in the whole tensor, by the remainder of the size of a plane, as the places in a plane that they were made of.
  func placesInPlanes(_ places: Operand, modulo divisor: Operand) -> Operand? {
    guard optimizes, divisor.rank == 0,
      let plane = draft.constant(divisor.value)?.integers?.first, plane > 0
    else { return nil }
    var value = places.value
    while let node = draft.node(making: value) {
      if case .pooling(let rule) = node.operator, rule.function == .maximumIndex {
        let isPlane = draft.sizes(node.inputs[0]).allSatisfy {
          $0.dropFirst().dropLast().reduce(1, *) == plane
        }
        return isPlane ? Operand(value: value, order: places.order, element: .int64) : nil
      }
      guard case .binary(let rule) = node.operator, rule.function == .add,
        areMultiples(node.inputs[1], of: plane)
      else { return nil }
      value = node.inputs[0]
    }
    return nil
  }

  /// Whether integers are multiples of a number: constants that are, or products with constants that are.
  private func areMultiples(_ value: DraftValue, of number: Int) -> Bool {
    var value = value
    if let node = draft.node(making: value), case .binary(let rule) = node.operator,
      rule.function == .multiply
    {
      value = node.inputs[1]
    }
    return draft.constant(value)?.integers?.allSatisfy { $0 % number == 0 } ?? false
  }

  /// Places in a plane as places in the whole tensor of the document, `[batch, channels, spatial...]`.
  private mutating func flattened(
    _ indices: DraftValue, _ node: ONNXNode, input: Operand, order: [Int]
  ) throws -> Operand {
    var indices = indices
    let sizes = sizes(input)
    guard sizes.allSatisfy({ $0.dropFirst() == sizes[0].dropFirst() }) else {
      throw ImportProblem(
        "where maxima are depends on sizes that are not fixed",
        remedy: ImportProblem.giveSizes)
    }
    let (rank, size) = (input.rank, sizes[0])
    let plane = size[2...].reduce(1, *)
    if try flag(node, "storage_order"), rank == 4 {
      // Column-major in the plane: x · height + y.
      let width = Double(size[3])
      let row = try binary(.divide, indices, number: width)
      let column = try binary(.modulo, indices, number: width)
      indices = try binary(.add, try binary(.multiply, column, number: Double(size[2])), row)
    }
    // Image n, channel c begins at (n · channels + c) · plane.
    let images = try reshape(
      draft.addCounts(sizes.map { $0[0] }),
      to: sizes.map { [$0[0]] + Array(repeating: 1, count: rank - 1) })
    let channels = try draft.addCounts([size[1]])
    for (counts, step) in [(images, size[1] * plane), (channels, plane)] {
      indices = try binary(.add, indices, try binary(.multiply, counts, number: Double(step)))
    }
    return Operand(value: indices, order: order, element: .int64)
  }
}
