internal import EspalierGraph

extension Importer {
  /// Windows that slide over spatial axes.
  static let windowConverters: [String: Converter] = [
    "Conv": { importer, node in [try importer.convolution(node)] },
    "ConvTranspose": { importer, node in
      [try importer.transposedConvolution(node)]
    },
    "MaxPool": { importer, node in try importer.pooling(node, .maximum) },
    "AveragePool": { importer, node in
      try importer.pooling(node, .average)
    },
    "LpPool": { importer, node in try importer.pooling(node, .powerSum) },
    "GlobalAveragePool": { importer, node in
      [try importer.globalPooling(node, .mean)]
    },
    "GlobalMaxPool": { importer, node in
      [try importer.globalPooling(node, .maximum)]
    },
    "GlobalLpPool": { importer, node in
      let power = Double(try importer.integer(node, "p", default: 2))
      return [
        try importer.mapped(try importer.required(node, 0)) {
          importer, value in
          let powers = try importer.binary(
            .power, try importer.unary(.absolute, value), number: power)
          let axes = (0..<importer.draft.rank(value)).filter { $0 > 1 }
          let sum = try importer.draft.emit(.reduction(.init(.sum, axes: axes)), [powers])
          return try importer.binary(.power, sum, number: 1 / power)
        }
      ]
    },
  ]

  /// The order in which window operators have axes: batch, spatial ones, channels.
  func channelsLast(_ rank: Int) -> [Int] { [0] + Array(2..<rank) + [1] }

  mutating func convolution(_ node: ONNXNode) throws -> Operand {
    let (input, weights) = (try required(node, 0), try required(node, 1))
    let rank = input.rank - 2
    guard (1...3).contains(rank), weights.rank == input.rank else {
      throw ImportProblem("a convolution over \(rank) spatial axes is not supported")
    }
    let order = channelsLast(input.rank)
    let kernel = Array(sizes(weights)[0][2...])
    let groups = try integer(node, "group", default: 1)
    let window = try window(node, kernel: kernel, input: input)
    let value = try value(input, order: order)
    // The document has [out, in, kernel...].
    let filters = try self.value(weights, order: Array(2..<input.rank) + [1, 0])
    var operands = [value, filters]
    if let bias = operand(node, 2) { operands.append(bias.value) }
    let result = try draft.emit(
      .convolution(.init(window: window, groups: groups)), operands)
    return Operand(value: result, order: order, element: input.element)
  }

  private mutating func transposedConvolution(_ node: ONNXNode) throws -> Operand {
    let (input, weights) = (try required(node, 0), try required(node, 1))
    let rank = input.rank - 2
    guard (1...3).contains(rank), weights.rank == input.rank else {
      throw ImportProblem("a convolution over \(rank) spatial axes is not supported")
    }
    let order = channelsLast(input.rank)
    let kernel = Array(sizes(weights)[0][2...])
    let groups = try integer(node, "group", default: 1)
    let ones = kernel.map { _ in 1 }
    let stride = try integers(node, "strides") ?? ones
    let dilation = try integers(node, "dilations") ?? ones
    var extra = try integers(node, "output_padding") ?? kernel.map { _ in 0 }
    let (before, after) = try transposedPadding(
      node, input, kernel, stride: stride, dilation: dilation, extra: &extra)
    let value = try value(input, order: order)
    // The document has [in, out / groups, kernel...].
    let filters = try self.value(weights, order: channelsLast(input.rank))
    var operands = [value, filters]
    if let bias = operand(node, 2) { operands.append(bias.value) }
    let result = try draft.emit(
      .transposedConvolution(
        .init(
          window: .init(
            kernel: kernel, stride: stride, dilation: dilation,
            padding: .explicit(before: before, after: after)),
          outputPadding: extra, groups: groups)), operands)
    return Operand(value: result, order: order, element: input.element)
  }

