public import EspalierGraph

/// The labels of the columns of a value.
struct ColumnLabels {
  let names: [Name]
  /// The axis that the columns lie along, counted from the last one.
  let axisFromEnd: Int
  /// Whether the numbers are known to be probabilities.
  let areProbabilities: Bool
  /// Whether the columns are scores of two classes, and one is the other's negative.
  var areOpposite = false
}

/// An output of a document that is text, which no head gives.
public struct TextOutput: Sendable, Equatable {
  /// The output.
  public let name: Name
  /// The heads whose labels the texts are.
  public let heads: [Name]

  /// Names what tells an output.
  public init(name: Name, heads: [Name]) {
    self.name = name
    self.heads = heads
  }
}

/// Text in documents: models have none, but the names of classes, which become the labels of heads.
///
/// A tensor of texts is one of integers in the draft, with the list of texts that these are places in. Operators that move
/// elements move the integers; an output that is text is told by the labels of the scores that it was chosen by.
extension Importer {
  /// Operators that work on text: those that move elements, and those that read their texts.
  private static let textOperators: [String: Set<String>] = [
    ONNXDomain.onnx: [
      "Cast", "Concat", "Constant", "Expand", "Flatten", "Gather", "Identity", "Reshape", "Slice",
      "Squeeze", "Transpose", "Unsqueeze",
    ],
    ONNXDomain.machineLearning: ["ArrayFeatureExtractor", "LabelEncoder"],
  ]

  /// The texts that a node reads first, or nil when it reads none.
  func texts(readBy node: ONNXNode) throws -> [Name]? {
    let tables = node.inputs.indices.compactMap { operand(node, $0)?.texts }
    guard let first = tables.first else { return nil }
    guard Self.textOperators[node.domain]?.contains(node.operatorType) ?? false else {
      throw ImportProblem.worksOnText
    }
    return first
  }

  /// A constant of texts.
  mutating func constant(texts tensor: ONNXTensor) throws -> Operand {
    try draft.budget.take(TensorType(.int64, Shape(tensor.dimensions)))
    let places = Constant(tensor.dimensions, tensor.strings.indices.map { Int64($0) })
    let value = draft.addConstant(places, name: tensor.name)
    return Operand(
      value: value, order: Array(tensor.dimensions.indices), element: .string,
      texts: tensor.strings)
  }

  /// Operands of texts as places in one list of all their texts; others as they are.
  mutating func withOneTable(_ operands: [Operand]) throws -> [Operand] {
    guard operands.contains(where: { $0.texts != nil }) else { return operands }
    let texts = operands.flatMap { $0.texts ?? [] }
    var start = 0
    return try operands.map { operand in
      guard let own = operand.texts else { throw ImportProblem("only some of its inputs are text") }
      defer { start += own.count }
      return Operand(
        value: start == 0 ? operand.value : try binary(.add, operand.value, number: Double(start)),
        order: operand.order, element: .string, texts: texts)
    }
  }

  /// Texts that are written numbers as these numbers.
  mutating func numbers(_ operand: Operand, _ texts: [Name], as element: ONNXElementType) throws
    -> Operand
  {
    guard let computed = element.computedElement else {
      throw ImportProblem("elements of type \(element) are not supported")
    }
    let numbers = try texts.map { text in
      guard let number = Double("\(text)") else {
        throw ImportProblem("it casts text that is no number", remedy: ImportProblem.encodeTexts)
      }
      return number
    }
    let list = try cast(
      draft.addConstant(Constant([numbers.count], numbers)), to: computed)
    return Operand(
      value: try draft.emit(.gather(.init(axis: 0)), [list, operand.value]), order: operand.order,
      element: element)
  }

  // MARK: labels of columns

  /// Notes what the columns of a value are called: those of its last axis, or of another one counted from the end.
  mutating func noteLabels(
    _ names: [Name], of value: DraftValue, axisFromEnd: Int = 0, areProbabilities: Bool = false,
    areOpposite: Bool = false
  ) {
    let known = columnLabels[value]
    columnLabels[value] = ColumnLabels(
      names: names, axisFromEnd: axisFromEnd,
      areProbabilities: areProbabilities || known?.areProbabilities ?? false,
      areOpposite: areOpposite || known?.areOpposite ?? false)
  }

  /// Notes what the columns are called that an index tells the largest of, when it is an index into a constant list.
  mutating func noteClasses(_ list: Operand, byIndex index: DraftValue) {
    guard let chosen = largest(index), let constant = draft.constant(list.value) else { return }
    let places = constant.integers ?? constant.numbers.map { Int(nearest: $0) }
    let names = list.texts.map { texts in places.map { texts[$0] } } ?? places.map { Name("\($0)") }
    guard let labels = names.picked(chosen.places) else { return }
    noteLabels(labels, of: chosen.scores, axisFromEnd: chosen.axisFromEnd)
  }

