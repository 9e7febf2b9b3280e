// Attributes and operands that the operators of indices, padding and products refuse. To add an operator: what its
// attributes must not be in `hostileAttributes`, which operands it must not take in `hostileOperands`.

import EspalierGraph
import Testing

private struct HostileAttributes: Sendable, CustomStringConvertible {
  let kind: OperatorKind
  let attributes: [Attribute]

  init(_ kind: OperatorKind, _ attributes: (AttributeKey, AttributeValue)...) {
    self.kind = kind
    self.attributes = attributes.map { Attribute($0.0, $0.1) }
  }

  var description: String { "\(kind.label) \(attributes.map { "\($0.key.label) \($0.value)" })" }
}

private let hostileAttributes: [HostileAttributes] = [
  .init(.pad),
  .init(.pad, (.padding, .integers([]))),
  .init(.pad, (.padding, .integers([1, 2, 3]))),
  .init(.pad, (.padding, .integers([-1, 0]))),
  .init(.pad, (.padding, .integers([Int.max, Int.max]))),
  .init(.pad, (.padding, .integers(Array(repeating: 0, count: 18)))),
  .init(.pad, (.padding, .integers([0, 0])), (.mode, .integer(0))),
  .init(.pad, (.padding, .integers([0, 0])), (.mode, .integer(5))),
  .init(.pad, (.padding, .integers([0, 0])), (.mode, .integer(.min))),
  .init(.pad, (.padding, .integer(0))),
  .init(.gather, (.axis, .integer(-1))),
  .init(.gather, (.axis, .integer(0))),
  .init(.gather, (.axis, .integer(.max))),
  .init(.gatherElements, (.axis, .integer(8))),
  .init(.gatherND, (.batchAxes, .integer(-1))),
  .init(.gatherND, (.batchAxes, .integer(.max))),
  .init(.scatterElements, (.axis, .integer(.min))),
  .init(.scatterElements, (.reduction, .integer(6))),
  .init(.scatterND, (.reduction, .integer(.max))),
  .init(.matrixProduct, (.transposesLeft, .integer(0))),
  .init(.matrixProduct, (.transposesRight, .integer(2))),
  .init(.oneHot),
  .init(.oneHot, (.size, .integer(0))),
  .init(.oneHot, (.size, .integer(.max))),
  .init(.oneHot, (.axis, .integer(8)), (.size, .integer(2))),
  .init(.range, (.axis, .integer(-3))),
  .init(.expand, (.shape, .integers([-1]))),
  .init(.expand, (.shape, .integers([-10]))),
  .init(.reshape, (.shape, .integers([.min]))),
  .init(.recurrent),
  .init(.recurrent, (.function, .integer(4))),
  .init(.recurrent, (.function, .integer(1)), (.alpha, .numbers([]))),
  .init(.recurrent, (.function, .integer(1)), (.alpha, .numbers([0, 0, 0]))),
  .init(.recurrent, (.function, .integer(1)), (.beta, .numbers([.nan, 0, 0]))),
  .init(.recurrent, (.function, .integer(1)), (.direction, .integer(3))),
  .init(.recurrent, (.function, .integer(1)), (.linearBeforeReset, .integer(1))),
  .init(.recurrent, (.function, .integer(1)), (.clip, .number(0))),
  .init(.recurrent, (.function, .integer(1)), (.clip, .number(.infinity))),
  .init(.recurrent, (.function, .integer(1)), (.activations, .integers([1, 2]))),
  .init(.recurrent, (.function, .integer(1)), (.activations, .integers([1, 2, 2]))),
  .init(.recurrent, (.function, .integer(1)), (.activations, .integers([1, 2, 12]))),
  .init(.recurrent, (.function, .integer(1)), (.activations, .integers([1, 2, .max]))),
  .init(.recurrent, (.function, .integer(2)), (.couplesGates, .integer(1))),
  .init(.recurrent, (.function, .integer(3)), (.keepsCell, .integer(1))),
  .init(.gridSample, (.mode, .integer(4))),
  .init(.gridSample, (.boundary, .integer(-1))),
  .init(.gridSample, (.boundary, .integer(4))),
  .init(.gridSample, (.alignsCorners, .integer(2))),
]

private struct HostileOperands: Sendable, CustomStringConvertible {
  let `operator`: Operator
  let types: [TensorType]

  init(_ operator: Operator, _ operands: (ElementType, Shape)...) {
    self.operator = `operator`
    types = operands.map { TensorType($0.0, $0.1) }
  }

  var description: String { "\(`operator`) of \(types.map { "\($0.element) \($0.shape)" })" }
}

