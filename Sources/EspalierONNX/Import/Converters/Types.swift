internal import EspalierGraph

extension Importer {
  /// Casts and constants.
  static let typeConverters: [String: Converter] = [
    "Cast": { importer, node in
      let number = try importer.integer(node, "to", default: 0)
      guard let element = ONNXElementType(rawValue: Int32(clamping: number)) else {
        throw ImportProblem("it casts to an element type \(number), which is not known")
      }
      return [try importer.cast(try importer.required(node, 0), to: element)]
    },
    "CastLike": { importer, node in
      let like = try importer.required(node, 1)
      return [try importer.cast(try importer.required(node, 0), to: like.element)]
    },
    "Constant": { importer, node in [try importer.constant(node)] },
    "ConstantOfShape": { importer, node in
      var number = Constant([1], [Float(0)])
      var element = ONNXElementType.float32
      if case .tensor(let tensor)? = node.attribute("value") {
        number = try Constant(tensor)
        element = tensor.element
      }
      guard let sizes = try importer.integers(node, 0) else {
        throw ImportProblem("its input is missing")
      }
      return [importer.plain(try importer.filled(sizes, number), element)]
    },
    "EyeLike": { importer, node in try importer.eye(node) },
  ]

  /// A value as elements of another type of the document.
  mutating func cast(
    _ operand: Operand, to element: ONNXElementType
  ) throws -> Operand {
    guard operand.element != element else { return operand }
    if let texts = operand.texts { return try numbers(operand, texts, as: element) }
    guard let computed = element.computedElement else {
      throw ImportProblem("elements of type \(element) are not supported")
    }
    var value = operand.value
    // What has no type of its own is computed in a wider one, but has its precision, and integers wrap as it would.
    switch element {
    case .float16, .bfloat16:
      let narrow = element == .float16 ? ElementType.float16 : .bfloat16
      value = try cast(try cast(value, to: narrow), to: .float32)
    default:
      value = try cast(value, to: computed)
      if operand.element.mayWrap(as: element) { value = try wrapped(value, as: element) }
    }
    return Operand(value: value, order: operand.order, element: element)
  }

  /// Integers as those of fewer bits than they are computed with.
  private mutating func wrapped(
    _ value: DraftValue, as element: ONNXElementType
  ) throws -> DraftValue {
    switch element {
    case .uint16: return try binary(.and, value, number: Double(UInt16.max))
    case .uint32: return try binary(.and, value, number: Double(UInt32.max))
    case .int16:
      return try binary(.shiftRight, try binary(.shiftLeft, value, number: 16), number: 16)
    default: return value
    }
  }

  private mutating func constant(_ node: ONNXNode) throws -> Operand {
    for attribute in node.attributes {
      switch (attribute.name, attribute.value) {
      case ("value", .tensor(let tensor)):
        return try constant(tensor)
      case ("value_float", .float(let number)):
        return plain(draft.addConstant(Constant([], [number])), .float32)
      case ("value_floats", .floats(let numbers)) where !numbers.isEmpty:
        return plain(draft.addConstant(Constant([numbers.count], numbers)), .float32)
      case ("value_string", .string(let text)):
        return try constant(ONNXTensor(dimensions: [], strings: [text]))
      case ("value_strings", .strings(let texts)) where !texts.isEmpty:
        return try constant(ONNXTensor(dimensions: [texts.count], strings: texts))
      case ("value_int", .int(let number)):
        return plain(draft.addConstant(Constant([], [number])), .int64)
      case ("value_ints", .ints(let numbers)) where !numbers.isEmpty:
        return plain(draft.addConstant(Constant([numbers.count], numbers)), .int64)
      default: continue
      }
    }
    throw ImportProblem("it has no value that is supported")
  }

  private mutating func eye(_ node: ONNXNode) throws -> [Operand] {
    let input = try required(node, 0)
    let offset = try integer(node, "k", default: 0)
    var element = input.element
    if node.attribute("dtype") != nil {
      element =
        ONNXElementType(rawValue: Int32(clamping: try integer(node, "dtype", default: 1)))
        ?? .undefined
    }
    guard let computed = element.computedElement, input.rank == 2 else {
      throw ImportProblem("elements of type \(element) are not supported")
    }
    let value = try plainValue(input)
    let sizes = draft.sizes(value)
    for shape in sizes { try draft.budget.take(TensorType(.bool, Shape(shape))) }
    let worlds = sizes.map { shape in
      Constant(
        shape,
        (0..<shape[0]).flatMap { row in
          (0..<shape[1]).map { column in column - row == offset }
        })
    }
    return [plain(try cast(draft.addKnown(worlds), to: computed), element)]
  }
}

extension ONNXElementType {
  /// The integers of the type; nil when its numbers have fractions, or are no numbers.
  ///
  /// Those of 64 bits without a sign are computed as the ones with it.
  private var integers: ClosedRange<Int64>? {
    switch self {
    case .bool: 0...1
    case .int8: -1 << 7...1 << 7 - 1
    case .uint8: 0...1 << 8 - 1
    case .int16: -1 << 15...1 << 15 - 1
    case .uint16: 0...1 << 16 - 1
    case .int32: -1 << 31...1 << 31 - 1
    case .uint32: 0...1 << 32 - 1
    case .int64, .uint64: .min ... .max
    default: nil
    }
  }

  /// Whether this and the other are integers, and the other does not hold all of these.
  fileprivate func mayWrap(as other: ONNXElementType) -> Bool {
    guard let integers, let others = other.integers else { return false }
    return !(others.contains(integers.lowerBound) && others.contains(integers.upperBound))
  }
}