  /// Notes what the columns are called that a number tells the largest of; `names` has that of no key first.
  mutating func noteLabels(of number: Operand, keys: [Double], names: [Name]) {
    guard let chosen = largest(number.value) else { return }
    let labels = chosen.places.map { place in
      names[(keys.lastIndex(of: Double(place)) ?? -1) + 1]
    }
    noteLabels(labels, of: chosen.scores, axisFromEnd: chosen.axisFromEnd)
  }

  /// Scores of which a value tells the largest, and what it is for each of their columns.
  private struct Choice {
    let scores: DraftValue
    let axisFromEnd: Int
    let places: [Int]
  }

  /// What a value tells the largest of; nil when it tells something else.
  private func largest(_ value: DraftValue) -> Choice? {
    var value = value
    var lists: [[Int]] = []
    while let node = draft.node(making: value) {
      if case .argReduction(let rule) = node.operator {
        let scores = node.inputs[0]
        let counts = draft.sizes(scores).map { $0[rule.axis] }
        guard rule.function == .maximum, counts.allSatisfy({ $0 == counts[0] }) else { return nil }
        var places = Array(0..<counts[0])
        for list in lists.reversed() {
          guard let next = list.picked(places) else { return nil }
          places = next
        }
        return Choice(
          scores: scores, axisFromEnd: draft.rank(scores) - 1 - rule.axis, places: places)
      }
      if case .gather(let rule) = node.operator {
        guard rule.axis == 0, let list = draft.constant(node.inputs[0]), list.type.shape.rank == 1,
          let numbers = list.integers
        else { return nil }
        lists.append(numbers)
        value = node.inputs[1]
      } else if node.operator.keepsElements {
        value = node.inputs[0]
      } else {
        return nil
      }
    }
    return nil
  }

  /// What the columns of a value are called: as noted for it, or for what it is made of column by column.
  func labels(of value: DraftValue) -> ColumnLabels? {
    guard let count = draft.type(value).shape.sizes.last, count > 1 else { return nil }
    var waiting = [(value: value, axis: 0)]
    var seen: Set<DraftValue> = []
    while let (next, axis) = waiting.popLast(), seen.count < Self.labelSearch {
      let rank = draft.rank(next)
      guard axis < rank, seen.insert(next).inserted,
        draft.sizes(next).allSatisfy({ $0[rank - 1 - axis] == count })
      else { continue }
      if let found = columnLabels[next], found.axisFromEnd == axis, found.names.count == count {
        return ColumnLabels(
          names: found.names, axisFromEnd: 0,
          areProbabilities: found.areProbabilities || draft.isNeverNegative(value))
      }
      guard let node = draft.node(making: next) else { continue }
      if case .transpose(let rule) = node.operator {
        waiting.append((node.inputs[0], rank - 1 - rule.permutation[rank - 1 - axis]))
      } else if node.operator.keepsColumns, axis == 0 || !node.operator.keepsElements {
        waiting += node.inputs.map { ($0, axis) }
      }
    }
    return nil
  }

  /// The labels of two opposite scores of which a value is the second one, above 0 where its class is likelier.
  func labels(ofSecondScore value: DraftValue) -> ColumnLabels? {
    guard draft.type(value).shape.sizes.last == 1, let node = draft.node(making: value),
      case .gather(let rule) = node.operator, rule.axis == draft.rank(value) - 1,
      draft.constant(node.inputs[1])?.integers == [1],
      let scores = columnLabels[node.inputs[0]], scores.areOpposite
    else { return nil }
    return scores
  }

  /// The most values that a search for labels looks at.
  private static let labelSearch = 256
}

extension ImportProblem {
  /// What to do about text that a network would have to read.
  static let encodeTexts =
    "turn texts into numbers outside, and convert the part of the network behind that"

  static let worksOnText = ImportProblem(
    "it works on text, and models hold only numbers", remedy: encodeTexts)
}

extension Array {
  /// The elements at places; nil when there is none at one of them.
  fileprivate func picked(_ places: [Int]) -> [Element]? {
    guard places.allSatisfy(indices.contains) else { return nil }
    return places.map { self[$0] }
  }
}

extension Operator {
  /// Whether each column of the result is made of the same column of the operands, or of all of them.
  fileprivate var keepsColumns: Bool {
    switch self {
    case .unary, .binary, .softmax, .cast, .select, .reshape, .normalization: true
    case .dense, .convolution, .transposedConvolution, .pooling, .transpose, .slice, .expand,
      .concatenate, .pad, .matrixProduct, .gather, .gatherElements, .gatherND, .scatterElements,
      .scatterND, .oneHot, .range, .quantize, .dequantize, .reduction, .argReduction,
      .localResponseNormalization, .resize, .cumulativeSum, .topK, .recurrent, .gridSample:
      false
    }
  }

  /// Whether the result is the operand's elements in another shape or type.
  fileprivate var keepsElements: Bool {
    if case .reshape = self { return true }
    if case .transpose = self { return true }
    if case .cast = self { return true }
    return false
  }
}
