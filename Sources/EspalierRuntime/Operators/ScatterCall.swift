package import EspalierGraph
package import EspalierKernels

/// `Operator.ScatterElements` and `.ScatterND`.
package struct ScatterCall: PreparedCall, ElementMover {
  /// What the indices name.
  package let places: Places
  /// What becomes of what they name.
  package let reduction: ScatterKernel
  /// What the indices are.
  package let indexElement: ElementType
  private let element: ElementType

  private init(
    _ inputs: [TensorType], _ places: Places, _ reduction: Operator.ScatterReduction
  ) {
    self.places = places
    self.reduction =
      switch reduction {
      case .replace: .replace
      case .add: .add
      case .multiply: .multiply
      case .maximum: .maximum
      case .minimum: .minimum
      }
    indexElement = inputs[1].element
    element = inputs[0].element
  }

  init(_ rule: Operator.ScatterElements, _ inputs: [TensorType]) {
    self.init(inputs, .elements(ElementPlaces(inputs, axis: rule.axis)), rule.reduction)
  }

  init(_ rule: Operator.ScatterND, _ inputs: [TensorType]) {
    self.init(inputs, .tuples(TuplePlaces(inputs, batchAxes: 0)), rule.reduction)
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    if reduction == .replace {
      move(operands, elementBytes: element.byteCount)
    } else if element == .float32 {
      reduce(operands, as: Float.self)
    } else if element == .int32 {
      reduce(operands, as: Int32.self)
    } else {
      reduce(operands, as: Int64.self)
    }
  }

  /// Copies elements of a type.
  package func move<Element: BitwiseCopyable>(
    _ operands: Operands, as type: Element.Type
  ) {
    let output = operands.output(as: type)
    _ = output.update(fromContentsOf: operands[0, as: type])
    var result = output.mutableSpan
    scatter(
      operands[2, as: type].span, operands.indices(1, indexElement), places, into: &result)
  }

  private func reduce<Element: ScatterElement>(_ operands: Operands, as type: Element.Type) {
    let output = operands.output(as: type)
    _ = output.update(fromContentsOf: operands[0, as: type])
    var result = output.mutableSpan
    scatter(
      operands[2, as: type].span, operands.indices(1, indexElement), places, reduction,
      into: &result)
  }
}
