internal import EspalierGraph

extension Importer {
  /// Numbers as small integers with scales.
  static let quantizationConverters: [String: Converter] = [
    "QuantizeLinear": { importer, node in
      [try importer.quantized(node)]
    },
    "DequantizeLinear": { importer, node in
      [try importer.dequantized(node)]
    },
    "DynamicQuantizeLinear": { importer, node in
      let found = try importer.dynamicallyQuantized(try importer.required(node, 0))
      return [found.numbers, found.scale, found.zero]
    },
    "MatMulInteger": { importer, node in [try importer.integerProduct(node)] },
    "ConvInteger": { importer, node in [try importer.integerConvolution(node)] },
    "QLinearMatMul": { importer, node in
      let (left, right) = (try importer.required(node, 0), try importer.required(node, 3))
      let rows = try importer.dequantized(
        left, scale: try importer.required(node, 1), zero: importer.operand(node, 2),
        axis: left.rank - 2)
      let columns = try importer.dequantized(
        right, scale: try importer.required(node, 4), zero: importer.operand(node, 5),
        axis: right.rank - 1)
      return [
        try importer.quantizedAsOne(try importer.product(rows, columns), node, scale: 6, zero: 7)
      ]
    },
    "QLinearConv": { importer, node in
      [try importer.quantizedConvolution(node, of: try importer.required(node, 0))]
    },
  ]

  /// A vector of scales or zero points with its axis where the axis of an operand is.
  private mutating func along(
    _ vector: Operand, axis: Int, of operand: Operand
  ) throws -> Operand {
    guard vector.rank == 1, operand.rank > 1 else { return vector }
    if draft.sizes(vector.value).allSatisfy({ $0 == [1] }) { return try squeezed(vector, [0]) }
    let ones = Array(repeating: 1, count: operand.rank - 1 - axis)
    let sizes = draft.sizes(vector.value).map { $0 + ones }
    return plain(try reshape(vector.value, to: sizes), vector.element)
  }

  /// Zero points as float32, with their axis where the axis of an operand is.
  mutating func point(_ zero: Operand, axis: Int, of operand: Operand) throws -> Operand {
    let point = plain(try cast(try plainValue(zero), to: .float32), .float32)
    return try along(point, axis: axis, of: operand)
  }

  /// The axis that a vector of scales or zero points lies along.
  private func quantizationAxis(_ node: ONNXNode, _ operand: Operand) throws -> Int {
    guard try integer(node, "block_size", default: 0) == 0 else {
      throw ImportProblem("scales for blocks are not supported")
    }
    let axis = try integer(node, "axis", default: 1)
    return operand.rank > 1 ? try self.axis(axis, rank: operand.rank) : 0
  }

  /// `(x − zero) · scale`; a vector of scales and zero points lies along an axis.
  mutating func dequantized(
    _ input: Operand, scale: Operand, zero: Operand?, axis: Int
  ) throws -> Operand {
    let element = draft.type(input.value).element
    if element == .int8 || element == .uint8 || element == .int32 {
      var operands = [input, try along(scale, axis: axis, of: input)]
      if let zero { operands.append(try along(zero, axis: axis, of: input)) }
      let (values, order) = try aligned(operands)
      return Operand(
        value: try draft.emit(.dequantize(.init()), values), order: order, element: scale.element)
    }
    var number = Operand(
      value: try cast(input.value, to: .float32), order: input.order, element: .float32)
    if let zero {
      number = try arithmetic(.subtract, [number, try point(zero, axis: axis, of: input)])
    }
    let result = try arithmetic(.multiply, [number, try along(scale, axis: axis, of: input)])
    return Operand(value: result.value, order: result.order, element: scale.element)
  }

  /// `DequantizeLinear`.
  mutating func dequantized(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    return try dequantized(
      input, scale: try required(node, 1), zero: operand(node, 2),
      axis: try quantizationAxis(node, input))
  }

  /// `QuantizeLinear`.
  mutating func quantized(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    return try quantized(
      input, node, scale: 1, zero: 2, axis: try quantizationAxis(node, input))
  }

  /// Numbers quantized with one scale and one zero point.
  mutating func quantizedAsOne(
    _ input: Operand, _ node: ONNXNode, scale: Int, zero: Int
  ) throws -> Operand {
    for index in [scale, zero] {
      guard let operand = operand(node, index) else { continue }
      guard sizes(operand).allSatisfy({ $0.allSatisfy { $0 == 1 } }) else {
        throw ImportProblem(
          "its input \(index) has several numbers, but its result is quantized with one")
      }
    }
    return try quantized(input, node, scale: scale, zero: zero, axis: 0)
  }

