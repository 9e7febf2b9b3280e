import EspalierGraph

private typealias Function = Operator.Unary.Function

private func example(
  _ function: Function, _ alpha: Float? = nil, _ beta: Float? = nil,
  of element: ElementType = .float32, in domain: ClosedRange<Double> = -3...3, count: Int = 17
) -> OperatorExample {
  let parameters = [alpha, beta].compactMap { $0.map { ", \($0)" } }.joined()
  return OperatorExample(
    "\(function.label)\(parameters) of \(element.label)",
    .unary(.init(function, alpha: alpha, beta: beta)),
    [.init([2, count], element, in: domain)])
}

/// Every function of one element, with and without its parameters, of every element type.
let unaryExamples: [OperatorExample] =
  [
    example(.absolute, count: 33), example(.absolute, of: .int32, in: -9...9),
    example(.absolute, of: .int64, in: -9...9),
    example(.negate), example(.negate, of: .int32, in: -9...9),
    example(.negate, of: .int64, in: -9...9),
    example(.sign), example(.sign, of: .int32, in: -2...2), example(.sign, of: .int64, in: -2...2),
    example(.exp), example(.log, in: 0.1...9), example(.squareRoot, in: 0.1...9),
    example(.reciprocal, in: 0.5...3),
    example(.floor), example(.ceil), example(.round, in: -40...40),
    example(.erf), example(.sin, in: -20...20), example(.cos, in: -20...20),
    example(.tan, in: -1.2...1.2), example(.asin, in: -0.9...0.9), example(.acos, in: -0.9...0.9),
    example(.atan), example(.sinh), example(.cosh), example(.asinh), example(.acosh, in: 1.1...5),
    example(.atanh, in: -0.9...0.9),
  ] + [
    example(.softplus, in: -20...20), example(.softsign),
    example(.elu, count: 33), example(.elu, 0.5), example(.selu), example(.selu, 1.5, 2),
    example(.celu), example(.celu, 2), example(.celu, -2), example(.leakyRelu, count: 16),
    example(.leakyRelu, 0.3),
    example(.thresholdedRelu), example(.thresholdedRelu, -0.5), example(.hardSigmoid),
    example(.hardSigmoid, 0.7, 0.25), example(.hardSwish, in: -5...5), example(.gelu),
    example(.geluTanh), example(.mish, in: -9...9), example(.swish, count: 15),
    example(.swish, -1.5),
    example(.shrink), example(.shrink, 1, 0.25),
    example(.clip), example(.clip, -1.5, 0.5), example(.clip, -1), example(.clip, nil, 1),
    example(.clip, -2.75, 3.25, of: .int32, in: -9...9),
    example(.clip, nil, 3, of: .int64, in: -9...9), example(.clip, -2, of: .int64, in: -9...9),
  ] + [
    example(.isNaN), example(.isInfinite, in: -6e38...6e38),
    example(.isPositiveInfinite, in: -6e38...6e38), example(.isNegativeInfinite, in: -6e38...6e38),
    example(.not, of: .bool, in: 0...1), example(.not, of: .int32, in: -300...300),
    example(.not, of: .int64, in: -300...300),
  ]
