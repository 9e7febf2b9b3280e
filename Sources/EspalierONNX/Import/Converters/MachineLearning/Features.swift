internal import EspalierGraph

extension Importer {
  /// What files of scikit-learn do with features before a model sees them: `[rows, features]`, or one row.
  static let featureConverters: [String: Converter] = [
    "Scaler": { importer, node in [try importer.scaled(node)] },
    "Normalizer": { importer, node in [try importer.normalizedRows(node)] },
    "Imputer": { importer, node in [try importer.imputed(node)] },
    "Binarizer": { importer, node in
      let threshold = Double(try importer.number(node, "threshold", default: 0))
      return [
        try importer.mapped(try importer.required(node, 0)) { importer, value in
          let element = importer.draft.type(value).element
          let isAbove = try importer.binary(
            .greater, try importer.cast(value, to: element == .float64 ? element : .float32),
            number: threshold)
          return try importer.cast(isAbove, to: element)
        }
      ]
    },
    "ArrayFeatureExtractor": { importer, node in [try importer.extracted(node)] },
    "FeatureVectorizer": { importer, node in [try importer.joinedFeatures(node)] },
    "OneHotEncoder": { importer, node in [try importer.encodedCategories(node)] },
  ]

  /// Refuses what is neither rows of features nor one row.
  func expectRows(_ operand: Operand) throws {
    try expectRank(1...2, of: operand, "input 0")
  }

  /// The numbers of an attribute, one or one for each feature.
  private mutating func perFeature(
    _ node: ONNXNode, _ name: String, _ given: [Float]?, of operand: Operand
  ) throws -> Operand? {
    guard let given else { return nil }
    let features = try fixed(
      sizes(operand).map { $0[operand.rank - 1] }, "how many features it has")
    guard given.count == 1 || given.count == features else {
      throw ImportProblem(
        "its attribute \(name) has \(given.count) numbers for \(features) features")
    }
    let shape = given.count == 1 ? [] : [given.count]
    let numbers = plain(draft.addConstant(Constant(shape, given)), .float32)
    return draft.type(operand.value).element == .float64 ? try cast(numbers, to: .float64) : numbers
  }

  /// `(x − offset) · scale`, as float32; of float64 the difference is one.
  private mutating func scaled(_ node: ONNXNode) throws -> Operand {
    var result = try required(node, 0)
    try expectRows(result)
    if result.element != .float64 { result = try cast(result, to: .float32) }
    for (name, function) in [("offset", Operator.Binary.Function.subtract), ("scale", .multiply)] {
      guard
        let numbers = try perFeature(node, name, try self.numbers(node, name), of: result)
      else { continue }
      result = try arithmetic(function, [result, numbers])
    }
    return try cast(result, to: .float32)
  }

  /// Rows divided by their largest number, by the sum of magnitudes or by their length; by one where that is zero.
  private mutating func normalizedRows(_ node: ONNXNode) throws -> Operand {
    let input = try cast(try required(node, 0), to: .float32)
    try expectRows(input)
    let axes = [input.rank - 1]
    let norm: Operand
    switch try text(node, "norm", default: "MAX") {
    case "MAX": norm = try reduce(.maximum, input, axes: axes)
    case "L1":
      let magnitudes = try mapped(input) { importer, value in
        try importer.unary(.absolute, value)
      }
      norm = try reduce(.sum, magnitudes, axes: axes)
    case "L2":
      let squares = try mapped(input) { importer, value in
        try importer.binary(.multiply, value, value)
      }
      norm = try mapped(try reduce(.sum, squares, axes: axes)) { importer, value in
        try importer.unary(.squareRoot, value)
      }
    case let other: throw ImportProblem("its norm must be MAX, L1 or L2, but is \(other)")
    }
    return try arithmetic(
      .divide, [input, try mapped(norm) { importer, value in try importer.nonzero(value) }])
  }