  /// The padding of a transposed convolution, which an output shape decides when the node has one.
  private func transposedPadding(
    _ node: ONNXNode, _ input: Operand, _ kernel: [Int], stride: [Int], dilation: [Int],
    extra: inout [Int]
  ) throws -> (before: [Int], after: [Int]) {
    let mode = try text(node, "auto_pad", default: "NOTSET")
    let wanted = try integers(node, "output_shape")
    if wanted == nil && (mode == "NOTSET" || mode == "VALID") {
      let pads = mode == "VALID" ? nil : try integers(node, "pads")
      return (
        pads.map { Array($0.prefix(kernel.count)) } ?? kernel.map { _ in 0 },
        pads.map { Array($0.suffix(kernel.count)) } ?? kernel.map { _ in 0 }
      )
    }
    let sizes = sizes(input)[0][2...]
    var (before, after): ([Int], [Int]) = ([], [])
    for (axis, size) in sizes.enumerated() {
      let reach = stride[axis] * (size - 1) + (kernel[axis] - 1) * dilation[axis] + 1
      let output = wanted?.suffix(kernel.count).map { $0 }[axis] ?? size * stride[axis]
      let total = reach + extra[axis] - output
      guard total >= 0 else {
        // More than the window reaches: padding of the output.
        extra[axis] -= total
        before.append(0)
        after.append(0)
        continue
      }
      let less = total / 2
      before.append(mode == "SAME_UPPER" ? less : total - less)
      after.append(mode == "SAME_UPPER" ? total - less : less)
    }
    return (before, after)
  }

  /// The window of a node: strides, dilations and padding as it has them.
  func window(
    _ node: ONNXNode, kernel: [Int], input: Operand
  ) throws -> Operator.Window {
    let rank = kernel.count
    let stride = try integers(node, "strides")
    let dilation = try integers(node, "dilations")
    guard stride?.count ?? rank == rank, dilation?.count ?? rank == rank else {
      throw ImportProblem("its strides or dilations are not one for each spatial axis")
    }
    let padding: Operator.Window.Padding
    switch try text(node, "auto_pad", default: "NOTSET") {
    case "NOTSET", "":
      let pads = try integers(node, "pads") ?? Array(repeating: 0, count: 2 * rank)
      guard pads.count == 2 * rank else {
        throw ImportProblem("its pads are not two for each spatial axis")
      }
      padding = .explicit(before: Array(pads[..<rank]), after: Array(pads[rank...]))
    case "VALID":
      padding = .explicit(before: kernel.map { _ in 0 }, after: kernel.map { _ in 0 })
    case "SAME_UPPER": padding = .same
    case "SAME_LOWER":
      let amounts = lowerPadding(
        kernel, stride: stride, dilation: dilation, sizes: Array(sizes(input)[0][2...]))
      padding = .explicit(before: amounts.before, after: amounts.after)
    case let mode: throw ImportProblem("its auto_pad is \(mode)")
    }
    return Operator.Window(kernel: kernel, stride: stride, dilation: dilation, padding: padding)
  }

  /// Padding to ceil(size / stride) elements with the odd one before.
  private func lowerPadding(
    _ kernel: [Int], stride: [Int]?, dilation: [Int]?, sizes: [Int]
  ) -> (before: [Int], after: [Int]) {
    let totals = kernel.indices.map { axis -> Int in
      let step = stride?[axis] ?? 1
      let extent = (kernel[axis] - 1) * (dilation?[axis] ?? 1) + 1
      let outputs = (sizes[axis] + step - 1) / step
      return max((outputs - 1) * step + extent - sizes[axis], 0)
    }
    return (totals.map { ($0 + 1) / 2 }, totals.map { $0 / 2 })
  }

  private mutating func globalPooling(
    _ node: ONNXNode, _ function: Operator.Reduction.Function
  ) throws -> Operand {
    let input = try required(node, 0)
    return try reduce(function, input, axes: Array(2..<max(input.rank, 2)))
  }
}
