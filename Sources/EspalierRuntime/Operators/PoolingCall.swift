package import EspalierGraph
package import EspalierKernels

/// `Operator.Pooling`.
package struct PoolingCall: PreparedCall {
  /// How a window becomes one element, and what counts.
  package let rule: Operator.Pooling
  /// How the window slides.
  package let geometry: PoolingGeometry
  private let element: ElementType

  init(_ rule: Operator.Pooling, _ inputs: [TensorType], _ output: TensorType) {
    let (input, window) = (inputs[0].shape, rule.window)
    self.rule = rule
    element = inputs[0].element
    geometry = PoolingGeometry(
      batch: input[0], channels: input.last, inputSize: Extent(spatial: input),
      outputSize: Extent(spatial: output.shape), kernel: Extent(window.kernel),
      stride: Extent(window.stride), dilation: Extent(window.dilation),
      paddingBefore: window.paddingBefore(input), paddingAfter: window.paddingAfter(input))
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    switch rule.function {
    case .maximum: maximum(operands)
    case .maximumIndex: maximumIndex(operands)
    case .average:
      var result = operands.output.mutableSpan
      averagePooling(
        operands[0].span, geometry, includePadding: rule.countsPadding, output: &result)
    case .powerSum:
      var result = operands.output.mutableSpan
      powerPooling(operands[0].span, geometry, power: rule.power, output: &result)
    }
  }

  private func maximum(_ operands: Operands) {
    switch element {
    case .int8:
      var result = operands.output(as: Int8.self).mutableSpan
      maximumPoolingOfIntegers(operands[0, as: Int8.self].span, geometry, output: &result)
    case .uint8:
      var result = operands.output(as: UInt8.self).mutableSpan
      maximumPoolingOfIntegers(operands[0, as: UInt8.self].span, geometry, output: &result)
    case .float32, .float16, .bfloat16, .int32, .int64, .bool, .float64:
      var result = operands.output.mutableSpan
      maximumPooling(operands[0].span, geometry, output: &result)
    }
  }

  private func maximumIndex(_ operands: Operands) {
    var result = operands.output(as: Int64.self).mutableSpan
    switch element {
    case .int8:
      maximumPoolingIndices(operands[0, as: Int8.self].span, geometry, output: &result)
    case .uint8:
      maximumPoolingIndices(operands[0, as: UInt8.self].span, geometry, output: &result)
    case .float32, .float16, .bfloat16, .int32, .int64, .bool, .float64:
      maximumPoolingIndices(operands[0].span, geometry, output: &result)
    }
  }
}

extension Operator.Window {
  /// The padding after each spatial axis.
  fileprivate func paddingAfter(_ input: Shape) -> Extent {
    Extent((0..<rank).map { paddingAmounts($0, input: input[$0 + 1]).after }, missing: 0)
  }
}
