import EspalierGraph
package import EspalierKernels

/// `Operator.Transpose`, `.Slice` and `.Expand`: elements of the input in another order, some of them, or repeated.
package struct StridedCall: PreparedCall, ElementMover {
  /// Which element of the input each of the output is.
  package let copy: StridedCopy
  private let elementBytes: Int

  private init(_ type: TensorType, _ copy: StridedCopy) {
    self.copy = copy
    elementBytes = type.element.byteCount
  }

  init(_ rule: Operator.Transpose, _ inputs: [TensorType], _ output: TensorType) {
    let strides = inputs[0].shape.strides
    self.init(
      output,
      StridedCopy(
        offset: 0, sizes: output.shape.sizes, strides: rule.permutation.map { strides[$0] }))
  }

  init(_ rule: Operator.Slice, _ inputs: [TensorType], _ output: TensorType) {
    let (input, ranges) = (inputs[0].shape, rule.ranges)
    let strides = input.strides
    let starts = ranges.indices.map { ranges[$0].bounds(in: input[$0])?.start ?? 0 }
    self.init(
      output,
      StridedCopy(
        offset: starts.indices.reduce(0) { $0 + starts[$1] * strides[$1] },
        sizes: output.shape.sizes, strides: ranges.indices.map { ranges[$0].step * strides[$0] }))
  }

  init(expanding inputs: [TensorType], _ output: TensorType) {
    let input = inputs[0].shape
    let added = Array(repeating: 0, count: output.shape.rank - input.rank)
    self.init(
      output,
      StridedCopy(
        offset: 0, sizes: output.shape.sizes,
        strides: added + zip(input.strides, input.sizes).map { $1 == 1 ? 0 : $0 }))
  }

  /// Computes the output.
  package func run(_ operands: Operands) { move(operands, elementBytes: elementBytes) }

  /// Copies elements of a type.
  package func move<Element: BitwiseCopyable>(_ operands: Operands, as type: Element.Type) {
    var result = operands.output(as: type).mutableSpan
    copyStrided(operands[0, as: type].span, copy, output: &result)
  }
}

extension Shape {
  /// How far apart neighbours along each axis lie, row-major.
  var strides: [Int] {
    var strides = sizes
    var stride = 1
    for axis in sizes.indices.reversed() {
      strides[axis] = stride
      stride *= sizes[axis]
    }
    return strides
  }
}