private let huge = 1 << 62

private let hostileOperands: [HostileOperands] =
  [
    .init(.pad(.init(before: [1], after: [1])), (.float32, [2, 2])),
    .init(.pad(.init(before: [1], after: [])), (.float32, [2])),
    .init(.pad(.init(before: [-1], after: [0])), (.float32, [2])),
    .init(.pad(.init(before: [.max], after: [.max])), (.float32, [2])),
    .init(.pad(.init(before: [.max], after: [0])), (.float32, [2])),
    .init(.pad(.init(before: [huge, huge], after: [0, 0])), (.int8, [2, 2])),
    .init(.pad(.init(.edge, before: [1], after: [1])), (.float32, [0])),
    .init(.pad(.init(.edge, before: [1], after: [1])), (.float32, [2]), (.float32, [])),
    .init(.pad(.init(before: [1], after: [1])), (.float32, [2]), (.float32, [2])),
    .init(.pad(.init(before: [1], after: [1])), (.float32, [2]), (.int32, [])),
    .init(.gather(.init(axis: 1)), (.float32, [2]), (.int64, [1])),
    .init(.gather(.init(axis: -1)), (.float32, [2]), (.int64, [1])),
    .init(.gather(.init()), (.float32, []), (.int64, [1])),
    .init(.gather(.init()), (.float32, [0]), (.int64, [1])),
    .init(.gather(.init()), (.float32, [2, huge]), (.int64, [huge])),
    .init(.gather(.init()), (.float32, [2, 1, 1, 1, 1]), (.int64, [1, 1, 1, 1, 1])),
    .init(.gatherElements(.init()), (.float32, [2, 2]), (.int64, [2])),
    .init(.gatherElements(.init()), (.float32, [2, 2]), (.int64, [2, 3])),
    .init(.gatherElements(.init(axis: 9)), (.float32, [2, 2]), (.int64, [2, 2])),
    .init(.gatherND(.init()), (.float32, [2, 2]), (.int64, [])),
    .init(.gatherND(.init()), (.float32, [2, 2]), (.int64, [1, 3])),
    .init(.gatherND(.init()), (.float32, [2, 2]), (.int64, [1, 0])),
    .init(.gatherND(.init()), (.float32, [0, 2]), (.int64, [1, 1])),
    .init(.gatherND(.init(batchAxes: 1)), (.float32, [2, 2]), (.int64, [3, 1])),
    .init(.gatherND(.init(batchAxes: 2)), (.float32, [2, 2]), (.int64, [2, 2, 1])),
    .init(.gatherND(.init(batchAxes: 3)), (.float32, [2, 2]), (.int64, [2, 2, 2, 1])),
    .init(.gatherND(.init(batchAxes: .max)), (.float32, [2, 2]), (.int64, [2, 1])),
    .init(.scatterElements(.init()), (.float32, [2]), (.int64, [2]), (.float32, [3])),
    .init(.scatterElements(.init()), (.float32, [2]), (.int64, [2]), (.int32, [2])),
    .init(.scatterElements(.init()), (.float32, [2]), (.int64, [2]), (.float32, [2, 1])),
    .init(.scatterND(.init()), (.float32, [2, 3]), (.int64, [4, 1]), (.float32, [4, 2])),
    .init(.scatterND(.init()), (.float32, [2, 3]), (.int64, [4, 1]), (.float32, [4])),
    .init(.scatterND(.init(reduction: .add)), (.int8, [2]), (.int64, [1, 1]), (.int8, [1])),
    .init(.matrixProduct(.init()), (.float32, [2]), (.float32, [2, 2])),
    .init(.matrixProduct(.init()), (.float32, [2, 2]), (.float32, [2])),
    .init(.matrixProduct(.init()), (.float32, [2, 3]), (.float32, [2, 3])),
    .init(.matrixProduct(.init(transposesRight: true)), (.float32, [2, 3]), (.float32, [3, 2])),
    .init(.matrixProduct(.init()), (.float32, [2, 3]), (.int32, [3, 2])),
    .init(.matrixProduct(.init()), (.float32, [2, 2, 3]), (.float32, [3, 3, 2])),
    .init(.matrixProduct(.init()), (.float32, [huge, 3]), (.float32, [3, huge])),
    .init(.oneHot(.init(axis: 2, size: 3)), (.int64, [2])),
    .init(.oneHot(.init(size: 0)), (.int64, [2])),
    .init(.oneHot(.init(size: huge)), (.int64, [8])),
    .init(.oneHot(.init(size: 2)), (.int64, [1, 1, 1, 1, 1, 1, 1, 1])),
    .init(.range(.init(axis: 2)), (.float32, [1, 1])),
    .init(.range(.init()), (.float32, [])),
    .init(.expand(.init([Operator.like(axis: 0)])), (.float32, [1])),
    .init(.expand(.init([3])), (.float32, [1]), (.float32, [3])),
    .init(.expand(.init([Operator.like(axis: 1)])), (.float32, [1]), (.float32, [3])),
    .init(.expand(.init([Operator.like(axis: 0)])), (.float32, [2]), (.float32, [3])),
    .init(.reshape(.init([Operator.like(axis: 0)])), (.float32, [2]), (.float32, [3])),
    .init(.reshape(.init([Operator.like(axis: 0), 0])), (.float32, [2]), (.float32, [0])),
    .init(.gridSample(.init()), (.float32, [2, 3]), (.float32, [2, 0])),
    .init(.gridSample(.init()), (.float32, [1, 1, 1, 1, 1, 1]), (.float32, [1, 1, 1, 1, 1, 4])),
    .init(.gridSample(.init()), (.float32, [2, 3, 3, 1]), (.float32, [2, 3, 2])),
    .init(.gridSample(.init()), (.float32, [2, 3, 3, 1]), (.float32, [3, 3, 3, 2])),
    .init(.gridSample(.init()), (.float32, [2, 3, 3, 1]), (.float32, [2, 3, 3, 3])),
    .init(.gridSample(.init()), (.float32, [2, 0, 3, 1]), (.float32, [2, 3, 3, 2])),
    .init(.gridSample(.init()), (.float32, [1, 3, 3, huge]), (.float32, [1, huge, 3, 2])),
  ] + hostileSequences

