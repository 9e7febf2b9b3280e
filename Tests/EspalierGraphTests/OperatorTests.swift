import EspalierGraph
import OperatorExamples
import ReferenceOperators
import Testing

@Suite struct OperatorTests {
  @Test(arguments: operatorExamples)
  func shapeRuleEqualsTheReference(_ example: OperatorExample) throws {
    let expected = reference(example.operator, example.operands(seed: 0)).shape
    let found = try example.operator.outputType(of: types(example.shapes))
    #expect(found == TensorType(.float32, Shape(expected)))
  }

  @Test(arguments: operatorExamples)
  func attributesAreReadBack(_ example: OperatorExample) throws {
    let copy = try Operator(example.operator.kind, attributes: example.operator.attributes)
    #expect(copy == example.operator)
  }

  @Test(arguments: operatorExamples)
  func unknownAttributesAreRefused(_ example: OperatorExample) {
    let used = example.operator.attributes
    // No operator has all keys; the last one it lacks is refused wherever it sorts.
    for key in AttributeKey.allCases where !used.contains(where: { $0.key == key }) {
      let attributes = (used + [Attribute(key, .number(1))])
        .sorted { $0.key.rawValue < $1.key.rawValue }
      #expect(throws: OperatorError.self) {
        try Operator(example.operator.kind, attributes: attributes)
      }
    }
  }

  @Test(arguments: operatorExamples)
  func wrongNumbersOfInputsAreRefused(_ example: OperatorExample) {
    let shape = types(example.shapes)
    #expect(throws: OperatorError.self) { try example.operator.outputType(of: []) }
    #expect(throws: OperatorError.self) {
      try example.operator.outputType(of: Array(repeating: shape[0], count: 5000))
    }
  }

  @Test(arguments: operatorExamples)
  func otherElementsAreRefused(_ example: OperatorExample) {
    let inputs = example.shapes.map { TensorType(.int32, $0) }
    #expect(throws: OperatorError.unsupportedElement(input: 0, .int32)) {
      try example.operator.outputType(of: inputs)
    }
  }

  private func types(_ shapes: [Shape]) -> [TensorType] {
    shapes.map { TensorType(.float32, $0) }
  }
}
