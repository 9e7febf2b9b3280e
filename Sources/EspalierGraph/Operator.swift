/// The number of an operator in files; a number's meaning never changes.
public enum OperatorKind: UInt32, Sendable, CaseIterable {
  /// `Dense`.
  case dense = 1
  /// `Convolution`.
  case convolution = 2
  /// `Pooling`.
  case pooling = 3
  /// `Unary`.
  case unary = 4
  /// `Binary`.
  case binary = 5
  /// `Softmax`.
  case softmax = 6
  /// `Reshape`.
  case reshape = 7
  /// `Transpose`.
  case transpose = 8
  /// `Slice`.
  case slice = 9
  /// `Expand`.
  case expand = 10
  /// `Concatenate`.
  case concatenate = 11

  /// The operator's name in the schema.
  public var label: String {
    switch self {
    case .dense: "dense"
    case .convolution: "convolution"
    case .pooling: "pooling"
    case .unary: "unary"
    case .binary: "binary"
    case .softmax: "softmax"
    case .reshape: "reshape"
    case .transpose: "transpose"
    case .slice: "slice"
    case .expand: "expand"
    case .concatenate: "concatenate"
    }
  }
}

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

  /// The shape rule: the type of the output for as many inputs as `inputCounts` allows.
  func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType

  /// The multiplications followed by an addition that computing the output takes.
  func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int
}

extension OperatorRule {
  /// Zero: most operators multiply and add nothing worth counting.
  package func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int { 0 }
}

/// What a node computes: one of a closed set of operators with its attributes.
public enum Operator: Sendable, Equatable {
  /// A fully connected layer.
  case dense(Dense)
  /// A convolution over one to three spatial axes.
  case convolution(Convolution)
  /// A maximum or average over windows.
  case pooling(Pooling)
  /// A function of each element.
  case unary(Unary)
  /// A function of pairs of elements, with broadcasting.
  case binary(Binary)
  /// A normalised exponential over the last axis.
  case softmax(Softmax)
  /// The same elements in another shape.
  case reshape(Reshape)
  /// The same elements with their axes in another order.
  case transpose(Transpose)
  /// Some elements along each axis.
  case slice(Slice)
  /// The same elements, repeated.
  case expand(Expand)
  /// Inputs one after the other.
  case concatenate(Concatenate)

  /// Makes the operator of a kind, refusing missing, wrong and unknown attributes.
  public init(_ kind: OperatorKind, attributes: [Attribute]) throws(OperatorError) {
    var reader = try AttributeReader(attributes)
    switch kind {
    case .dense: self = .dense(try Dense(reading: &reader))
    case .convolution: self = .convolution(try Convolution(reading: &reader))
    case .pooling: self = .pooling(try Pooling(reading: &reader))
    case .unary: self = .unary(try Unary(reading: &reader))
    case .binary: self = .binary(try Binary(reading: &reader))
    case .softmax: self = .softmax(try Softmax(reading: &reader))
    case .reshape: self = .reshape(try Reshape(reading: &reader))
    case .transpose: self = .transpose(try Transpose(reading: &reader))
    case .slice: self = .slice(try Slice(reading: &reader))
    case .expand: self = .expand(try Expand(reading: &reader))
    case .concatenate: self = .concatenate(try Concatenate(reading: &reader))
    }
    try reader.finish()
  }

  /// The operator's number in files.
  public var kind: OperatorKind {
    switch self {
    case .dense: .dense
    case .convolution: .convolution
    case .pooling: .pooling
    case .unary: .unary
    case .binary: .binary
    case .softmax: .softmax
    case .reshape: .reshape
    case .transpose: .transpose
    case .slice: .slice
    case .expand: .expand
    case .concatenate: .concatenate
    }
  }

  /// The attributes in ascending order of their keys, defaults left out.
  public var attributes: [Attribute] {
    switch self {
    case .dense(let rule): rule.attributes
    case .convolution(let rule): rule.attributes
    case .pooling(let rule): rule.attributes
    case .unary(let rule): rule.attributes
    case .binary(let rule): rule.attributes
    case .softmax(let rule): rule.attributes
    case .reshape(let rule): rule.attributes
    case .transpose(let rule): rule.attributes
    case .slice(let rule): rule.attributes
    case .expand(let rule): rule.attributes
    case .concatenate(let rule): rule.attributes
    }
  }

  /// The shape rule, with the number of inputs checked first.
  public func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
    switch self {
    case .dense(let rule): try checked(rule, inputs)
    case .convolution(let rule): try checked(rule, inputs)
    case .pooling(let rule): try checked(rule, inputs)
    case .unary(let rule): try checked(rule, inputs)
    case .binary(let rule): try checked(rule, inputs)
    case .softmax(let rule): try checked(rule, inputs)
    case .reshape(let rule): try checked(rule, inputs)
    case .transpose(let rule): try checked(rule, inputs)
    case .slice(let rule): try checked(rule, inputs)
    case .expand(let rule): try checked(rule, inputs)
    case .concatenate(let rule): try checked(rule, inputs)
    }
  }

  /// The multiplications followed by an addition that computing the output takes.
  public func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int {
    switch self {
    case .dense(let rule): rule.multiplyAdds(inputs: inputs, output: output)
    case .convolution(let rule): rule.multiplyAdds(inputs: inputs, output: output)
    case .pooling(let rule): rule.multiplyAdds(inputs: inputs, output: output)
    case .unary(let rule): rule.multiplyAdds(inputs: inputs, output: output)
    case .binary(let rule): rule.multiplyAdds(inputs: inputs, output: output)
    case .softmax(let rule): rule.multiplyAdds(inputs: inputs, output: output)
    case .reshape(let rule): rule.multiplyAdds(inputs: inputs, output: output)
    case .transpose(let rule): rule.multiplyAdds(inputs: inputs, output: output)
    case .slice(let rule): rule.multiplyAdds(inputs: inputs, output: output)
    case .expand(let rule): rule.multiplyAdds(inputs: inputs, output: output)
    case .concatenate(let rule): rule.multiplyAdds(inputs: inputs, output: output)
    }
  }

  private func checked<Rule: OperatorRule>(
    _ rule: Rule, _ inputs: [TensorType]
  ) throws(OperatorError) -> TensorType {
    let counts = Rule.inputCounts
    guard counts.contains(inputs.count) else {
      throw .wrongInputCount(
        found: inputs.count, minimum: counts.lowerBound, maximum: counts.upperBound)
    }
    for (index, input) in inputs.enumerated() where input.element != .float32 {
      throw .unsupportedElement(input: index, input.element)
    }
    let output = try rule.outputType(of: inputs)
    guard output.checkedByteCount != nil, output.shape.rank <= Shape.maximumRank else {
      throw .tooLarge
    }
    return output
  }
}