private let hostileSequences: [HostileOperands] = [
  .init(.recurrent(.init(.simple)), (.float32, [2, 2, 3]), (.float32, [3, 4])),
  .init(.recurrent(.init(.simple)), (.float32, [2, 6]), (.float32, [6, 4]), (.float32, [4, 4])),
  .init(
    .recurrent(.init(.simple)), (.float32, [2, 2, 3]), (.float32, [2, 4]), (.float32, [4, 4])),
  .init(
    .recurrent(.init(.simple)), (.float32, [2, 2, 3]), (.float32, [3, 5]), (.float32, [4, 4])),
  .init(
    .recurrent(.init(.simple)), (.float32, [2, 2, 3]), (.float32, [3, 4]), (.float32, [4, 5])),
  .init(
    .recurrent(.init(.lstm)), (.float32, [2, 2, 3]), (.float32, [3, huge]), (.float32, [huge, 4])),
  .init(
    .recurrent(.init(.simple)), (.float32, [2, 2, 3]), (.float32, [3, 4]), (.float32, [4, 4]),
    (.float32, [8])),
  .init(
    .recurrent(.init(.simple)), (.float32, [2, 2, 3]), (.float32, [3, 4]), (.float32, [4, 4]),
    (.float32, [1, 4])),
  .init(
    .recurrent(.init(.simple)), (.float32, [2, 2, 3]), (.float32, [3, 4]), (.float32, [4, 4]),
    (.float32, [2, 4]), (.float32, [3, 4])),
  .init(
    .recurrent(.init(.simple)), (.float32, [2, 2, 3]), (.float32, [3, 4]), (.float32, [4, 4]),
    (.float32, [2, 4]), (.float32, [2, 4]), (.float32, [2, 4])),
  .init(
    .recurrent(.init(.simple, hasLengths: true)), (.float32, [2, 2, 3]), (.float32, [3, 4]),
    (.float32, [4, 4])),
  .init(
    .recurrent(.init(.simple, hasLengths: true)), (.float32, [2, 2, 3]), (.float32, [3, 4]),
    (.float32, [4, 4]), (.int64, [3])),
  .init(
    .recurrent(.init(.lstm, activations: [])), (.float32, [2, 2, 3]), (.float32, [3, 16]),
    (.float32, [4, 16])),
  .init(
    .recurrent(.init(.simple, clip: .nan)), (.float32, [2, 2, 3]), (.float32, [3, 4]),
    (.float32, [4, 4])),
]

@Suite struct IndexOperatorTests {
  @Test(arguments: hostileAttributes)
  private func hostileAttributesAreRefused(_ example: HostileAttributes) {
    #expect(throws: OperatorError.self) {
      try Operator(example.kind, attributes: example.attributes)
    }
  }

  @Test(arguments: hostileOperands)
  private func hostileOperandsAreRefused(_ example: HostileOperands) {
    #expect(throws: OperatorError.self) { try example.operator.outputType(of: example.types) }
  }
}
