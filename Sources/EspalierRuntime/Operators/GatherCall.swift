package import EspalierGraph
package import EspalierKernels

/// `Operator.Gather`, `.GatherElements` and `.GatherND`.
package struct GatherCall: PreparedCall, ElementMover {
  /// What the indices name.
  package let places: Places
  /// What the indices are.
  package let indexElement: ElementType
  private let elementBytes: Int

  private init(_ inputs: [TensorType], _ places: Places) {
    self.places = places
    indexElement = inputs[1].element
    elementBytes = inputs[0].element.byteCount
  }

  init(_ rule: Operator.Gather, _ inputs: [TensorType]) {
    let sizes = inputs[0].shape.sizes
    self.init(
      inputs,
      .axis(
        outer: sizes[..<rule.axis].reduce(1, *), size: sizes[rule.axis],
        inner: sizes[(rule.axis + 1)...].reduce(1, *), indexCount: inputs[1].shape.elementCount))
  }

  init(_ rule: Operator.GatherElements, _ inputs: [TensorType]) {
    self.init(inputs, .elements(ElementPlaces(inputs, axis: rule.axis)))
  }

  init(_ rule: Operator.GatherND, _ inputs: [TensorType]) {
    self.init(inputs, .tuples(TuplePlaces(inputs, batchAxes: rule.batchAxes)))
  }

  /// Computes the output.
  package func run(_ operands: Operands) { move(operands, elementBytes: elementBytes) }

  /// Copies elements of a type.
  package func move<Element: BitwiseCopyable>(
    _ operands: Operands, as type: Element.Type
  ) {
    var result = operands.output(as: type).mutableSpan
    gather(
      operands[0, as: type].span, operands.indices(1, indexElement), places, output: &result)
  }
}

extension ElementPlaces {
  /// The places of indices, the second operand, in the first one.
  init(_ inputs: [TensorType], axis: Int) {
    self.init(array: inputs[0].shape.sizes, indices: inputs[1].shape.sizes, axis: axis)
  }
}

extension TuplePlaces {
  /// The places of tuples of indices, the second operand, in the first one.
  init(_ inputs: [TensorType], batchAxes: Int) {
    let (array, indices) = (inputs[0].shape.sizes, inputs[1].shape)
    let axes = batchAxes..<batchAxes + indices.last
    self.init(
      batches: array[..<batchAxes].reduce(1, *),
      tuplesPerBatch: indices.sizes[batchAxes...].dropLast().reduce(1, *),
      sizes: Array(array[axes]), part: array[axes.upperBound...].reduce(1, *))
  }
}