  /// Numbers with ones in the place of zeros, to divide by.
  mutating func nonzero(_ value: DraftValue) throws -> DraftValue {
    let isZero = try binary(.equal, value, number: 0)
    return try draft.emit(.select(.init()), [isZero, try number(1, like: value), value])
  }

  /// Numbers of each feature in the place of the number that stands for a missing one.
  private mutating func imputed(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    try expectRows(input)
    let element = draft.type(input.value).element
    let given: Operand?
    let isMissing: Operand
    if input.element.isFloat {
      let sign = Double(try number(node, "replaced_value_float", default: 0))
      given = try perFeature(
        node, "imputed_value_floats", try numbers(node, "imputed_value_floats"), of: input)
      isMissing = Operand(
        value: sign.isNaN
          ? try unary(.isNaN, input.value) : try binary(.equal, input.value, number: sign),
        order: input.order, element: .bool)
    } else {
      let any = Int.min...Int.max
      let sign = try integer(node, "replaced_value_int64", default: 0, in: any)
      let list = try integers(node, "imputed_value_int64s", in: any)
      given = try perFeature(
        node, "imputed_value_int64s", list.map { $0.map { Float($0) } }, of: input)
      let constant = draft.addConstant(Constant([], [Int64(sign)]))
      isMissing = try arithmetic(.equal, [input, plain(constant, .int64)])
    }
    guard let given else {
      throw ImportProblem("it has no values to put in the place of missing ones")
    }
    let (values, order) = try aligned([isMissing, given, input])
    let value = try draft.emit(
      .select(.init()), [values[0], try cast(values[1], to: element), values[2]])
    return Operand(value: value, order: order, element: input.element)
  }

  /// Elements of the last axis by index, also of one row.
  private mutating func extracted(_ node: ONNXNode) throws -> Operand {
    let (input, indices) = (try required(node, 0), try required(node, 1))
    guard input.rank > 0 else { throw ImportProblem("its input is one number") }
    let flat = try reshaped(indices) { sizes, _ in [sizes.reduce(1, *)] }
    if input.rank == 1 { noteClasses(input, byIndex: indices.value) }
    let rows = input.rank == 1 ? try unsqueezed(input, [0]) : input
    let value = try draft.emit(
      .gather(.init(axis: rows.rank - 1)), [try plainValue(rows), try plainValue(flat)])
    return plain(value, input.element)
  }

  /// Inputs side by side, as float32; a vector is one row.
  private mutating func joinedFeatures(_ node: ONNXNode) throws -> Operand {
    let widths = try integers(node, "inputdimensions") ?? []
    guard widths.count == node.inputs.count else {
      throw ImportProblem("its inputdimensions are not one number for each input")
    }
    var values: [DraftValue] = []
    for (index, width) in widths.enumerated() {
      let input = try cast(try required(node, index), to: .float32)
      try expectRows(input)
      let rows = input.rank == 1 ? try unsqueezed(input, [0]) : input
      guard sizes(rows).allSatisfy({ $0[1] == width }) else {
        throw ImportProblem("its input \(index) does not have the \(width) features it declares")
      }
      values.append(try plainValue(rows))
    }
    return plain(try draft.emit(.concatenate(.init(axis: 1)), values), .float32)
  }

  /// One where a number is a category, along a new last axis; zeros where it is none of them.
  private mutating func encodedCategories(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let any = Int.min...Int.max
    guard let categories = try integers(node, "cats_int64s", in: any), !categories.isEmpty else {
      throw ImportProblem("its categories are text", remedy: ImportProblem.encodeTexts)
    }
    let number = try cast(try plainValue(input), to: .int64)
    let column = try reshape(number, to: draft.sizes(number).map { $0 + [1] })
    let constant = draft.addConstant(
      Constant([categories.count], categories.map { Int64($0) }))
    return plain(try cast(try binary(.equal, column, constant), to: .float32), .float32)
  }
}
