internal import EspalierGraph

/// Turns a node of a document into nodes of the draft; returns what its outputs are, as many as it supports.
typealias Converter = @Sendable (inout Importer, ONNXNode) throws -> [Operand]

extension Importer {
  /// The converters of all operators that are supported: by domain, by name.
  static let converters: [String: [String: Converter]] = [
    ONNXDomain.onnx: joined([
      elementwiseConverters, arithmeticConverters, typeConverters, shapeConverters, moveConverters,
      indexConverters, windowConverters, normalizationConverters, productConverters,
      reductionConverters, attentionConverters, recurrentConverters, resizeConverters,
      quantizationConverters,
      lossConverters, signalConverters, samplingConverters, controlConverters,
      sequenceConverters,
    ]),
    ONNXDomain.machineLearning: joined([
      featureConverters, linearModelConverters, labelConverters,
    ]),
    ONNXDomain.runtime: joined([
      fusionConverters, skipNormalizationConverters, fusedAttentionConverters,
      quantizedFunctionConverters, quantizedProductConverters,
    ]),
  ]

  private static func joined(_ families: [[String: Converter]]) -> [String: Converter] {
    families.reduce(into: [:]) { all, family in all.merge(family) { _, new in new } }
  }
}

/// The domains of operators.
enum ONNXDomain {
  /// ONNX itself.
  static let onnx = ""
  /// ONNX's operators of classical machine learning, which scikit-learn's files are made of.
  static let machineLearning = "ai.onnx.ml"
  /// Those of ONNX Runtime, which its optimisers put in the place of several of ONNX's.
  static let runtime = "com.microsoft"

  /// An operator's name behind its domain.
  static func qualified(_ name: String, in domain: String) -> String {
    domain == onnx ? name : "\(domain).\(name)"
  }
}

extension ONNXModel {
  /// The names of the operators that can be converted, with their domain before them where that is not ONNX's, ascending.
  public static var convertibleOperators: [String] {
    Importer.converters.flatMap { domain, names in
      names.keys.map { ONNXDomain.qualified($0, in: domain) }
    }.sorted()
  }
}

/// Composing operators of the model out of others: what many converters need.
extension Importer {
  mutating func unary(
    _ function: Operator.Unary.Function, _ value: DraftValue
  ) throws -> DraftValue {
    try draft.emit(.unary(.init(function)), [value])
  }

  mutating func binary(
    _ function: Operator.Binary.Function, _ left: DraftValue, _ right: DraftValue
  ) throws -> DraftValue {
    try draft.emit(.binary(.init(function)), [left, right])
  }

  /// A function of a value and one number of the value's type.
  mutating func binary(
    _ function: Operator.Binary.Function, _ left: DraftValue, number right: Double
  ) throws -> DraftValue {
    try binary(function, left, try number(right, like: left))
  }

  /// One number of a value's element type, a scalar.
  mutating func number(_ number: Double, like value: DraftValue) throws -> DraftValue {
    let element = draft.type(value).element
    let constant = Constant(number, element)
    guard
      element == .float32 || element == .float64 || element == .bool
        || constant.first == number.rounded(.towardZero)
    else { throw ImportProblem("\(number) is no number of type \(element.label)") }
    return draft.addConstant(constant)
  }

  mutating func cast(
    _ value: DraftValue, to element: ElementType
  ) throws -> DraftValue {
    if draft.type(value).element == element { return value }
    return try draft.emit(.cast(.init(element)), [value])
  }

  /// Operands of one rank with their axes in one order, so that they broadcast against one another.
  ///
  /// The order is that of the largest operand that is no constant: the first one that is no input, or the first. Nothing
  /// depends on how the document's axes lie, so that a document whose axes lie otherwise makes the same model.
  mutating func aligned(
    _ operands: [Operand]
  ) throws -> (values: [DraftValue], order: [Int]) {
    let rank = operands.map(\.rank).max() ?? 0
    if operands.allSatisfy(\.isPlain) { return (operands.map(\.value), Array(0..<rank)) }
    let order = leader(operands.filter { $0.rank == rank })?.order ?? Array(0..<rank)
    var values: [DraftValue] = []
    for operand in operands {
      guard operand.rank > 0 else {
        values.append(operand.value)
        continue
      }
      guard operand.rank < rank else {
        values.append(try value(operand, order: order))
        continue
      }
      let ones = Array(repeating: 1, count: rank - operand.rank)
      let whole = try plainValue(operand)
      let raised = try reshape(whole, to: draft.sizes(whole).map { ones + $0 })
      values.append(try value(plain(raised, operand.element), order: order))
    }
    return (values, order)
  }

  /// The operand whose axes stay where they are.
  private func leader(_ operands: [Operand]) -> Operand? {
    let computed = operands.filter { draft.constant($0.value) == nil }
    let size = { (operand: Operand) in draft.type(operand.value).shape.elementCount }
    let largest = computed.map(size).max()
    let candidates = computed.filter { size($0) == largest }
    return candidates.first { draft.node(making: $0.value) != nil } ?? candidates.first
      ?? operands.first
  }

  /// Applies operators to a value without minding in which order its axes lie.
  mutating func mapped(
    _ operand: Operand, _ body: (inout Importer, DraftValue) throws -> DraftValue
  ) throws -> Operand {
    Operand(
      value: try body(&self, operand.value), order: operand.order, element: operand.element)
  }

  /// Some of the axes as the last ones, everything else before them in the order that it has.
  func order(_ operand: Operand, last axes: [Int]) -> [Int] {
    operand.order.filter { !axes.contains($0) } + axes
  }
}
