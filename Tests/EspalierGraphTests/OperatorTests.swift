import EspalierGraph
import OperatorExamples
import ReferenceOperators
import Testing

@Suite struct OperatorTests {
  @Test(arguments: operatorExamples)
  func shapeRuleEqualsTheReference(_ example: OperatorExample) throws {
    let expected = reference(example.operator, example.operands(seed: 0)).shape
    let found = try example.operator.outputType(of: example.types)
    #expect(found.shape == Shape(expected))
  }

  @Test(arguments: operatorExamples)
  func attributesAreReadBack(_ example: OperatorExample) throws {
    let copy = try Operator(example.operator.kind, attributes: example.operator.attributes)
    #expect(copy == example.operator)
  }

  @Test(arguments: operatorExamples)
  func attributesThatAreAddedAreRefusedOrKept(_ example: OperatorExample) {
    let used = example.operator.attributes
    // What an operator does not say of itself again, it must not take.
    for key in AttributeKey.allCases where !used.contains(where: { $0.key == key }) {
      let attributes = (used + [Attribute(key, .number(.nan))])
        .sorted { $0.key.rawValue < $1.key.rawValue }
      let read = try? Operator(example.operator.kind, attributes: attributes)
      #expect(read == nil || read?.attributes == attributes, "\(key.label)")
    }
  }

  @Test(arguments: operatorExamples)
  func wrongNumbersOfInputsAreRefused(_ example: OperatorExample) {
    let types = example.types
    #expect(throws: OperatorError.self) { try example.operator.outputType(of: []) }
    #expect(throws: OperatorError.self) {
      try example.operator.outputType(of: Array(repeating: types[0], count: 5000))
    }
  }

  @Test(arguments: operatorExamples)
  func elementsThatAreNotAcceptedAreRefused(_ example: OperatorExample) {
    for (position, operand) in example.inputs.enumerated() {
      for element in ElementType.allCases
      where !example.operator.accept(Acceptance(element: element, input: position)) {
        var types = example.types
        types[position] = TensorType(element, operand.shape)
        #expect(throws: OperatorError.unsupportedElement(input: position, element)) {
          try example.operator.outputType(of: types)
        }
      }
    }
  }
}

private struct Acceptance: RuleVisitor {
  let element: ElementType
  let input: Int

  func visit<Rule: OperatorRule>(_ rule: Rule) -> Bool { rule.accepts(element, input: input) }
}