  /// `round(x / scale) + zero`, saturating.
  private mutating func quantized(
    _ input: Operand, _ node: ONNXNode, scale: Int, zero: Int, axis: Int
  ) throws -> Operand {
    let scale = try along(try required(node, scale), axis: axis, of: input)
    var target = ONNXElementType.uint8
    let zero = operand(node, zero)
    if let zero {
      target = zero.element
    } else if node.attribute("output_dtype") != nil {
      target =
        ONNXElementType(rawValue: Int32(clamping: try integer(node, "output_dtype", default: 2)))
        ?? .undefined
    }
    if target == .int8 || target == .uint8, draft.type(input.value).element == .float32 {
      var operands = [input, scale]
      if let zero { operands.append(try along(zero, axis: axis, of: input)) }
      let (values, order) = try aligned(operands)
      let rule = Operator.Quantize(target == .int8 ? .int8 : .uint8)
      return Operand(
        value: try draft.emit(.quantize(rule), values), order: order, element: target)
    }
    let limits: [ONNXElementType: (Double, Double)] = [
      .int16: (-32768, 32767), .uint16: (0, 65535),
    ]
    guard let limits = limits[target], let element = target.computedElement else {
      throw ImportProblem("integers of type \(target) are not supported")
    }
    let number = Operand(
      value: try cast(input.value, to: .float32), order: input.order, element: .float32)
    var result = try arithmetic(.divide, [number, scale])
    result = try mapped(result) { importer, value in
      try importer.unary(.round, value)
    }
    if let zero { result = try arithmetic(.add, [result, try point(zero, axis: axis, of: input)]) }
    return try mapped(Operand(value: result.value, order: result.order, element: target)) {
      importer, value in
      let above = try importer.binary(.maximum, value, number: limits.0)
      return try importer.cast(try importer.binary(.minimum, above, number: limits.1), to: element)
    }
  }

  /// Numbers as uint8 with a scale and a zero point that span all of them and zero.
  mutating func dynamicallyQuantized(
    _ input: Operand
  ) throws -> (numbers: Operand, scale: Operand, zero: Operand) {
    let axes = Array(0..<input.rank)
    let most = try squeezed(try reduce(.maximum, input, axes: axes), axes).value
    let least = try squeezed(try reduce(.minimum, input, axes: axes), axes).value
    let high = try binary(.maximum, most, number: 0)
    let low = try binary(.minimum, least, number: 0)
    let scale = try binary(.divide, try binary(.subtract, high, low), number: 255)
    let shift = try unary(.round, try unary(.negate, try binary(.divide, low, scale)))
    let zero = try binary(.minimum, try binary(.maximum, shift, number: 0), number: 255)
    let result = try mapped(input) { importer, value in
      let ratio = try importer.unary(.round, try importer.binary(.divide, value, scale))
      let moved = try importer.binary(.add, ratio, zero)
      let inside = try importer.binary(
        .minimum, try importer.binary(.maximum, moved, number: 0), number: 255)
      return try importer.cast(inside, to: .uint8)
    }
    return (
      Operand(value: result.value, order: result.order, element: .uint8),
      plain(scale, .float32), plain(try cast(zero, to: .uint8), .uint8)
    )
  }

  /// The convolution of quantized images that a node describes.
  mutating func quantizedConvolution(_ node: ONNXNode, of image: Operand) throws -> Operand {
    let input = try dequantized(
      image, scale: try required(node, 1), zero: operand(node, 2), axis: 1)
    let weights = try required(node, 3)
    let scale = try along(try required(node, 4), axis: 0, of: weights)
    var filters = Operand(
      value: try cast(weights.value, to: .float32), order: weights.order, element: .float32)
    if let zero = operand(node, 5) {
      filters = try arithmetic(.subtract, [filters, try point(zero, axis: 0, of: weights)])
    }
    let weighted = try arithmetic(.multiply, [filters, scale])
    var offset: Operand?
    if let bias = operand(node, 8) {
      // Stored in units of the product of both scales.
      let units = try binary(
        .multiply, try required(node, 1).value, try required(node, 4).value)
      let value = try binary(.multiply, try cast(bias.value, to: .float32), units)
      offset = plain(value, .float32)
    }
    let result = try convolution(node, input, weights: weighted, bias: offset)
    return try quantizedAsOne(result, node, scale: 6, zero: 7)
  }
}
