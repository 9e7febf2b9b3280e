import EspalierGraph

private typealias Function = Operator.Binary.Function

/// A function of rows and one row that is repeated.
private func example(
  _ function: Function, of element: ElementType = .float32,
  in domain: ClosedRange<Double> = -2...2, and right: ClosedRange<Double>? = nil
) -> OperatorExample {
  OperatorExample(
    "\(function.label) of \(element.label)", .binary(.init(function)),
    [.init([3, 17], element, in: domain), .init([17], element, in: right ?? domain)])
}

private func examples(_ functions: [Function], of element: ElementType) -> [OperatorExample] {
  functions.map { example($0, of: element, in: element == .bool ? 0...1 : -9...9) }
}

private let arithmetic: [Function] = [
  .add, .subtract, .multiply, .divide, .minimum, .maximum, .modulo, .remainder, .prelu,
]
private let relations: [Function] = [.equal, .less, .lessOrEqual, .greater, .greaterOrEqual]
private let logic: [Function] = [.and, .or, .xor]

/// Every function of two elements, of every element type; every kind of broadcasting.
let binaryExamples: [OperatorExample] =
  [
    example(.power, in: 0.2...2, and: -3...3), example(.minimum), example(.maximum),
    example(.modulo, in: -5...5, and: 0.7...2.5), example(.modulo, in: -5...5, and: -2.5...(-0.7)),
    example(.remainder, in: -5...5, and: 0.7...2.5),
    example(.remainder, in: -5...5, and: -2.5...(-0.7)), example(.prelu),
    example(.power, of: .int32, in: -5...5, and: -1...6),
    example(.power, of: .int64, in: -5...5, and: -1...6),
    example(.shiftLeft, of: .int32, in: -99...99, and: 0...12),
    example(.shiftLeft, of: .int64, in: -99...99, and: 0...12),
    example(.shiftRight, of: .int32, in: -99...99, and: 0...9),
    example(.shiftRight, of: .int64, in: -99...99, and: 0...9),
    OperatorExample(
      "prelu by channel", .binary(.init(.prelu)), [[2, 3, 5], .init([5], in: -0.5...0.5)]),
    OperatorExample(
      "power, numbers to a vector", .binary(.init(.power)), [[3, 1], [17]], domain: 0.5...2),
    OperatorExample(
      "less, repeated axes", .binary(.init(.less)),
      [.init([2, 1, 4], .int64, in: -3...3), .init([3, 1], .int64, in: -3...3)]),
    OperatorExample(
      "and, repeated axes", .binary(.init(.and)),
      [.init([2, 4, 1], .bool), .init([1, 5], .bool)]),
  ] + examples(arithmetic, of: .int32) + examples(arithmetic, of: .int64)
  + relations.map { example($0) } + examples(relations, of: .int32)
  + examples(relations, of: .int64)
  + examples(arithmetic, of: .float64) + examples(relations, of: .float64)
  + [example(.power, of: .float64, in: 0.2...2, and: -3...3)]
  + examples([.equal], of: .bool) + examples(logic, of: .bool) + examples(logic, of: .int32)
  + examples(logic, of: .int64)
