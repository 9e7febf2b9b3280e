package import EspalierGraph
package import EspalierKernels

/// `Operator.Binary`.
package struct BinaryCall: PreparedCall {
  private enum Kernel {
    case arithmetic(BinaryKernel)
    case comparison(ComparisonKernel)
    case bits(BitKernel)
    case logic(LogicKernel)
  }

  /// The function.
  package let function: Operator.Binary.Function
  /// The order of the elements.
  package let walk: BroadcastWalk<2>
  private let kernel: Kernel
  private let element: ElementType

  init(_ rule: Operator.Binary, _ inputs: [TensorType], _ output: TensorType) {
    function = rule.function
    element = inputs[0].element
    walk = BroadcastWalk([inputs[0].shape.sizes, inputs[1].shape.sizes], to: output.shape.sizes)
    kernel = Self.kernel(function, ofBool: element == .bool)
  }

  private static func kernel(_ function: Operator.Binary.Function, ofBool: Bool) -> Kernel {
    switch function {
    case .add: .arithmetic(.add)
    case .subtract: .arithmetic(.subtract)
    case .multiply: .arithmetic(.multiply)
    case .divide: .arithmetic(.divide)
    case .power: .arithmetic(.power)
    case .minimum: .arithmetic(.minimum)
    case .maximum: .arithmetic(.maximum)
    case .modulo: .arithmetic(.modulo)
    case .remainder: .arithmetic(.remainder)
    case .equal: ofBool ? .logic(.equal) : .comparison(.equal)
    case .less: .comparison(.less)
    case .lessOrEqual: .comparison(.lessOrEqual)
    case .greater: .comparison(.greater)
    case .greaterOrEqual: .comparison(.greaterOrEqual)
    case .and: ofBool ? .logic(.and) : .bits(.and)
    case .or: ofBool ? .logic(.or) : .bits(.or)
    case .xor: ofBool ? .logic(.xor) : .bits(.xor)
    case .shiftLeft: .bits(.shiftLeft)
    case .shiftRight: .bits(.shiftRight)
    case .prelu: .arithmetic(.prelu)
    }
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    switch kernel {
    case .arithmetic(let function): run(function, operands)
    case .comparison(let relation): run(relation, operands)
    case .bits(let function): run(function, operands)
    case .logic(let function):
      var result = operands.output(as: UInt8.self).mutableSpan
      logic(
        function, operands[0, as: UInt8.self].span, operands[1, as: UInt8.self].span, walk,
        output: &result)
    }
  }

  private func run(_ function: BinaryKernel, _ operands: Operands) {
    switch element {
    case .int32:
      var result = operands.output(as: Int32.self).mutableSpan
      binary(
        function, operands[0, as: Int32.self].span, operands[1, as: Int32.self].span, walk,
        output: &result)
    case .int64:
      var result = operands.output(as: Int64.self).mutableSpan
      binary(
        function, operands[0, as: Int64.self].span, operands[1, as: Int64.self].span, walk,
        output: &result)
    case .float64:
      var result = operands.output(as: Double.self).mutableSpan
      binary(
        function, operands[0, as: Double.self].span, operands[1, as: Double.self].span, walk,
        output: &result)
    default:
      var result = operands.output.mutableSpan
      binary(function, operands[0].span, operands[1].span, walk, output: &result)
    }
  }

  private func run(_ relation: ComparisonKernel, _ operands: Operands) {
    var result = operands.output(as: UInt8.self).mutableSpan
    switch element {
    case .int32:
      compare(
        relation, operands[0, as: Int32.self].span, operands[1, as: Int32.self].span, walk,
        output: &result)
    case .int64:
      compare(
        relation, operands[0, as: Int64.self].span, operands[1, as: Int64.self].span, walk,
        output: &result)
    case .float64:
      compare(
        relation, operands[0, as: Double.self].span, operands[1, as: Double.self].span, walk,
        output: &result)
    default:
      compare(relation, operands[0].span, operands[1].span, walk, output: &result)
    }
  }

  private func run(_ function: BitKernel, _ operands: Operands) {
    if element == .int32 {
      var result = operands.output(as: Int32.self).mutableSpan
      bits(
        function, operands[0, as: Int32.self].span, operands[1, as: Int32.self].span, walk,
        output: &result)
    } else {
      var result = operands.output(as: Int64.self).mutableSpan
      bits(
        function, operands[0, as: Int64.self].span, operands[1, as: Int64.self].span, walk,
        output: &result)
    }
  }
}
