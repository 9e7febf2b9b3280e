internal import EspalierGraph

extension Importer {
  /// Functions of one number.
  static let elementwiseConverters: [String: Converter] = {
    let plain: [(String, Operator.Unary.Function)] = [
      ("Abs", .absolute), ("Neg", .negate), ("Exp", .exp), ("Log", .log), ("Sqrt", .squareRoot),
      ("Reciprocal", .reciprocal), ("Floor", .floor), ("Ceil", .ceil), ("Round", .round),
      ("Sign", .sign), ("Erf", .erf), ("Sin", .sin), ("Cos", .cos), ("Tan", .tan),
      ("Asin", .asin), ("Acos", .acos), ("Atan", .atan), ("Sinh", .sinh), ("Cosh", .cosh),
      ("Asinh", .asinh), ("Acosh", .acosh), ("Atanh", .atanh), ("Relu", .relu),
      ("Sigmoid", .sigmoid), ("Tanh", .tanh), ("Softplus", .softplus), ("Softsign", .softsign),
      ("HardSwish", .hardSwish), ("Mish", .mish), ("IsNaN", .isNaN), ("Not", .not),
      ("BitwiseNot", .not),
    ]
    var all: [String: Converter] = [:]
    for (name, function) in plain {
      all[name] = { importer, node in
        try importer.function(.init(function), node)
      }
    }
    let parametric:
      [(
        String, Operator.Unary.Function, (name: String, usual: Float),
        (name: String, usual: Float)?
      )] = [
        ("Elu", .elu, ("alpha", 1), nil),
        ("Celu", .celu, ("alpha", 1), nil),
        ("Selu", .selu, ("alpha", 1.67326319217681884765625), ("gamma", 1.05070102214813232421875)),
        ("LeakyRelu", .leakyRelu, ("alpha", 0.01), nil),
        ("ThresholdedRelu", .thresholdedRelu, ("alpha", 1), nil),
        ("HardSigmoid", .hardSigmoid, ("alpha", 0.2), ("beta", 0.5)),
        ("Shrink", .shrink, ("lambd", 0.5), ("bias", 0)),
        ("Swish", .swish, ("alpha", 1), nil),
      ]
    for (name, function, alpha, beta) in parametric {
      all[name] = { importer, node in
        let first = try importer.number(node, alpha.name, default: alpha.usual)
        var second: Float?
        if let beta { second = try importer.number(node, beta.name, default: beta.usual) }
        return try importer.function(.init(function, alpha: first, beta: second), node)
      }
    }
    all["Gelu"] = { importer, node in
      let isTanh = try importer.text(node, "approximate", default: "none") == "tanh"
      return try importer.function(.init(isTanh ? .geluTanh : .gelu), node)
    }
    all["IsInf"] = { importer, node in
      let negative = try importer.flag(node, "detect_negative", default: true)
      let positive = try importer.flag(node, "detect_positive", default: true)
      guard negative || positive else {
        let input = try importer.required(node, 0)
        let none = try importer.filled(
          importer.draft.sizes(input.value), Constant(0, .bool))
        return [Operand(value: none, order: input.order, element: .bool)]
      }
      return try importer.function(
        .init(negative ? positive ? .isInfinite : .isNegativeInfinite : .isPositiveInfinite), node)
    }
    all["Clip"] = { importer, node in try importer.clip(node) }
    all["Identity"] = { importer, node in
      [try importer.required(node, 0)]
    }
    all["Dropout"] = { importer, node in try importer.dropout(node) }
    return all
  }()

  /// Applies a function; integers that it is not defined for are computed in a wider type.
  private mutating func function(
    _ function: Operator.Unary, _ node: ONNXNode
  ) throws -> [Operand] {
    let input = try required(node, 0)
    try expectOwnArithmetic(input.element)
    let element = draft.type(input.value).element
    var value = input.value
    if element == .int8 || element == .uint8 { value = try cast(value, to: .int32) }
    let result = try draft.emit(.unary(function), [value])
    let isTest = draft.type(result).element == .bool && element != .bool
    return [
      Operand(
        value: isTest ? result : try cast(result, to: element), order: input.order,
        element: isTest ? .bool : input.element)
    ]
  }

  private mutating func clip(_ node: ONNXNode) throws -> [Operand] {
    let input = try required(node, 0)
    var bounds: [Operand?] = [operand(node, 1), operand(node, 2)]
    if version < 11 {
      bounds = []
      for name in ["min", "max"] {
        guard node.attribute(name) != nil else {
          bounds.append(nil)
          continue
        }
        let number = Double(try number(node, name, default: 0))
        let value = draft.addConstant(Constant(number, .float32))
        bounds.append(plain(value, .float32))
      }
    }
    let numbers = bounds.map { bound in bound.flatMap { draft.constant($0.value)?.first } }
    let areKnown = zip(bounds, numbers).allSatisfy { ($0 == nil) == ($1 == nil) }
    if draft.type(input.value).element == .float32, areKnown {
      return [
        try mapped(input) { importer, value in
          try importer.draft.emit(
            .unary(
              .init(.clip, alpha: numbers[0].map { Float($0) }, beta: numbers[1].map { Float($0) })),
            [value])
        }
      ]
    }
    var result = input
    for (bound, function) in zip(bounds, [Operator.Binary.Function.maximum, .minimum]) {
      guard let bound else { continue }
      result = try arithmetic(function, [result, bound])
    }
    return [result]
  }

  private mutating func dropout(_ node: ONNXNode) throws -> [Operand] {
    let input = try required(node, 0)
    if let training = operand(node, 2) {
      guard training.rank == 0, draft.constant(training.value)?.integers == [0] else {
        throw ImportProblem(
          "it is in training mode", remedy: "export the network in evaluation mode")
      }
    }
    guard node.outputs.count > 1 else { return [input] }
    let mask = try filled(draft.sizes(input.value), Constant(1, .bool))
    return [input, Operand(value: mask, order: input.order, element: .bool)]
  }

  /// One number as often as a shape says, for each world.
  mutating func filled(
    _ sizes: [[Int]], _ number: Constant
  ) throws -> DraftValue {
    guard number.count == 1 else { throw ImportProblem("its value is not one number") }
    var worlds: [Constant] = []
    // What does not depend on sizes is made once.
    for shape in sizes.allSatisfy({ $0 == sizes[0] }) ? [sizes[0]] : sizes {
      let type = TensorType(number.type.element, Shape(shape))
      guard type.isCountable else {
        throw ImportProblem("its shape cannot be \(listed(shape))")
      }
      guard !shape.isEmpty, !shape.contains(0) else {
        worlds.append(
          shape.isEmpty ? number.reshaped([]) : Constant(type, .filled(byteCount: 0) { _ in }))
        continue
      }
      let one = number.reshaped(shape.map { _ in 1 })
      worlds.append(try draft.evaluate(.expand(.init(shape)), [one]))
    }
    return draft.addKnown(worlds)
  }
}
