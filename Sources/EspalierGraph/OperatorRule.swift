/// What every operator says of itself.
package protocol OperatorRule: Sendable, Equatable {
  /// The operator's number.
  static var kind: OperatorKind { get }

  /// How many inputs a node may have.
  static var inputCounts: ClosedRange<Int> { get }

  /// Takes the operator's attributes, refusing missing, wrong and unknown ones.
  init(reading attributes: inout AttributeReader) throws(OperatorError)

  /// The attributes in ascending order of their keys, defaults left out.
  var attributes: [Attribute] { get }

  /// Whether an input may have elements of a type.
  func accepts(_ element: ElementType, input: Int) -> Bool

  /// The shape rule: the type of the output for as many inputs as `inputCounts` allows, of types that it accepts.
  func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType

  /// The multiplications followed by an addition that computing the output takes.
  func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int
}

extension OperatorRule {
  /// Whether an element is float32: most operators compute with nothing else.
  package func accepts(_ element: ElementType, input: Int) -> Bool { element == .float32 }

  /// Zero: most operators multiply and add nothing worth counting.
  package func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int { 0 }

  /// The output type, with the number of inputs and their elements checked before, the number of elements after.
  func checkedOutputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
    let counts = Self.inputCounts
    guard counts.contains(inputs.count) else {
      throw .wrongInputCount(
        found: inputs.count, minimum: counts.lowerBound, maximum: counts.upperBound)
    }
    for (index, input) in inputs.enumerated() where !accepts(input.element, input: index) {
      throw .unsupportedElement(input: index, input.element)
    }
    let output = try outputType(of: inputs)
    guard output.checkedByteCount != nil, output.shape.rank <= Shape.maximumRank else {
      throw .tooLarge
    }
    return output
  }
}

/// A generic function of rules: what is done with an operator whichever it is.
package protocol RuleVisitor {
  /// What comes of it.
  associatedtype Result
  /// What may go wrong.
  associatedtype Failure: Error

  /// Does it with a rule.
  func visit<Rule: OperatorRule>(_ rule: Rule) throws(Failure) -> Result
}

struct KindVisitor: RuleVisitor {
  func visit<Rule: OperatorRule>(_ rule: Rule) -> OperatorKind { Rule.kind }
}

struct AttributesVisitor: RuleVisitor {
  func visit<Rule: OperatorRule>(_ rule: Rule) -> [Attribute] { rule.attributes }
}

struct OutputTypeVisitor: RuleVisitor {
  let inputs: [TensorType]

  func visit<Rule: OperatorRule>(_ rule: Rule) throws(OperatorError) -> TensorType {
    try rule.checkedOutputType(of: inputs)
  }
}

struct AcceptsVisitor: RuleVisitor {
  let elements: [ElementType]

  func visit<Rule: OperatorRule>(_ rule: Rule) -> Bool {
    elements.indices.allSatisfy { rule.accepts(elements[$0], input: $0) }
  }
}

struct MultiplyAddsVisitor: RuleVisitor {
  let inputs: [TensorType]
  let output: TensorType

  func visit<Rule: OperatorRule>(_ rule: Rule) -> Int {
    rule.multiplyAdds(inputs: inputs, output: output)
  }
}
