internal import EspalierGraph

extension Importer {
  /// Linear models of scikit-learn: one product, and what becomes of its scores.
  static let linearModelConverters: [String: Converter] = [
    "LinearRegressor": { importer, node in
      let targets = try importer.integer(node, "targets", default: 1, in: 1...GraphLimits.dimension)
      let scores = try importer.linearScores(node, count: targets)
      // ONNX Runtime transforms a single score only with PROBIT.
      let transform = try importer.transform(node)
      guard targets > 1 || transform == .probit else { return [scores] }
      return [try importer.transformed(scores, transform)]
    },
    "LinearClassifier": { importer, node in try importer.linearClasses(node) },
  ]

  /// What becomes of the scores of a row.
  private enum Transform: String {
    case none = "NONE"
    case logistic = "LOGISTIC"
    case softmax = "SOFTMAX"
    case softmaxOfNonzero = "SOFTMAX_ZERO"
    case probit = "PROBIT"
  }

  private func transform(_ node: ONNXNode) throws -> Transform {
    let name = try text(node, "post_transform", default: "NONE")
    guard let transform = Transform(rawValue: name) else {
      throw ImportProblem("its post_transform cannot be \(name)")
    }
    return transform
  }

  /// `x · coefficientsᵀ + intercepts`, `[rows, count]`.
  private mutating func linearScores(_ node: ONNXNode, count: Int) throws -> Operand {
    var input = try cast(try required(node, 0), to: .float32)
    try expectRows(input)
    if input.rank == 1 { input = try unsqueezed(input, [0]) }
    let features = try fixed(sizes(input).map { $0[1] }, "how many features it has")
    let coefficients = try numbers(node, "coefficients") ?? []
    let intercepts = try numbers(node, "intercepts")
    let (needed, overflow) = count.multipliedReportingOverflow(by: features)
    guard !overflow, coefficients.count == needed, needed > 0 else {
      throw ImportProblem(
        "its coefficients are \(coefficients.count) numbers, but \(count) scores of \(features) "
          + "features want \(overflow ? "more than can be counted" : "\(needed)")")
    }
    guard intercepts?.count ?? count == count else {
      throw ImportProblem("its intercepts are \(intercepts?.count ?? 0), but must be \(count)")
    }
    let weights = plain(
      draft.addConstant(Constant([count, features], coefficients), name: "coefficients"), .float32)
    let scores = plain(try matrixProduct(input, turned(weights)), .float32)
    guard let intercepts else { return scores }
    let bias = draft.addConstant(Constant([count], intercepts), name: "intercepts")
    return try arithmetic(.add, [scores, plain(bias, .float32)])
  }

  /// Labels, and scores of all classes.
  private mutating func linearClasses(_ node: ONNXNode) throws -> [Operand] {
    let classes = try classes(node, integers: "classlabels_ints", texts: "classlabels_strings")
    let count = try numbers(node, "intercepts")?.count ?? classes.count
    let isPair = count == 1 && classes.count == 2
    guard isPair || count > 1 && count == classes.count else {
      throw ImportProblem("it has \(count) scores for \(classes.count) classes")
    }
    let scores = plain(try plainValue(try linearScores(node, count: count)), .float32)
    let transform = try transform(node)
    guard isPair else {
      let best = try draft.emit(.argReduction(.init(.maximum, axis: 1)), [scores.value])
      let answers = try transformed(scores, transform)
      noteLabels(
        classes.names, of: answers.value, areProbabilities: transform != .none,
        areOpposite: try count == 2 && transform == .none && areOpposite(node))
      return [try label(try squeezed(plain(best, .int64), [1]), classes), answers]
    }
    // One score says how much the second class is likelier than the first one.
    guard transform != .probit else {
      throw ImportProblem("its post_transform cannot be PROBIT for one score of two classes")
    }
    let isSecond = try cast(try binary(.greater, scores.value, number: 0), to: .int64)
    let second = transform == .logistic ? try unary(.sigmoid, scores.value) : scores.value
    let first = try binary(.subtract, try number(1, like: second), second)
    let answers = plain(try draft.emit(.concatenate(.init(axis: 1)), [first, second]), .float32)
    noteLabels(classes.names, of: answers.value, areProbabilities: transform == .logistic)
    return [try label(try squeezed(plain(isSecond, .int64), [1]), classes), answers]
  }

  /// Whether there are two scores, and one is the other's negative, as files of scikit-learn say what one score says.
  private func areOpposite(_ node: ONNXNode) throws -> Bool {
    try ["coefficients", "intercepts"].allSatisfy { name in
      let numbers = try numbers(node, name) ?? []
      let half = numbers.count / 2
      return numbers.prefix(half).elementsEqual(numbers.dropFirst(half).map { -$0 })
    }
  }

  private mutating func transformed(_ scores: Operand, _ transform: Transform) throws -> Operand {
    try mapped(scores) { importer, value in
      switch transform {
      case .none: value
      case .logistic: try importer.unary(.sigmoid, value)
      case .softmax: try importer.draft.emit(.softmax(.init()), [value])
      case .softmaxOfNonzero: try importer.softmaxOfNonzero(value)
      case .probit: try importer.probit(value)
      }
    }
  }

  /// The softmax in which zeros stay zeros.
  private mutating func softmaxOfNonzero(_ value: DraftValue) throws -> DraftValue {
    let axis = draft.rank(value) - 1
    let most = try draft.emit(.reduction(.init(.maximum, axes: [axis])), [value])
    let powers = try unary(.exp, try binary(.subtract, value, most))
    let isZero = try binary(.lessOrEqual, try unary(.absolute, value), number: 1e-7)
    let zero = try binary(.multiply, value, try unary(.exp, try unary(.negate, most)))
    let kept = try draft.emit(
      .select(.init()), [isZero, try number(0, like: powers), powers])
    let sum = try draft.emit(.reduction(.init(.sum, axes: [axis])), [kept])
    return try binary(
      .divide, try draft.emit(.select(.init()), [isZero, zero, powers]), sum)
  }

  /// The inverse of the normal distribution, `√2 · erf⁻¹(2x − 1)`, with Winitzki's approximation of `erf⁻¹` as ONNX
  /// Runtime has it.
  private mutating func probit(_ value: DraftValue) throws -> DraftValue {
    let x = try binary(.subtract, try binary(.multiply, value, number: 2), number: 1)
    let one = try number(1, like: x)
    let log = try unary(
      .log,
      try binary(.multiply, try binary(.subtract, one, x), try binary(.add, one, x)))
    let half = try binary(
      .add, try binary(.multiply, log, number: 0.5), number: 2 / (3.14159 * 0.147))
    let rest = try binary(.divide, log, number: 0.147)
    let root = try unary(
      .squareRoot, try binary(.subtract, try binary(.multiply, half, half), rest))
    let magnitude = try unary(.squareRoot, try binary(.subtract, root, half))
    let isNegative = try binary(.less, x, number: 0)
    let signed = try draft.emit(
      .select(.init()), [isNegative, try unary(.negate, magnitude), magnitude])
    return try binary(.multiply, signed, number: 1.41421356)
  }
}
